package import Domain
package import Store

/// The services that the actors of incidents use.
package struct IncidentContext: Sendable {
    package let store: Store
    package let commits: CommitQueue
    package let configuration: ConfigurationCache
    package let time: TimeSource
    let finder: IncidentFinder
    /// Shared by all copies.
    let deliveries = DeliveryTally()

    package init(store: Store, commits: CommitQueue, configuration: ConfigurationCache, time: TimeSource) {
        self.store = store
        self.commits = commits
        self.configuration = configuration
        self.time = time
        finder = IncidentFinder(store: store)
    }
}
