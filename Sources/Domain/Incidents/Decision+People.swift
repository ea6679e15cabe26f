extension Decision {
    mutating func acknowledge() throws(Refusal) {
        switch incident.state {
        case .resolved: throw .alreadyResolved
        case .acknowledged(let owner, _, _, _):
            log(.acknowledgedAgain(owner: owner.name))
            transition.outcome = .acknowledgedAgain
        case .triggered(let escalation):
            let until = incident.policy.acknowledgementTimeout.map { now + $0 }
            incident.beforeResolution = incident.state
            incident.state = .acknowledged(by: author, at: now, expiresAt: until, position: escalation.position)
            log(.acknowledged(until: until))
            transition.pageChanges.append(.cancelAll(reason: "acknowledged by \(author.name)"))
            tellWhoHasIt()
            transition.outcome = .acknowledged
        }
    }

    /// Resolving twice is not an error. The second call changes nothing.
    mutating func resolve(note: String?) {
        guard incident.isOpen else {
            transition.outcome = .ignored("the incident is resolved already")
            return
        }
        incident.beforeResolution = incident.state
        incident.state = .resolved(by: author, at: now)
        log(.resolved(note: note))
        transition.pageChanges.append(.cancelAll(reason: "resolved by \(author.name)"))
        if case .acknowledged(_, let since, _, _)? = incident.beforeResolution { takeBackNews(since: since) }
        tellThatItIsOver()
        transition.outcome = .resolved
    }

    /// Returns to the state before the author's own latest action. The cancelled pages are queued again, and the next
    /// step keeps its time.
    mutating func undo() throws(Refusal) {
        if let deed = deedToUndo { return undo(deed) }
        let (person, since): (Author, Timestamp)
        switch incident.state {
        case .acknowledged(let by, let at, _, _), .resolved(let by, let at): (person, since) = (by, at)
        case .triggered: throw .nothingToUndo
        }
        guard let before = incident.beforeResolution, person.kind == .user, person.id == author.id,
            now - since <= Command.Limits.undo, incident.latestDeed.map({ $0.at < since }) ?? true
        else { throw .nothingToUndo }
        if case .resolved = incident.state, incident.autoResolvesAt == nil {
            incident.awaitRepeats(silence: silenceOfSource)
        }
        incident.state = before
        incident.beforeResolution = nil
        incident.latestDeed = nil
        log(.undone)
        takeBackNews(since: since)
        revivePages(cancelledSince: since, later: .zero)
        transition.outcome = .reopened
    }

    mutating func reopen() throws(Refusal) {
        guard !incident.isOpen else { throw .notResolved }
        log(.reopened)
        incident.beforeResolution = nil
        incident.autoResolvesAt = nil
        takeTurn(from: .first)
        transition.outcome = .reopened
    }

    /// Escalates now and restarts the timer. A policy that has ended starts over.
    mutating func escalate() throws(Refusal) {
        let (before, position) = (incident, try nextPosition())
        log(.movedOn(explanation: "escalated to the next step"))
        takeTurn(from: position)
        remember(since: before)
        transition.outcome = .escalated
    }

    /// The next step of an open incident. A policy that has ended starts over.
    func nextPosition() throws(Refusal) -> Incident.Position {
        let position: Incident.Position
        switch incident.state {
        case .resolved: throw .alreadyResolved
        case .triggered(.exhausted): position = .first
        case .triggered(let escalation): position = escalation.position
        case .acknowledged(_, _, _, let held): position = held
        }
        return position.round > incident.policy.repeats ? .first : position
    }

    mutating func snooze(until: Timestamp) throws(Refusal) {
        guard until > now, until - now <= Command.Limits.longestSnooze else { throw .snoozeOutOfRange }
        let before = incident
        var delay = Duration.zero
        switch incident.state {
        case .resolved: throw .alreadyResolved
        case .acknowledged(let owner, let at, _, let position):
            incident.state = .acknowledged(by: owner, at: at, expiresAt: until, position: position)
        case .triggered(.snoozed(let position, let end, let left)):
            delay = until - end
            incident.state = .triggered(.snoozed(position, until: until, left: left))
        case .triggered(.due(let position, let at)):
            delay = until - now
            incident.state = .triggered(.snoozed(position, until: until, left: max(.zero, at - now)))
        case .triggered(.held(let before, _)):
            // A shorter snooze must not release a page before the maintenance ends.
            if until > before { incident.state = .triggered(.snoozed(.first, until: until, left: .zero)) }
        case .triggered(.exhausted):
            let end = Incident.Position(step: 0, round: 0)
            incident.state = .triggered(.snoozed(end, until: until, left: .zero))
        }
        if delay != .zero { transition.pageChanges.append(.postpone(delay)) }
        log(.snoozed(until: until))
        remember(since: before, delay: delay)
        transition.outcome = .snoozed
    }

    mutating func note(_ text: String) throws(Refusal) {
        let trimmed = text.trimmingBlanks()
        guard !trimmed.isEmpty else { throw .emptyNote }
        guard trimmed.count <= Command.Limits.note else { throw .noteTooLong }
        log(.noted(text: trimmed))
        transition.outcome = .noted
    }

    mutating func reassign(_ policy: EscalationPolicy) throws(Refusal) {
        guard incident.isOpen else { throw .alreadyResolved }
        let before = incident
        incident.policy = policy
        log(.reassigned(policy: policy.name))
        transition.pageChanges.append(.cancelAll(reason: "moved to \(policy.name)"))
        if !incident.isHeld { takeTurn(from: .first) }
        remember(since: before)
        transition.outcome = .reassigned
    }

    /// Pages one person in place of those who were paged or own the incident. If the person does not acknowledge within
    /// the time of the present step, the policy goes on.
    mutating func handOver(to user: UserID) throws(Refusal) {
        let (before, position) = (incident, try nextPosition())
        let name = configuration.name(of: user)
        guard let person = configuration.users[user], person.isEnabled else {
            throw .cannotTake("there is no such enabled user")
        }
        guard configuration.allows(user, .respond) else { throw .cannotTake("\(name) may not act on incidents") }
        let steps = incident.policy.steps
        let present = steps.isEmpty ? 0 : (position.step + steps.count - 1) % steps.count
        let cycle = incident.cycle + 1
        let pages = configuration.pages(for: user, urgency: incident.urgency, cycle: cycle, step: present, from: now)
        guard !pages.isEmpty else {
            throw .cannotTake(configuration.reasonForSilence(of: user, urgency: incident.urgency))
        }
        log(.handedOver(person: name))
        transition.pageChanges.append(.cancelAll(reason: "handed to \(name)"))
        incident.cycle = cycle
        transition.pages += pages
        let pause = steps.isEmpty ? .minutes(5) : steps[present].delay
        incident.state = .triggered(.due(position, at: now + max(pause, incident.policy.patience(in: position.round))))
        remember(since: before)
        transition.outcome = .reassigned
    }
}

extension Incident.Escalation {
    /// The next step.
    var position: Incident.Position {
        switch self {
        case .due(let position, _): position
        case .snoozed(let position, _, _): position
        case .held, .exhausted: .first
        }
    }
}
