/// The effects of one command on an incident, as data. Nothing takes effect before the commit.
package struct Transition: Sendable, Hashable {
    /// The incident after the command, still with the version on which the decision was made.
    package var incident: Incident
    package var outcome: Outcome
    package var entries: [TimelineEntry]
    /// Changes to queued pages. They apply before the new pages are added.
    package var pageChanges: [PageChange]
    package var pages: [Page.Draft]
    /// The posts in channels of teams.
    package var posts = PostChanges()
    /// Pages that this transition both added and withdrew. `PageChange.revive` restores them.
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

    /// The result of the command, for the answer to its sender.
    package enum Outcome: Sendable, Hashable {
        case opened, updated, acknowledged, resolved, reopened, escalated, exhausted, snoozed, noted, reassigned
        /// Acknowledged a second time. The first owner stays.
        case acknowledgedAgain
        /// Nothing changed, for this reason.
        case ignored(String)
    }

    /// Whether there is nothing to commit.
    package var isEmpty: Bool {
        if case .ignored = outcome { return entries.isEmpty && pages.isEmpty && pageChanges.isEmpty }
        return false
    }

    /// Appends a transition that was decided on the incident as this one leaves it.
    package mutating func append(_ next: Transition) {
        for change in next.pageChanges { change.apply(to: &pages, &withdrawn) }
        incident = next.incident
        outcome = next.outcome
        entries += next.entries
        pageChanges += next.pageChanges
        pages += next.pages
        posts.add(next.posts)
    }
}

/// A change to the queued pages of one incident.
package enum PageChange: Sendable, Hashable {
    case cancelAll(reason: String)
    case cancel([PageID], reason: String)
    /// Cancels what is left of these people's last turn, because a new turn starts.
    case cancelOf(users: [UserID], reason: String)
    /// Withdraws the pages of all turns after this one, and takes the turns out of the count.
    case takeBack(after: Int, reason: String)
    /// Delays all pages by a duration, which may be negative.
    case postpone(Duration)
    /// Makes one page leave at once.
    case hasten(PageID, dueAt: Timestamp)
    /// Tells those of these people whom the incident has paged, over the way that reached them last.
    case tell([UserID], text: String, at: Timestamp)
    /// Takes back what has not been told yet.
    case tellNothing
    /// Queues the pages of a turn again, later by a duration, if they were cancelled at or after an instant.
    case revive(cycle: Int, cancelledSince: Timestamp, later: Duration)

    /// Applies the same change to pages that are not committed yet.
    func apply(to drafts: inout [Page.Draft]) {
        var withdrawn: [Page.Draft] = []
        apply(to: &drafts, &withdrawn)
    }

    /// - Parameter withdrawn: the pages that were withdrawn since the last `cancelAll`. `revive` restores them.
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
        case .cancelOf(let users, _):
            withdrawn += drafts.filter { users.contains($0.userID) }
            drafts.removeAll { users.contains($0.userID) }
        case .takeBack(let cycle, _): drafts.removeAll { $0.cycle > cycle }
        case .postpone(let duration):
            for index in drafts.indices { drafts[index].dueAt = drafts[index].dueAt + duration }
        case .tell, .tellNothing: break  // Nobody was paged by a page that is not stored.
        case .cancel, .hasten: break  // They name pages that are stored.
        }
    }
}

extension Page {
    /// A page of an incident before it has an id.
    package struct Draft: Sendable, Hashable {
        package var userID: UserID
        package var contactMethodID: ContactMethodID
        package var channel: Channel
        package var address: String
        package var urgency: Urgency
        package var cycle: Int
        package var step: Int
        /// What asked for the page: a notification rule's id or the fallback. It fires once in a turn.
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
