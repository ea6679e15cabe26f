package import Database
package import Domain
internal import Store

/// Does what a pressed button in a chat asks for, as the person who pressed it.
package struct ButtonDesk: Sendable {
    private let context: IncidentContext
    private let directory: IncidentDirectory

    package init(context: IncidentContext, directory: IncidentDirectory) {
        self.context = context
        self.directory = directory
    }

    /// Acts once for each press, however often the vendor tells of it. After an error the vendor may tell of it again.
    package func take(_ press: ButtonPress) async throws(DatabaseError) -> ButtonOutcome {
        guard let (method, person) = context.sender(over: press.channel, from: press.from) else { return .stranger }
        let text = InboundText(
            id: press.id, channel: press.channel, from: method.address, text: press.action.rawValue)
        guard try await context.store.keepText(text, at: context.time.now()) else { return .repeated }
        let outcome = try await act(press, person)
        try await context.store.concludeText(text, outcome.hasChanged ? .action : .ignored)
        return outcome
    }

    private func act(_ press: ButtonPress, _ person: User) async throws(DatabaseError) -> ButtonOutcome {
        guard let incident = try await context.store.incident(press.target.incident) else { return .gone }
        guard try await context.mayAct(person, on: incident) else { return .notAllowed(incident.number) }
        if try await context.store.wasReopened(incident.id, after: press.target.version) { return .old(incident) }
        let request = CommandRequest(press.action.command, by: .user(person, via: "\(press.channel.name) button"))
        switch await directory.perform(request, on: incident.id) {
        case .done(let after, _): return .done(after, hasChanged: incident.state.name != after.state.name)
        case .refused: return .done(try await context.store.incident(incident.id) ?? incident, hasChanged: false)
        case .notFound: return .gone
        case .fenced, .failed: throw .unavailable("the incident could not be changed")
        }
    }
}
