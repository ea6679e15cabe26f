/// What a command does to an incident, as data: nothing has happened until it is committed.
package struct Transition: Sendable, Hashable {
    /// The incident after it; its version is still the one that the decision was made on.
    package var incident: Incident
    package var outcome: Outcome
    package var entries: [TimelineEntry]
    /// Changes of pages that are queued already; they come before the new pages.
    package var pageChanges: [PageChange]
    package var pages: [Page.Draft]
    /// Pages that were decided on and taken back within this transition; `PageChange.revive` brings them back.
    private var withdrawn: [Page.Draft] = []

    package init(
        _ incident: Incident, _ outcome: Outcome, entries: [TimelineEntry] = [], pageChanges: [PageChange] = [],
        pages: [Page.Draft] = []
    ) {
        self.incident = incident
        self.outcome = outcome
        self.entries = entries
        self.pageChanges = pageChanges
        self.pages = pages
    }

    /// What became of the command, for the answer to its sender.
    package enum Outcome: Sendable, Hashable {
        case opened, updated, acknowledged, resolved, reopened, escalated, exhausted, snoozed, noted, reassigned
        /// A second acknowledgement; the first owner stays.
        case acknowledgedAgain
        /// Nothing changed, and why.
        case ignored(String)
    }

    /// Whether there is anything to commit.
    package var isEmpty: Bool {
        if case .ignored = outcome { return entries.isEmpty && pages.isEmpty && pageChanges.isEmpty }
        return false
    }

    /// Adds what was decided after this one, on the incident as this one leaves it.
    package mutating func append(_ next: Transition) {
        for change in next.pageChanges { change.apply(to: &pages, &withdrawn) }
        incident = next.incident
        outcome = next.outcome
        entries += next.entries
        pageChanges += next.pageChanges
        pages += next.pages
    }
}

/// A change of the queued pages of one incident.
package enum PageChange: Sendable, Hashable {
    case cancelAll(reason: String)
    case cancel([PageID], reason: String)
    /// These people's turn starts anew: what is left of their last one goes.
    case cancelOf(users: [UserID], reason: String)
    /// All of them leave later by so much (earlier, when negative).
    case postpone(Duration)
    /// This one leaves at once.
    case hasten(PageID, dueAt: Timestamp)
    /// Those of a turn that were cancelled at an instant or after it are queued again, later by so much.
    case revive(cycle: Int, cancelledSince: Timestamp, later: Duration)

    /// The same change for pages that were decided on but not committed yet.
    func apply(to drafts: inout [Page.Draft]) {
        var withdrawn: [Page.Draft] = []
        apply(to: &drafts, &withdrawn)
    }

    /// - Parameter withdrawn: what the last `cancelAll` took back, which a `revive` brings back.
    func apply(to drafts: inout [Page.Draft], _ withdrawn: inout [Page.Draft]) {
        switch self {
        case .cancelAll:
            withdrawn = drafts
            drafts = []
        case .revive(let cycle, _, let later):
            for var draft in withdrawn where draft.cycle == cycle {
                draft.dueAt = draft.dueAt + later
                drafts.append(draft)
            }
            withdrawn = []
        case .cancelOf(let users, _): drafts.removeAll { users.contains($0.userID) }
        case .postpone(let duration):
            for index in drafts.indices { drafts[index].dueAt = drafts[index].dueAt + duration }
        case .cancel, .hasten: break  // They name pages that are stored.
        }
    }
}

extension Page {
    /// A page of an incident before it has an identity.
    package struct Draft: Sendable, Hashable {
        package var userID: UserID
        package var contactMethodID: ContactMethodID
        package var channel: Channel
        package var address: String
        package var urgency: Urgency
        package var cycle: Int
        package var step: Int
        /// What asked for it: a notification rule's id, or the fallback. Fires once in a turn.
        package var rule: String
        package var dueAt: Timestamp

        package init(
            userID: UserID, contactMethodID: ContactMethodID, channel: Channel, address: String, urgency: Urgency,
            cycle: Int, step: Int, rule: String, dueAt: Timestamp
        ) {
            self.userID = userID
            self.contactMethodID = contactMethodID
            self.channel = channel
            self.address = address
            self.urgency = urgency
            self.cycle = cycle
            self.step = step
            self.rule = rule
            self.dueAt = dueAt
        }
    }
}
