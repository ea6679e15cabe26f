extension [PageSummary] {
    /// Whether the latest round of a policy reached somebody. It did if a provider accepted one of its pages, or one is
    /// still on its way and not late. A withheld page counts too: while sending is disabled, nobody is meant to be
    /// reached.
    ///
    /// The latest round runs from the latest turn back to the most recent start of the steps.
    package func reachedSomebody(at now: Timestamp) -> Bool {
        var begin = Int.max
        for (_, turn) in Dictionary(grouping: self, by: \.cycle).sorted(by: { $0.key > $1.key }) {
            guard let step = turn.first?.step, step < begin else { return false }
            if turn.contains(where: { $0.reachedSomebody(at: now) }) { return true }
            begin = step
        }
        return false
    }
}

extension PageSummary {
    fileprivate func reachedSomebody(at now: Timestamp) -> Bool {
        switch state {
        case .sent, .delivered, .withheld: true
        case .queued, .claimed: !isUnwanted && dueAt > now - .minutes(1)
        case .failed, .cancelled: false
        }
    }
}

extension EscalationPolicy {
    /// Returns the minimum time for a step in an extra round: 5 minutes in the first such round, 10 in the second, 15
    /// from the third on. Zero in the rounds that the policy asks for.
    func patience(in round: Int) -> Duration { .minutes(5) * min(max(round - repeats, 0), 3) }
}

extension Incident.Position {
    /// Whether this position follows the policy's last round, or an extra round.
    func isEnd(of policy: EscalationPolicy) -> Bool { step == 0 && round > policy.repeats }
}

extension Decision {
    /// Runs the next step. After the last step of the last round, the policy ends or continues with an extra round.
    mutating func takeNextTurn(from position: Incident.Position, wasReached: Bool) {
        if position.isEnd(of: incident.policy) {
            endRounds(at: position, wasReached: wasReached)
        } else {
            takeTurn(from: position, wasReached: wasReached)
        }
    }

    /// Ends a policy only if its latest round reached somebody. Otherwise, as in a network outage, it continues at a
    /// slower pace. The administrators are paged when this starts, and as long as nobody can be paged.
    ///
    /// - Parameters:
    /// - wasReached: nil when unknown. The escalation clock then checks at once, and does know.
    /// - hasTried: whether all steps were skipped just now.
    mutating func endRounds(at position: Incident.Position, wasReached: Bool?, hasTried: Bool = false) {
        transition.outcome = .escalated
        guard let wasReached else {
            incident.state = .triggered(.due(position, at: now))
            return
        }
        guard !wasReached else { return finish() }
        let policy = incident.policy
        let isFirst = position.round == policy.repeats + 1
        if isFirst {
            let pace = "each step has at least 5 minutes, then 10, then 15"
            let words =
                "the last round of “\(policy.name)” reached nobody; it goes on until somebody is reached: \(pace)"
            log(.movedOn(explanation: words), by: .system)
        }
        let wasSilent = incident.cycle == 0
        if wasSilent || (isFirst && policy.finalAction == .notifyAdministrators) { pageAdministrators() }
        if wasSilent && hasTried {
            let next = Incident.Position(step: 0, round: position.round + 1)
            incident.state = .triggered(.due(next, at: now + policy.patience(in: position.round)))
        } else {
            takeTurn(from: position)
        }
    }

    /// Ends the policy.
    mutating func finish() {
        log(.policyExhausted(policy: incident.policy.name), by: .system)
        incident.state = .triggered(.exhausted)
        transition.outcome = .exhausted
        if incident.policy.finalAction == .notifyAdministrators || incident.cycle == 0 { pageAdministrators() }
    }

    private mutating func pageAdministrators() {
        let cycle = incident.cycle + 1
        let pages = configuration.administrators.map {
            configuration.pages(for: $0, urgency: .high, cycle: cycle, step: incident.policy.steps.count, from: now)
        }
        let paged = zip(configuration.administrators, pages).filter { !$0.1.isEmpty }.map {
            configuration.name(of: $0.0)
        }
        guard !paged.isEmpty else {
            return log(.nobodyPaged(reason: "no administrator has a usable contact method"), by: .system)
        }
        incident.cycle = cycle
        transition.pages += pages.flatMap(\.self)
        log(.administratorsPaged(people: paged), by: .system)
    }
}
