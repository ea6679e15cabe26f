extension Decision {
    /// A page ended without arriving: the person's next one leaves at once; when the whole turn has failed, the next
    /// step has its turn now instead of waiting for its delay.
    mutating func moveOn(from page: FailedPage, others: [PageSummary]) {
        let wasReached = others.filter { $0.id != page.id }.reachedSomebody(at: now)
        if case .triggered(.exhausted) = incident.state, !wasReached { return resumeRounds() }
        guard case .triggered(.due(let position, _)) = incident.state, page.cycle <= incident.cycle else {
            transition.outcome = .ignored("nobody waits for this page any more")
            return
        }
        let turn = others.filter { $0.cycle == page.cycle && $0.id != page.id }
        let waiting = turn.filter { $0.userID == page.userID && $0.state == .queued }
        if let next = waiting.min(by: { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }) {
            let soonest = configuration.leaving(now, user: page.userID, urgency: incident.urgency)
            if next.dueAt > soonest {
                transition.pageChanges.append(.hasten(next.id, dueAt: soonest))
                log(
                    .movedOn(
                        explanation:
                            "\(next.channel.name) to \(page.userName) is next\(soonest > now ? "" : ", at once")"),
                    by: .system)
            }
            transition.outcome = .updated
            return
        }
        let hopeful = turn.contains(where: \.isHopeful)
        guard !hopeful, page.cycle == incident.cycle else {
            transition.outcome = .ignored("other pages of this turn are on their way")
            return
        }
        guard !position.isEnd(of: incident.policy) || wasReached else {
            transition.outcome = .ignored("the latest round reached nobody; the next one has its time")
            return
        }
        log(.movedOn(explanation: "no page of this turn arrived; the next step has its turn now"), by: .system)
        takeNextTurn(from: position, wasReached: wasReached)
    }

    /// A page waits too long for its provider: the person's next one leaves at once, and the late one goes on trying.
    mutating func overtake(_ page: LatePage) {
        switch incident.state {
        case .triggered(.due), .triggered(.exhausted): break
        case .triggered(.snoozed), .triggered(.held), .acknowledged, .resolved:
            transition.outcome = .ignored("nobody is being paged")
            return
        }
        transition.pageChanges.append(.hasten(page.next, dueAt: now))
        let name = configuration.name(of: page.userID)
        let words = "\(page.channel.name) to \(name) takes long; \(page.nextChannel.name) is next, at once"
        log(.movedOn(explanation: words), by: .system)
        transition.outcome = .updated
    }

    /// What the provider had taken did not arrive after all: the policy came to its end too early.
    private mutating func resumeRounds() {
        log(.movedOn(explanation: "no page of the last round arrived; the policy goes on"), by: .system)
        let policy = incident.policy
        let position = Incident.Position(step: 0, round: policy.repeats + 1)
        incident.state = .triggered(.due(position, at: now + policy.patience(in: position.round)))
        transition.outcome = .escalated
    }

    /// A person's rules changed in the middle of a turn: what is queued follows the new rules. A rule whose delay has
    /// passed is not caught up on; nothing fires twice in a turn.
    mutating func replan(_ user: UserID, turn: Turn, queued: [PageSummary]) {
        guard case .triggered = incident.state else {
            transition.outcome = .ignored("nobody is being paged")
            return
        }
        let wanted = configuration.pages(
            for: user, urgency: incident.urgency, cycle: turn.cycle, step: turn.step, from: turn.startedAt)
        let known = Set(queued.filter { $0.cycle == turn.cycle }.map(\.rule))
        let isPagable = configuration.users[user]?.isEnabled == true
        let surplus = queued.filter { page in
            (page.state == .queued || (page.state == .claimed && !page.isUnwanted))
                && !(isPagable && wanted.contains { $0.rule == page.rule })
        }
        var missing = isPagable ? wanted.filter { !known.contains($0.rule) && $0.dueAt > now } : []
        if case .triggered(.snoozed(_, let until, _)) = incident.state, until > now {
            // The time that is left counts on from the end of the snooze, as that of the other pages does.
            for index in missing.indices {
                let due = missing[index].dueAt + (until - now)
                missing[index].dueAt = configuration.leaving(due, user: user, urgency: incident.urgency)
            }
        }
        guard !surplus.isEmpty || !missing.isEmpty else {
            transition.outcome = .ignored("the rules ask for the same pages")
            return
        }
        if !surplus.isEmpty {
            let reason = "the notification rules or contact methods changed"
            transition.pageChanges.append(.cancel(surplus.map(\.id), reason: reason))
            if surplus.contains(where: { $0.state == .queued }) {
                log(.pagesDropped(person: configuration.name(of: user), reason: reason), by: .system)
            }
        }
        transition.pages += missing
        incident.updatedAt = now
        transition.outcome = .updated
    }

    /// A person can't answer any more. What they own triggers again; a turn in which nobody else was paged gives the
    /// next step its turn at once.
    mutating func replaceResponder(from user: UserID, name: String, pages: [PageSummary]) {
        switch incident.state {
        case .resolved, .triggered(.exhausted), .triggered(.snoozed), .triggered(.held):
            transition.outcome = .ignored("nobody is being paged")
        case .acknowledged(let owner, _, _, _):
            guard owner.userID == user else {
                transition.outcome = .ignored("somebody else owns it")
                return
            }
            log(.movedOn(explanation: "\(name), who owned it, can't answer any more; it is handed over"), by: .system)
            takeTurn(from: .first)
        case .triggered(.due(let position, _)):
            let turn = pages.filter { $0.cycle == incident.cycle }
            guard turn.contains(where: { $0.userID == user }) else {
                transition.outcome = .ignored("somebody else is being paged")
                return
            }
            let others = turn.contains { $0.userID != user && $0.isHopeful }
            let end = others ? "the others were paged too" : "the next step has its turn now"
            log(.movedOn(explanation: "\(name), who was paged, can't answer any more; \(end)"), by: .system)
            transition.pageChanges.append(.cancelOf(users: [user], reason: "\(name) can't answer any more"))
            transition.outcome = .updated
            if !others { takeNextTurn(from: position, wasReached: false) }
        }
    }
}
