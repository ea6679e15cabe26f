/// Whom an incident will page if nobody answers, with the time, channel and reason. It is computed by the same
/// decisions that page people for real.
package struct Forecast: Sendable, Hashable {
    /// One page that will leave.
    package struct Entry: Sendable, Hashable {
        package var at: Timestamp
        package var page: Page.Draft
        /// The step and the rule that ask for it.
        package var why: String
    }

    /// A timeline entry that is not a page: a skipped step and its reason, or the policy's end.
    package struct Note: Sendable, Hashable {
        package var at: Timestamp
        package var text: String
    }

    /// In the order in which they leave.
    package var entries: [Entry]
    package var notes: [Note]
    /// The policy that the incident follows.
    package var policy: EscalationPolicy
    package var urgency: Urgency

    /// The limits of a forecast.
    package enum Limits {
        /// Turns of steps. A policy has at most 420.
        package static let turns = 1_000
    }
}

extension Configuration {
    /// Returns what an alert at an instant would do.
    ///
    /// - Parameter number: the incident's number, which selects the person in a round robin.
    package func forecast(
        of event: AlertEvent, severity: Severity, source: AlertSource?, team: TeamID, number: Int, at now: Timestamp
    ) -> Forecast {
        let opening = Incident.open(
            id: "forecast", event: event, severity: severity, source: source, team: team, author: .system, at: now,
            configuration: self, number: number)
        return forecast(from: opening, at: now)
    }

    /// Returns what an alert would do under this policy, whatever the team's sources say.
    package func forecast(
        policy: EscalationPolicy, severity: Severity, number: Int, at now: Timestamp
    ) -> Forecast {
        var incident = Incident(
            id: "forecast", number: number, sourceID: nil, teamID: policy.teamID, dedupKey: DedupKey("forecast"),
            title: "Forecast", text: "", severity: severity, links: [], labels: [:], policy: policy,
            state: .triggered(.due(.first, at: now)), openedAt: now)
        guard let held = maintenance(team: policy.teamID, source: nil, labels: [:], at: now) else {
            let delay = holdOff(source: nil, policy: policy, severity: severity)
            incident.state = .triggered(.due(.first, at: now + delay))
            return forecast(from: Transition(incident, .opened), at: now)
        }
        incident.state = .triggered(.held(until: held.until, window: held.window.name))
        let entry = TimelineEntry(
            at: now, author: .system, event: .held(window: held.window.name, until: held.until))
        return forecast(from: Transition(incident, .opened, entries: [entry]), at: now)
    }

    /// Returns what an open incident will do from now on, including the queued pages passed in.
    package func forecast(of incident: Incident, queued: [Page.Draft] = [], at now: Timestamp) -> Forecast {
        forecast(from: Transition(incident, .updated, pages: queued), at: now)
    }

    /// Returns the first entry of an open incident's forecast without deciding the rest, or nil if nobody will be paged.
    package func nextPage(of incident: Incident, at now: Timestamp) -> Forecast.Entry? {
        forecast(from: Transition(incident, .updated), at: now, untilFirst: true).entries.first
    }

    private func forecast(from start: Transition, at now: Timestamp, untilFirst: Bool = false) -> Forecast {
        var incident = start.incident
        // A forecast covers paging, so it ignores automatic resolution and the expiry of an acknowledgement.
        incident.autoResolvesAt = nil
        var waiting = start.pages
        var left: [Page.Draft] = []
        var notes = start.entries
        for _ in 0..<Forecast.Limits.turns {
            guard let due = incident.nextEscalationAt else { break }
            let time = max(due, now)
            left += waiting.filter { $0.dueAt <= time }
            waiting.removeAll { $0.dueAt <= time }
            // Whatever is decided from here on leaves later.
            if untilFirst && !left.isEmpty { break }
            // The forecast assumes that pages arrive, so a policy that paged anybody reached somebody.
            let wasReached = incident.cycle > 0
            let command = Command.escalationDue(wasReached: wasReached)
            guard let next = try? incident.decide(command, by: .system, at: time, configuration: self), !next.isEmpty
            else { break }
            for change in next.pageChanges { change.apply(to: &waiting) }
            waiting += next.pages
            notes += next.entries
            incident = next.incident
            if case .triggered(.due(let position, _)) = incident.state, incident.cycle == 0,
                position.isEnd(of: incident.policy)
            {
                break  // Nobody can be paged, and it goes on like this.
            }
        }
        left += waiting
        return Forecast(
            entries: left.sorted { ($0.dueAt, $0.cycle, $0.userID, $0.rule) < ($1.dueAt, $1.cycle, $1.userID, $1.rule) }
                .map { Forecast.Entry(at: $0.dueAt, page: $0, why: reason(for: $0, incident.policy)) },
            notes: notes.compactMap(Forecast.Note.init), policy: incident.policy, urgency: incident.urgency)
    }

    /// `step 2 of “Standard”: SMS 5 min after the turn began`.
    private func reason(for page: Page.Draft, _ policy: EscalationPolicy) -> String {
        let step =
            page.step < policy.steps.count ? "step \(page.step + 1) of “\(policy.name)”" : "end of “\(policy.name)”"
        let known = (rules[page.userID] ?? []) + usualRules(of: page.userID)
        guard let rule = known.first(where: { $0.id.rawValue == page.rule }) else {
            return "\(step): no rule for \(page.urgency.rawValue) urgency, so every contact method"
        }
        return
            "\(step): rule for \(page.urgency.rawValue) urgency, \(rule.delay == .zero ? "at once" : "after \(rule.delay.words)")"
    }
}

extension Forecast.Note {
    /// Nil for events that the entries already show.
    init?(_ entry: TimelineEntry) {
        switch entry.event {
        case .stepSkipped, .posted, .policyExhausted, .nobodyPaged, .pagesDropped, .administratorsPaged,
            .acknowledgementExpired,
            .held, .maintenanceEnded:
            self.init(at: entry.at, text: entry.event.sentence)
        case .opened, .severityRaised, .acknowledged, .acknowledgedAgain, .resolved, .reopened, .undone, .resumed,
            .alertJoined,
            .alertRecovered, .escalated, .snoozed,
            .snoozeEnded, .reassigned, .handedOver, .noted, .informed, .pageSent, .pageDelivered, .pageFailed,
            .pageWithheld,
            .movedOn:
            return nil
        }
    }
}

extension Duration {
    /// Text in the largest unit that gives a whole number: `90 s`, `5 min`, `2 h`, `3 d`.
    package var words: String {
        let seconds = components.seconds
        if seconds == 0 && components.attoseconds != 0 { return "\(microseconds / 1_000) ms" }
        for (unit, length) in [("d", Int64(86400)), ("h", 3600), ("min", 60)] where seconds >= length {
            if seconds % length == 0 { return "\(seconds / length) \(unit)" }
        }
        return "\(seconds) s"
    }
}
