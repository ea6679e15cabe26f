internal import Domain
internal import Pages
internal import Store

extension Visit {
    /// An incident as its page shows it.
    func incidentModel(_ incident: Incident, note: FormInput) async throws -> IncidentPage.Model {
        let entries = try await services.store.timeline(of: incident.id)
        var filter = PageFilter()
        filter.incident = incident.id
        let isShort = query("all") != "yes"
        filter.limit = isShort ? 13 : 200
        let pages = try await services.store.pages(filter)
        let (by, since) = changed(incident)
        let source = incident.sourceID.flatMap { roster.source($0) }
        let shown = isShort ? Array(entries.suffix(30)) : entries
        let isCut = shown.count < entries.count || (isShort && pages.count == filter.limit)
        let policies = roster.policies.values.map { ($0.id.rawValue, $0.name) }
        return IncidentPage.Model(
            number: incident.number, headline: incident.title, severity: incident.severity, urgency: incident.urgency,
            state: incident.state.name, by: by, since: since, text: incident.text,
            labels: incident.labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            links: incident.links.compactMap { link in
                WebAddress(link.url).map { (link.title.isEmpty ? link.url : link.title, $0) }
            },
            team: roster.teams[incident.teamID]?.name ?? "a deleted team",
            source: source.map { source in
                (
                    source.name,
                    source.kind == Heartbeat.kind ? "/heartbeats/\(source.id)" : "/alert-sources/\(source.id)"
                )
            }, policy: incident.policy.name,
            opened: reader.moment(incident.openedAt), lastAlert: reader.moment(incident.lastAlertAt),
            alertCount: incident.alertCount, dedupKey: incident.dedupKey.rawValue, next: nextPage(incident),
            timeline: shown.reversed().map { TimelineLine($0, reader) },
            deliveries: pages.prefix(isShort ? 12 : 200).map { delivery($0) },
            everything: isCut ? Path("/incidents/\(incident.number)").with([("all", "yes")]) : nil,
            policies: choices(policies), mayAct: may(.respond), note: note)
    }

    private func changed(_ incident: Incident) -> (String?, Moment?) {
        switch incident.state {
        case .triggered: (nil, reader.moment(incident.openedAt))
        case .acknowledged(let by, let at, _, _), .resolved(let by, let at): (by.name, reader.moment(at))
        }
    }

    private func nextPage(_ incident: Incident) -> IncidentPage.NextPage? {
        switch incident.state {
        case .triggered(.due(let position, let at)):
            return .init(
                what: "Step \(position.step + 1) pages", at: reader.moment(at),
                people: people(incident, position.step, at))
        case .triggered(.snoozed(_, let until, _)):
            return .init(what: "The snooze ends", at: reader.moment(until), people: [])
        case .triggered(.held(let until, let window)):
            return .init(
                what: "The maintenance “\(window)” ends and paging starts", at: reader.moment(until), people: [])
        case .triggered(.exhausted), .resolved, .acknowledged(_, _, nil, _): return nil
        case .acknowledged(let by, _, let expiresAt?, _):
            return .init(
                what: "The acknowledgement runs out and the policy starts again",
                at: reader.moment(expiresAt), people: [by.name])
        }
    }

    /// Who would be paged by a step, and how.
    private func people(_ incident: Incident, _ step: Int, _ at: Timestamp) -> [String] {
        guard incident.policy.steps.indices.contains(step) else { return [] }
        return incident.policy.steps[step].targets.flatMap { target -> [String] in
            switch roster.resolve(target, at: at, turn: incident.number) {
            case .nobody(let reason): return ["nobody: \(reason)"]
            case .people(let people): return people.map { describe($0, incident.urgency) }
            }
        }
    }

    private func describe(_ person: UserID, _ urgency: Urgency) -> String {
        let wishes = roster.wishes(of: person, urgency: urgency)
        guard !wishes.isEmpty else { return roster.reasonForSilence(of: person, urgency: urgency) }
        let ways = wishes.map { wish in
            wish.contactMethod.channel.name + (wish.delay > .zero ? " after \(length(wish.delay))" : "")
        }
        return "\(roster.name(of: person)) by \(ways.joined(separator: ", "))"
    }

    private func delivery(_ record: PageRecord) -> IncidentPage.Delivery {
        let page = record.page
        return IncidentPage.Delivery(
            id: page.id, person: roster.name(of: page.userID), channel: page.channel, address: page.address,
            state: page.state, latency: record.course(), fault: page.fault, at: reader.moment(page.dueAt),
            mayRetry: may(.respond) && record.hasEndedWithoutArriving)
    }
}
