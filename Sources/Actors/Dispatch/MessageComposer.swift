internal import Database
package import Domain
package import Store

/// Writes the messages of claimed pages.
package struct MessageComposer: Sendable {
    private let store: Store
    private let writer: MessageWriter
    private let time: TimeSource
    /// Returns the code in the URL that acknowledges a message's incidents.
    let linkCode: @Sendable (String) -> String

    /// - Parameters:
    ///   - acknowledgementLink: returns a URL that acknowledges a message's incidents without signing in.
    ///   - linkCode: returns the code in that URL.
    ///   - incidentLink: returns the URL of an incident's page, by its number.
    package init(
        store: Store, acknowledgementLink: @escaping @Sendable (String) -> String,
        linkCode: @escaping @Sendable (String) -> String,
        incidentLink: @escaping @Sendable (Int) -> String, time: TimeSource
    ) {
        self.store = store
        self.time = time
        self.linkCode = linkCode
        writer = MessageWriter(acknowledgementLink: acknowledgementLink, incidentLink: incidentLink)
    }

    func message(
        for claimed: ClaimedMessage, names configuration: Configuration
    ) async throws(DatabaseError) -> Message {
        let ids = claimed.pages.compactMap(\.incidentID)
        let incidents = ids.isEmpty ? [] : try await store.incidents(ids)
        var message = try writer.message(claimed.id, claimed.pages.map(\.page), incidents, configuration)
        if let length = message.channel.definition.conversation {
            message.isInConversation = try await store.hasText(
                from: message.address, over: message.channel, since: time.now() - length)
        }
        return message
    }
}
