extension Incident {
    /// A person's latest snooze, escalation or hand-over, with what is needed to take it back.
    package struct Deed: Sendable, Hashable {
        package var by: Author
        package var at: Timestamp
        /// The states before and after it. Once the incident has moved on, it can't be taken back any more.
        package var before: State
        package var after: State
        /// The policy before a reassignment. Nil if the policy stayed.
        package var policy: EscalationPolicy?
        /// The number of turns before and after it.
        package var cycleBefore: Int
        package var cycleAfter: Int
        /// By how much it delayed the queued pages.
        package var delay: Duration

        package init(
            by: Author, at: Timestamp, before: State, after: State, policy: EscalationPolicy? = nil, cycleBefore: Int,
            cycleAfter: Int, delay: Duration = .zero
        ) {
            self.by = by
            self.at = at
            self.before = before
            self.after = after
            self.policy = policy
            self.cycleBefore = cycleBefore
            self.cycleAfter = cycleAfter
            self.delay = delay
        }
    }
}

extension Decision {
    /// Remembers what the author just did to the incident, so that it can be taken back.
    mutating func remember(since before: Incident, delay: Duration = .zero) {
        guard author.kind == .user else { return }
        incident.latestDeed = Incident.Deed(
            by: author, at: now, before: before.state, after: incident.state,
            policy: before.policy == incident.policy ? nil : before.policy, cycleBefore: before.cycle,
            cycleAfter: incident.cycle, delay: delay)
    }

    /// The author's latest deed, if the incident has not moved on since.
    var deedToUndo: Incident.Deed? {
        guard let deed = incident.latestDeed, deed.by.kind == .user, deed.by.id == author.id,
            now - deed.at <= Command.Limits.undo, deed.after == incident.state, deed.cycleAfter == incident.cycle
        else { return nil }
        return deed
    }

    /// Withdraws the pages of a deed that have not left, and queues those again that it withdrew.
    mutating func undo(_ deed: Incident.Deed) {
        incident.state = deed.before
        incident.policy = deed.policy ?? incident.policy
        incident.latestDeed = nil
        incident.beforeResolution = nil
        if deed.cycleAfter > deed.cycleBefore {
            transition.pageChanges.append(.takeBack(after: deed.cycleBefore, reason: "\(author.name) took it back"))
            incident.cycle = deed.cycleBefore
        }
        if deed.delay != .zero { transition.pageChanges.append(.postpone(.zero - deed.delay)) }
        log(.undone)
        if deed.delay == .zero, case .triggered = deed.before { revivePages(cancelledSince: deed.at, later: .zero) }
        transition.outcome = .reopened
    }
}
