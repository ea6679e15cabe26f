internal import Domain
internal import Store
internal import Transport

extension WebRequest {
    /// The model of an incident's web page.
    func incidentModel(_ incident: Incident, note: FormInput) async throws -> IncidentView.Model {
        let entries = try await services.store.timeline(of: incident.id)
        var filter = PageFilter()
        filter.incident = incident.id
        let isShort = query("all") != "yes"
        filter.limit = isShort ? 13 : 200
        let pages = try await services.store.pages(filter)
        let (by, since) = changed(incident)
        let source = incident.sourceID.flatMap { configuration.source($0) }
        let shown = isShort ? Array(entries.suffix(30)) : entries
        let isCut = shown.count < entries.count || (isShort && pages.count == filter.limit)
        let policies = configuration.policies.values.map { ($0.id.rawValue, $0.name) }
        return IncidentView.Model(
            number: incident.number, headline: incident.title, severity: incident.severity, urgency: incident.urgency,
            state: incident.state.name, by: by, since: since, text: incident.text,
            labels: incident.labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            links: incident.links.compactMap { link in
                WebAddress(link.url).map { (link.title.isEmpty ? link.url : link.title, $0) }
            },
            team: configuration.teams[incident.teamID]?.name ?? "a deleted team",
            source: source.map { ($0.name, path(of: $0)) }, policy: incident.policy.name,
            opened: reader.moment(incident.openedAt), lastAlert: reader.moment(incident.lastAlertAt),
            alertCount: incident.alertCount, dedupKey: incident.dedupKey.rawValue, next: nextPage(incident),
            timeline: shown.reversed().map { TimelineLine($0, reader) },
            deliveries: pages.prefix(isShort ? 12 : 200).map { delivery($0) },
            everything: isCut ? Path("/incidents/\(incident.number)").with([("all", "yes")]) : nil,
            policies: choices(policies),
            people: configuration.takers(of: incident.urgency, except: user.id).map { .init($0.id.rawValue, $0.name) },
            mayAct: may(.respond), note: note)
    }

    private func path(of source: AlertSource) -> Path {
        switch source.kind {
        case Heartbeat.kind: "/heartbeats/\(source.id)"
        case Twin.kind: "/settings"
        default: "/alert-sources/\(source.id)"
        }
    }

    private func changed(_ incident: Incident) -> (String?, Moment?) {
        switch incident.state {
        case .triggered: (nil, reader.moment(incident.openedAt))
        case .acknowledged(let by, let at, _, _), .resolved(let by, let at): (by.name, reader.moment(at))
        }
    }

    private func nextPage(_ incident: Incident) -> IncidentView.NextPage? {
        let (what, timer): (String, Timestamp)
        switch incident.state {
        case .triggered(.due(_, let at)):
            let first = configuration.nextPage(of: incident, at: now)
            let step = first.map { min($0.page.step, incident.policy.steps.count) } ?? 0
            let isEnd = step == incident.policy.steps.count
            let words = isEnd ? "The administrators are paged" : "Step \(step + 1) pages"
            (what, timer) = (first == nil ? "Nobody will be paged. The policy is tried again" : words, first?.at ?? at)
        case .triggered(.snoozed(_, let until, _)): (what, timer) = ("The snooze ends", until)
        case .triggered(.held(let until, let window)):
            (what, timer) = ("The maintenance “\(window)” ends and paging starts", until)
        case .acknowledged(_, _, let expiresAt?, _): (what, timer) = ("The acknowledgement expires", expiresAt)
        case .triggered(.exhausted), .acknowledged(_, _, nil, _), .resolved: return nil
        }
        return .init(what: what, at: reader.moment(timer), people: nextPeople(incident, timer))
    }

    /// Who is paged next and how. The same decisions compute it that will page.
    private func nextPeople(_ incident: Incident, _ timer: Timestamp) -> [String] {
        let forecast = configuration.forecast(of: incident, at: now)
        guard let first = forecast.entries.first else { return forecast.notes.map(\.text) }
        var ways: [(user: UserID, words: [String])] = []
        for entry in forecast.entries where entry.page.cycle == first.page.cycle {
            let delay = entry.at - timer
            let way = entry.page.channel.name + (delay > .zero ? " after \(length(delay))" : "")
            if let index = ways.firstIndex(where: { $0.user == entry.page.userID }) {
                ways[index].words.append(way)
            } else {
                ways.append((entry.page.userID, [way]))
            }
        }
        let skipped = forecast.notes.filter { $0.at <= first.at }.map(\.text)
        return skipped + ways.map { "\(configuration.name(of: $0.user)) by \($0.words.joined(separator: ", "))" }
    }

    private func delivery(_ record: PageRecord) -> IncidentView.Delivery {
        let page = record.page
        let address = ShownAddress(page, to: user.id, configuration)
        return IncidentView.Delivery(
            id: page.id, person: configuration.name(of: page.userID), channel: page.channel, address: address,
            state: page.state, latency: record.course(), fault: page.fault.map { address.hiding(in: $0) },
            at: reader.moment(page.dueAt),
            mayRetry: may(.respond) && record.hasEndedWithoutArriving)
    }
}
