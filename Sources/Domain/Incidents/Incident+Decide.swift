extension Incident {
    /// Decides what a command does. This is a pure function of the incident, command, instant and configuration.
    ///
    /// - Throws: `Refusal` when the incident's state does not allow the command. Nothing changes then.
    package func decide(
        _ command: Command, by author: Author, at now: Timestamp, configuration: Configuration
    ) throws(Refusal) -> Transition {
        var decision = Decision(incident: self, author: author, now: now, configuration: configuration)
        switch command {
        case .receive(let event, let silence): decision.receive(event, autoResolveAfter: silence)
        case .acknowledge: try decision.acknowledge()
        case .resolve: decision.resolve(note: nil)
        case .reopen: try decision.reopen()
        case .undo: try decision.undo()
        case .resume: try decision.resume()
        case .maintenanceChanged: decision.maintenanceChanged()
        case .escalate: try decision.escalate()
        case .escalationDue(let wasReached): decision.timeHasCome(wasReached: wasReached)
        case .snooze(let until): try decision.snooze(until: until)
        case .note(let text): try decision.note(text)
        case .reassign(let policy): try decision.reassign(policy)
        case .handOver(let person): try decision.handOver(to: person)
        case .pageFailed(let page, let others): decision.moveOn(from: page, others: others)
        case .pageLate(let page): decision.overtake(page)
        case .rulesChanged(let user, let turn, let pages): decision.replan(user, turn: turn, queued: pages)
        case .responderGone(let user, let name, let pages):
            decision.replaceResponder(from: user, name: name, pages: pages)
        }
        decision.changePosts(from: self)
        return decision.transition
    }

    /// Opens an incident for an alert and runs the policy's first step.
    ///
    /// - Parameter number: the number that the incident will probably get. It selects the person in a round robin.
    package static func open(
        id: IncidentID, event: AlertEvent, severity: Severity, source: AlertSource?, team: TeamID, author: Author,
        at now: Timestamp, configuration: Configuration, number: Int = 0
    ) -> Transition {
        let policy = configuration.policy(
            team: team, source: source, named: event.policy, severity: severity, labels: event.labels, at: now)
        var incident = Incident(
            id: id, number: number, sourceID: source?.id, teamID: team, dedupKey: event.incidentKey, title: event.title,
            text: event.text,
            severity: severity, links: event.links, labels: event.labels, policy: policy,
            state: .triggered(.due(.first, at: now)), openedAt: now, startsAt: event.startsAt)
        if event.group != nil { incident.alerts[event.dedupKey.rawValue] = GroupedAlert(event) }
        incident.awaitRepeat(of: event, silence: source?.autoResolveAfter)
        var decision = Decision(incident: incident, author: author, now: now, configuration: configuration)
        decision.log(.opened(title: event.title, severity: severity))
        decision.startPaging(since: now)
        decision.transition.outcome = .opened
        decision.changePosts(from: nil)
        return decision.transition
    }
}

/// A decision in progress: its inputs and the transition so far.
struct Decision {
    var transition: Transition
    let author: Author
    let now: Timestamp
    let configuration: Configuration

    init(incident: Incident, author: Author, now: Timestamp, configuration: Configuration) {
        transition = Transition(incident, .ignored("nothing to do"))
        self.author = author
        self.now = now
        self.configuration = configuration
    }

    var incident: Incident {
        get { transition.incident }
        set { transition.incident = newValue }
    }

    mutating func log(_ event: TimelineEntry.Event, by someone: Author? = nil) {
        transition.entries.append(TimelineEntry(at: now, author: someone ?? author, event: event))
        incident.updatedAt = now
    }
}
