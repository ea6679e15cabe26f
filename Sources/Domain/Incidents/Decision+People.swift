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

    /// Returns to the state before the author's own acknowledgement or resolution. The cancelled pages are queued again,
    /// and the next step keeps its time.
    mutating func undo() throws(Refusal) {
        let (person, since): (Author, Timestamp)
        switch incident.state {
        case .acknowledged(let by, let at, _, _), .resolved(let by, let at): (person, since) = (by, at)
        case .triggered: throw .nothingToUndo
        }
        guard let before = incident.beforeResolution, person.kind == .user, person.id == author.id,
            now - since <= Command.Limits.undo
        else { throw .nothingToUndo }
        if case .resolved = incident.state, incident.autoResolvesAt == nil {
            incident.awaitRepeats(silence: silenceOfSource)
        }
        incident.state = before
        incident.beforeResolution = nil
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
        let position: Incident.Position
        switch incident.state {
        case .resolved: throw .alreadyResolved
        case .triggered(.exhausted): position = .first
        case .triggered(let escalation): position = escalation.position
        case .acknowledged(_, _, _, let held): position = held
        }
        takeTurn(from: position.round > incident.policy.repeats ? .first : position)
        transition.outcome = .escalated
    }

    mutating func snooze(until: Timestamp) throws(Refusal) {
        guard until > now, until - now <= Command.Limits.longestSnooze else { throw .snoozeOutOfRange }
        switch incident.state {
        case .resolved: throw .alreadyResolved
        case .acknowledged(let owner, let at, _, let position):
            incident.state = .acknowledged(by: owner, at: at, expiresAt: until, position: position)
        case .triggered(.snoozed(let position, let before, let left)):
            transition.pageChanges.append(.postpone(until - before))
            incident.state = .triggered(.snoozed(position, until: until, left: left))
        case .triggered(.due(let position, let at)):
            transition.pageChanges.append(.postpone(until - now))
            incident.state = .triggered(.snoozed(position, until: until, left: max(.zero, at - now)))
        case .triggered(.held(let before, _)):
            // A shorter snooze must not release a page before the maintenance ends.
            if until > before { incident.state = .triggered(.snoozed(.first, until: until, left: .zero)) }
        case .triggered(.exhausted):
            let end = Incident.Position(step: 0, round: 0)
            incident.state = .triggered(.snoozed(end, until: until, left: .zero))
        }
        log(.snoozed(until: until))
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
        incident.policy = policy
        log(.reassigned(policy: policy.name))
        transition.pageChanges.append(.cancelAll(reason: "moved to \(policy.name)"))
        if !incident.isHeld { takeTurn(from: .first) }
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
