package import Database
import Synchronization

/// A database that commits a chosen transaction but loses the answer.
package final class LosingDatabase: Database {
    private enum State { case idle, armed, lost }

    private let inner: any Database
    private let words: String
    private let state = Mutex(State.idle)

    /// - Parameter words: text that a statement of the transaction contains.
    package init(_ inner: any Database, when words: String) {
        self.inner = inner
        self.words = words
    }

    package func loseNextAnswer() { state.withLock { $0 = .armed } }

    package var hasLost: Bool { state.withLock { $0 == .lost } }

    package var dialect: Dialect { inner.dialect }

    package func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try await inner.read(workload, body) }

    package func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        let words = words
        let (value, isIt) = try await inner.write(workload) { (connection) throws(DatabaseError) in
            let watched = WatchedConnection(connection, words)
            let value = try body(watched)
            return (value, watched.hasSeen)
        }
        let isLost = state.withLock { state -> Bool in
            guard isIt, state == .armed else { return false }
            state = .lost
            return true
        }
        if isLost { throw .unavailable("the answer to COMMIT was lost") }
        return value
    }

    package func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await inner.run(workload, statement)
    }

    package func notifications() -> AsyncStream<DatabaseNotification> { inner.notifications() }

    package func foreignChangeCounter() async throws(DatabaseError) -> Int64? {
        try await inner.foreignChangeCounter()
    }

    package func close() async { await inner.close() }
}

/// Watches for a statement that contains certain text.
private final class WatchedConnection: Connection {
    private let inner: any Connection
    private let words: String
    private(set) var hasSeen = false

    init(_ inner: any Connection, _ words: String) {
        self.inner = inner
        self.words = words
    }

    private func note(_ statement: SQL) { if statement.text.contains(words) { hasSeen = true } }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] {
        note(statement)
        return try inner.query(statement)
    }

    func execute(_ statement: SQL) throws(DatabaseError) -> Int {
        note(statement)
        return try inner.execute(statement)
    }

    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        for statement in statements { note(statement) }
        return try inner.batch(statements)
    }

    func script(_ text: String) throws(DatabaseError) { try inner.script(text) }

    func notify(_ payload: String) throws(DatabaseError) { try inner.notify(payload) }
}
