extension Decision {
    /// Handles a page that ended without arriving. The person's next page leaves at once. When every page of the turn
    /// has failed, the next step runs now instead of after its delay.
    mutating func moveOn(from page: FailedPage, others: [PageSummary]) {
        let wasReached = others.filter { $0.id != page.id }.reachedSomebody(at: now)
        if case .triggered(.exhausted) = incident.state, !wasReached { return resumeRounds() }
        guard case .triggered(.due(let position, _)) = incident.state, page.cycle <= incident.cycle else {
            transition.outcome = .ignored("this page is no longer needed")
            return
        }
        let turn = others.filter { $0.cycle == page.cycle && $0.id != page.id }
        if let next = turn.next(after: page, due: others.first { $0.id == page.id }?.dueAt, at: now) {
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
            transition.outcome = .ignored("the latest round reached nobody; the next round comes later")
            return
        }
        log(.movedOn(explanation: "no page of this turn arrived; the next step starts now"), by: .system)
        takeNextTurn(from: position, wasReached: wasReached)
    }

    /// Handles a page that is late at its provider. The person's next page leaves at once, and the late one keeps
    /// trying.
    mutating func overtake(_ page: LatePage) {
        switch incident.state {
        case .triggered(.due), .triggered(.exhausted): break
        case .triggered(.snoozed), .triggered(.held), .acknowledged, .resolved:
            transition.outcome = .ignored("nobody is being paged")
            return
        }
        transition.pageChanges.append(.hasten(page.next, dueAt: now))
        log(.movedOn(explanation: page.explanation(person: configuration.name(of: page.userID))), by: .system)
        transition.outcome = .updated
    }

    /// Continues a policy that ended too early: pages that the provider had accepted did not arrive after all.
    private mutating func resumeRounds() {
        log(.movedOn(explanation: "no page of the last round arrived; the policy goes on"), by: .system)
        let policy = incident.policy
        let position = Incident.Position(step: 0, round: policy.repeats + 1)
        incident.state = .triggered(.due(position, at: now + policy.patience(in: position.round)))
        transition.outcome = .escalated
    }

    /// Adjusts the queued pages after a person's rules changed during a turn. A rule whose delay has passed is not
    /// caught up on, and no rule fires twice in a turn.
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
            // Like the other pages, these keep their remaining delay and count it from the end of the snooze.
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

    /// Handles a person who can no longer respond. An incident they own triggers again. If nobody else was paged in the
    /// turn, the next step runs at once.
    mutating func replaceResponder(from user: UserID, name: String, pages: [PageSummary]) {
        switch incident.state {
        case .resolved, .triggered(.exhausted), .triggered(.snoozed), .triggered(.held):
            transition.outcome = .ignored("nobody is being paged")
        case .acknowledged(let owner, _, _, _):
            guard owner.userID == user else {
                transition.outcome = .ignored("somebody else owns it")
                return
            }
            log(.movedOn(explanation: "\(name), who owned it, can't answer any more; it triggers again"), by: .system)
            takeTurn(from: .first)
        case .triggered(.due(let position, _)):
            let turn = pages.filter { $0.cycle == incident.cycle }
            guard turn.contains(where: { $0.userID == user }) else {
                transition.outcome = .ignored("somebody else is being paged")
                return
            }
            let others = turn.contains { $0.userID != user && $0.isHopeful }
            let end = others ? "the others were paged too" : "the next step starts now"
            log(.movedOn(explanation: "\(name), who was paged, can't answer any more; \(end)"), by: .system)
            transition.pageChanges.append(.cancelOf(users: [user], reason: "\(name) can't answer any more"))
            transition.outcome = .updated
            if !others { takeNextTurn(from: position, wasReached: false) }
        }
    }
}

extension [PageSummary] {
    /// Returns the person's page that follows a failed one.
    ///
    /// A retry keeps its time, which its provider may have asked for. A page that waits for its provider since before the
    /// failed one was due has been overtaken by it, and nobody waits for it.
    fileprivate func next(after page: FailedPage, due: Timestamp?, at now: Timestamp) -> PageSummary? {
        filter { other in
            other.userID == page.userID && other.state == .queued && other.attempts == 0
                && (other.dueAt > now || other.dueAt >= due ?? other.dueAt)
        }.min { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }
    }
}
