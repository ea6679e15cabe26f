package import Database
package import Domain
internal import Store

/// Who answers from outside of PagerPal, and what they may do.
extension IncidentContext {
    /// Returns the verified contact method with one of these addresses, and its enabled owner.
    ///
    /// - Parameter orDisabled: whether a disabled contact method counts, too. Only a text to start again may come from one.
    package func sender(
        over channel: Channel, from addresses: [String], orDisabled: Bool = false
    ) -> (ContactMethod, User)? {
        let configuration = configuration.current
        return configuration.contactMethods.values
            .filter { $0.channel == channel && addresses.contains($0.address) && $0.verifiedAt != nil }
            .filter { orDisabled || $0.isEnabled }
            .sorted { $0.id < $1.id }
            .compactMap { method in
                configuration.users[method.userID].flatMap { $0.isEnabled ? (method, $0) : nil }
            }.first
    }

    /// Whether the person may change an incident: they respond to incidents, or they were paged for this one.
    package func mayAct(_ person: User, on incident: Incident) async throws(DatabaseError) -> Bool {
        if configuration.current.allows(person.id, .respond) { return true }
        var filter = PageFilter()
        filter.incident = incident.id
        filter.user = person.id
        filter.limit = 1
        return try await !store.pages(filter).isEmpty
    }
}
