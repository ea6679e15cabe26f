extension Decision {
    /// Checks which of the incident's timers is due.
    ///
    /// - Parameter wasReached: whether the latest round reached somebody. See `reachedSomebody(at:)`.
    mutating func timeHasCome(wasReached: Bool) {
        guard let due = incident.nextEscalationAt, due <= now else {
            transition.outcome = .ignored("nothing is due")
            return
        }
        if let silence = incident.autoResolvesAt, silence <= now { return fallSilent() }
        switch incident.state {
        case .resolved, .triggered(.exhausted): transition.outcome = .ignored("nothing is due")
        case .acknowledged(let owner, _, _, _):
            log(.acknowledgementExpired(owner: owner.name))
            takeTurn(from: .first, also: owner.userID)
        case .triggered(.snoozed(let position, _, let left)):
            log(.snoozeEnded)
            incident.state = .triggered(.due(position, at: now + left))
            transition.outcome = .escalated
            if left == .zero { takeNextTurn(from: position, wasReached: wasReached) }
        case .triggered(.held): reconsiderHold()
        case .triggered(.due(let position, _)): takeNextTurn(from: position, wasReached: wasReached)
        }
    }

    /// Starts the first step, from this position on, that reaches somebody, or that is there only to post to channels.
    /// Other steps that reach nobody are skipped at once. If a whole round reaches nobody, the next round waits for the
    /// first step's delay.
    ///
    /// - Parameters:
    /// - also: a person to page besides the step's people: the one whose acknowledgement expired.
    /// - wasReached: whether the latest round reached somebody. Nil when that is unknown.
    mutating func takeTurn(
        from start: Incident.Position, also extra: UserID? = nil, wasReached: Bool? = nil
    ) {
        let policy = incident.policy
        let last = max(policy.repeats, start.round)
        var position = start
        for _ in policy.steps.indices where position.round <= last {
            let step = policy.steps[position.step]
            let (people, reasons) = people(of: step, also: extra)
            let onlyPosts = post(to: step, number: position.step)
            if page(people, step: position.step, round: position.round) || (onlyPosts && people.isEmpty) {
                let pause = max(step.delay, policy.patience(in: position.round))
                incident.state = .triggered(.due(position.next(of: policy.steps.count), at: now + pause))
                transition.outcome = .escalated
                return
            }
            let silent = people.map { configuration.reasonForSilence(of: $0, urgency: incident.urgency) }
            log(.stepSkipped(step: position.step, reason: (reasons + silent).joined(separator: "; ")), by: .system)
            position = position.next(of: policy.steps.count)
        }
        transition.outcome = .escalated
        guard let first = policy.steps.first else { return finish() }
        if position.isEnd(of: policy) && start.round <= policy.repeats {
            return endRounds(at: position, wasReached: incident.cycle == 0 ? false : wasReached, hasTried: true)
        }
        log(.nobodyPaged(reason: "no step of “\(policy.name)” reaches anybody now; it is tried again"), by: .system)
        let pause = max(first.delay, policy.patience(in: position.round))
        incident.state = .triggered(.due(position, at: now + pause))
    }

    /// Returns the people a step pages, each once, and the reasons why any target resolves to nobody.
    private func people(of step: EscalationPolicy.Step, also extra: UserID?) -> ([UserID], [String]) {
        var people: [UserID] = []
        var reasons: [String] = []
        if let extra, configuration.users[extra]?.isEnabled == true { people.append(extra) }
        for target in step.targets {
            switch configuration.resolve(target, at: now, turn: incident.number + incident.cycle) {
            case .people(let found): for person in found where !people.contains(person) { people.append(person) }
            case .nobody(let reason): reasons.append(reason)
            }
        }
        if step.targets.isEmpty { reasons.append("the step has no targets") }
        return (people, reasons)
    }

    /// Queues the pages of a turn. Returns false when none of the people can be reached.
    private mutating func page(_ people: [UserID], step: Int, round: Int) -> Bool {
        let cycle = incident.cycle + 1
        let plans = people.map {
            ($0, configuration.pages(for: $0, urgency: incident.urgency, cycle: cycle, step: step, from: now))
        }
        let reached = plans.filter { !$0.1.isEmpty }
        guard !reached.isEmpty else { return false }
        incident.cycle = cycle
        transition.pageChanges.append(.cancelOf(users: reached.map(\.0), reason: "their turn starts again"))
        transition.pages += reached.flatMap(\.1)
        log(.escalated(step: step, round: round, people: reached.map { configuration.name(of: $0.0) }), by: .system)
        for (person, _) in plans where !reached.contains(where: { $0.0 == person }) {
            let reason = configuration.reasonForSilence(of: person, urgency: incident.urgency)
            log(.pagesDropped(person: configuration.name(of: person), reason: reason), by: .system)
        }
        transition.outcome = .escalated
        return true
    }
}
