import Domain
import Formats
import Integrations
import Synchronization
import TestSupport

/// SNS's host and the database, controlled by a test.
final class TestSurroundings: SNSContext {
    struct Failure: Error {}

    private struct State {
        var fetched: [String] = []
        var pem: [UInt8]?
        var failure: Failure?
        var taken: Set<String> = []
        var until: Timestamp?
    }

    private let state = Mutex(State())

    var fetched: [String] { state.withLock(\.fetched) }
    var until: Timestamp? { state.withLock(\.until) }
    var pem: [UInt8]? {
        get { state.withLock(\.pem) }
        set { state.withLock { $0.pem = newValue } }
    }
    var failure: Failure? {
        get { state.withLock(\.failure) }
        set { state.withLock { $0.failure = newValue } }
    }

    func certificate(at url: String) async throws -> [UInt8] {
        let pem = try state.withLock { state in
            state.fetched.append(url)
            if let failure = state.failure { throw failure }
            return state.pem
        }
        return try pem ?? TestSigner.shared.get().pem
    }

    func hasTaken(_ messageID: String, from source: String) async throws -> Bool {
        state.withLock { $0.taken.contains("\(source)/\(messageID)") }
    }

    func remember(_ messageID: String, from source: String, until: Timestamp) async throws {
        state.withLock {
            $0.taken.insert("\(source)/\(messageID)")
            $0.until = until
        }
    }
}
