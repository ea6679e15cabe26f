internal import Domain
internal import Store

/// An incident in JSON.
struct IncidentAnswer: Encodable {
    struct Reference: Encodable { let id, name: String }
    struct Link: Encodable { let title, url: String }
    /// One of several alerts that share the incident.
    struct Alert: Encodable {
        let dedupKey, title: String
        let isFiring: Bool
        let startsAt: String?
    }

    let id: String
    let number: Int
    let url: String
    let state: String
    package let title: String
    let description: String
    let severity: String
    let urgency: String
    let team: Reference
    let source: Reference?
    let policy: Reference
    let dedupKey: String
    let labels: [String: String]
    let links: [Link]
    let alertCount: Int
    /// Nil unless the source groups its alerts.
    let alerts: [Alert]?
    /// The maintenance window that holds the incident.
    let heldBy: String?
    let openedAt: String
    let updatedAt: String
    let lastAlertAt: String
    let nextEscalationAt: String?
    let acknowledgedBy: String?
    let acknowledgedAt: String?
    let acknowledgedUntil: String?
    let resolvedBy: String?
    let resolvedAt: String?

    init(_ incident: Incident, configuration: Configuration, baseURL: String) {
        id = incident.id.rawValue
        number = incident.number
        url = "\(baseURL)/incidents/\(incident.number)"
        state = incident.state.name.rawValue
        title = incident.title
        description = incident.text
        severity = incident.severity.rawValue
        urgency = incident.urgency.rawValue
        team = Reference(id: incident.teamID.rawValue, name: configuration.teams[incident.teamID]?.name ?? "")
        source = incident.sourceID.map { Reference(id: $0.rawValue, name: configuration.source($0)?.name ?? "") }
        policy = Reference(id: incident.policy.id.rawValue, name: incident.policy.name)
        dedupKey = incident.dedupKey.rawValue
        labels = incident.labels
        links = incident.links.map { Link(title: $0.title, url: $0.url) }
        alertCount = incident.alertCount
        alerts =
            incident.alerts.isEmpty
            ? nil
            : incident.alerts.sorted { $0.key < $1.key }.map { key, alert in
                Alert(dedupKey: key, title: alert.title, isFiring: alert.isFiring, startsAt: alert.startsAt?.rfc3339)
            }
        if case .triggered(.held(_, let window)) = incident.state { heldBy = window } else { heldBy = nil }
        openedAt = incident.openedAt.rfc3339
        updatedAt = incident.updatedAt.rfc3339
        lastAlertAt = incident.lastAlertAt.rfc3339
        nextEscalationAt = incident.nextEscalationAt?.rfc3339
        var acknowledged: (by: String?, at: String?, until: String?)
        var resolved: (by: String?, at: String?)
        switch incident.state {
        case .triggered: break
        case .acknowledged(let by, let at, let until, _): acknowledged = (by.name, at.rfc3339, until?.rfc3339)
        case .resolved(let by, let at): resolved = (by.name, at.rfc3339)
        }
        (acknowledgedBy, acknowledgedAt, acknowledgedUntil) = acknowledged
        (resolvedBy, resolvedAt) = resolved
    }
}

/// A timeline entry in JSON.
struct TimelineAnswer: Encodable {
    let at: String
    let author: String
    let authorKind: String
    let via: String?
    let text: String

    init(_ entry: TimelineEntry) {
        at = entry.at.rfc3339
        author = entry.author.name
        authorKind = entry.author.kind.rawValue
        via = entry.author.via
        text = entry.event.sentence
    }
}

/// A page in JSON, as in the log of notifications.
struct PageAnswer: Encodable {
    let id: String
    let incident: Int?
    let user: String
    let userID: String
    let channel: String
    let address: String
    let urgency: String
    let state: String
    let attempts: Int
    let provider: String?
    let fault: String?
    let possibleDuplicate: Bool
    let queuedAt: String
    let dueAt: String
    let sentAt: String?
    let finishedAt: String?

    /// - Parameter reader: decides what is shown of the address.
    init(_ record: PageRecord, to reader: UserID, _ configuration: Configuration) {
        let page = record.page
        let shown = ShownAddress(page, to: reader, configuration)
        id = page.id.rawValue
        incident = record.incidentNumber
        user = configuration.name(of: page.userID)
        userID = page.userID.rawValue
        channel = page.channel.rawValue
        address = shown.description
        urgency = page.urgency.rawValue
        state = page.state.rawValue
        attempts = page.attempts
        provider = record.provider
        fault = page.fault.map { shown.hiding(in: $0) }
        possibleDuplicate = page.isPossibleDuplicate
        queuedAt = record.queuedAt.rfc3339
        dueAt = page.dueAt.rfc3339
        sentAt = record.sentAt?.rfc3339
        finishedAt = record.finishedAt?.rfc3339
    }
}
