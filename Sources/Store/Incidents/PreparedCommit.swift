internal import Database
internal import Domain

/// A commit with the rows that it writes. They are made before the transaction begins, so that nobody waits for them.
struct PreparedCommit {
    /// What becomes of the incident's own row.
    enum Head {
        case insertion([SQLValue])
        case update([SQLValue])
        case count([SQLValue])
    }

    let commit: Commit
    /// Its place among the commits.
    let place: Int
    /// The incident with its new version. A new one gets its number last.
    private(set) var after: Incident
    private(set) var head: Head
    let entries: [[SQLValue]]
    let pages: [[SQLValue]]
    /// Has the index of texts look at the incident again. Nil if no text changed. New incidents are found by their numbers.
    let textChange: [SQLValue]?

    init(
        _ commit: Commit, _ place: Int, at now: Timestamp, _ identifiers: Identifiers, _ policies: inout PolicyTexts
    ) {
        var after = commit.transition.incident
        after.version = (commit.before?.version ?? 0) + 1
        self.commit = commit
        self.place = place
        self.after = after
        if let before = commit.before {
            if let count = IncidentRow.counted(before, after) {
                head = .count(count)
            } else {
                let policy = before.policy == after.policy ? nil : policies.text(of: after.policy)
                head = .update(IncidentRow.updated(before, after, policy: policy))
            }
        } else {
            head = .insertion(IncidentRow.inserted(after, policy: policies.text(of: after.policy)))
        }
        entries = commit.transition.entries.map {
            $0.row(incident: after.id, version: after.version, id: identifiers.next())
        }
        pages = commit.transition.pages.map { $0.row(of: after, id: identifiers.next(), at: now) }
        textChange = commit.changesTexts ? SearchChange.row(of: after.number, id: identifiers.next(), at: now) : nil
    }

    mutating func take(number: Int) {
        guard case .insertion(var row) = head else { return }
        after.number = number
        row[IncidentRow.numberPlace] = number.sqlValue
        head = .insertion(row)
    }
}

/// The texts of policies. Incidents of one batch mostly share one.
struct PolicyTexts {
    private var known: [PolicyID: (policy: EscalationPolicy, text: String)] = [:]

    mutating func text(of policy: EscalationPolicy) -> String {
        if let known = known[policy.id], known.policy == policy { return known.text }
        let text = policy.storedText
        known[policy.id] = (policy, text)
        return text
    }
}

extension Page.Draft {
    static let insertion = RowStatement.insertion(
        into: "pages",
        [
            "id": .text, "purpose": .text, "incident_id": .text, "team_id": .text, "user_id": .text,
            "contact_method_id": .text, "channel": .text, "address": .text, "urgency": .text, "cycle": .bigint,
            "step": .bigint, "rule": .text, "state": .text, "queued_at": .bigint, "due_at": .bigint,
            "attempts": .bigint,
        ])

    fileprivate func row(of incident: Incident, id: PageID, at now: Timestamp) -> [SQLValue] {
        [
            id.sqlValue, "incident".sqlValue, incident.id.sqlValue, incident.teamID.sqlValue, userID.sqlValue,
            contactMethodID.sqlValue, channel.sqlValue, address.sqlValue, urgency.sqlValue, cycle.sqlValue,
            step.sqlValue, rule.sqlValue, Page.State.queued.sqlValue, now.sqlValue, dueAt.sqlValue, 0.sqlValue,
        ]
    }
}
