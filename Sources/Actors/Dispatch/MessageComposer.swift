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

    /// Looks at what the message is about, right before it leaves.
    func lastLook(at claimed: ClaimedMessage) async -> LastLook {
        let conversation = claimed.pages[0].page.channel.definition.conversation
        do {
            return try await store.lastLook(at: claimed, conversationSince: conversation.map { time.now() - $0 })
        } catch {
            // If the database does not answer, nothing is withdrawn: one page too many is the lesser evil.
            var nothing = LastLook()
            nothing.incidents = .failure(error)
            return nothing
        }
    }

    func message(
        for claimed: ClaimedMessage, _ look: LastLook, names configuration: Configuration
    ) throws(DatabaseError) -> Message {
        let ids = Set(claimed.pages.compactMap(\.incidentID))
        let incidents = ids.isEmpty ? [] : try look.incidents.get().filter { ids.contains($0.id) }
        var message = try writer.message(claimed.id, claimed.pages.map(\.page), incidents, configuration)
        message.isInConversation = look.isInConversation
        return message
    }
}
