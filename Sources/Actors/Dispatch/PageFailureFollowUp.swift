internal import Database
internal import Domain
internal import Logging
internal import Store

/// Moves an incident to the next channel or step after one of its pages ended without being delivered.
struct PageFailureFollowUp: Sendable {
    let store: Store
    let directory: IncidentDirectory
    let logger: Logger

    func moveOn(from ended: [EndedPage]) async {
        for end in ended {
            guard let incident = end.incidentID else { continue }
            do {
                let others = try await store.latestRounds(of: [incident])[incident] ?? []
                let command = Command.pageFailed(end.page, others: others)
                let result = await directory.perform(CommandRequest(command, by: .system), on: incident)
                if case .failed(let reason) = result { throw DatabaseError.unavailable(reason) }
            } catch {
                // The policy's timer still triggers the next step.
                logger.error("an incident can't continue after a failed page", metadata: ["error": "\(error)"])
            }
        }
    }
}
