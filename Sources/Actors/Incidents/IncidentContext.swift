package import Domain
package import Store

/// What the actors of incidents work with.
package struct IncidentContext: Sendable {
    package let store: Store
    package let commits: CommitQueue
    package let roster: RosterKeeper
    package let time: TimeSource

    package init(store: Store, commits: CommitQueue, roster: RosterKeeper, time: TimeSource) {
        self.store = store
        self.commits = commits
        self.roster = roster
        self.time = time
    }
}
