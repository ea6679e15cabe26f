internal import Database
package import Domain
internal import Store

/// The only way to change the configuration. It checks the whole configuration, writes the change and its audit
/// entries in one transaction, updates this process's cache, and applies the change to the affected incidents.
package struct Configurator: Sendable {
    /// How often a change is decided again when other processes change the configuration at the same time.
    private static let attempts = 20

    private let context: IncidentContext
    private let followUps: FollowUpWorker

    package init(context: IncidentContext, followUps: FollowUpWorker) {
        self.context = context
        self.followUps = followUps
    }

    /// Generates the ids of new objects.
    package var identifiers: Identifiers { context.store.identifiers }

    /// Applies the changes that `decide` returns for the latest configuration: all of them or none.
    ///
    /// - Parameter decide: called again if the configuration changed in the meantime. In a schedule that it saves, the
    ///   people on call stay on call.
    /// - Returns: the configuration with the changes.
    @discardableResult
    package func change(
        by author: Author, _ decide: (Configuration) throws(ConfigurationFault) -> [ConfigurationChange]
    ) async throws(ConfigurationFault) -> Configuration {
        for _ in 0..<Configurator.attempts {
            let before = context.configuration.current
            let now = context.time.now()
            let changes = before.keepingDuty(try decide(before), at: now)
            guard !changes.isEmpty else { return before }
            let faults = before.faults(of: changes)
            guard faults.isEmpty else { throw .invalid(faults) }
            let owed: [FollowUp]?
            do {
                owed = try await context.store.change(changes, on: before, by: author, at: now)
                // Should this fail, the change stands, and the clock does what must follow.
                try await context.configuration.reload()
            } catch {
                throw fault(of: error)
            }
            guard let owed else { continue }
            let after = context.configuration.current
            await followUps.perform(owed)
            return after
        }
        throw .unavailable("The configuration changes too often to make this change. Try again.")
    }

    /// Translates what only the database can check, because it is not part of the configuration.
    private func fault(of error: DatabaseError) -> ConfigurationFault {
        switch error {
        case .constraint(.unique, _): .invalid([FieldFault("name", "This name already exists.")])
        case .constraint(.foreignKey, _): .inUse(["Something still refers to it, or it refers to a deleted object."])
        case .unavailable, .busy, .constraint, .statement, .decoding, .invalidValue, .closed:
            .unavailable(error.description)
        }
    }
}
