package import Database
import Foundation
import Synchronization

/// A PostgreSQL database that counts the blocks that statements touch.
///
/// Each statement runs twice: once under EXPLAIN in a savepoint that is rolled back, then for real. The count does not
/// depend on the machine, only on the plan.
package final class ExplainedDatabase: Database {
    private let base: any Database
    private let blocks = Mutex(0)

    package init(_ base: any Database) { self.base = base }

    /// Returns the number of blocks since the last call.
    package func take() -> Int {
        blocks.withLock { count in
            defer { count = 0 }
            return count
        }
    }

    package var dialect: Dialect { base.dialect }

    package func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        // A read has no transaction for the savepoint.
        try await write(workload, body)
    }

    package func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await base.write(workload) { (connection) throws(DatabaseError) in
            try body(
                ExplainedConnection(connection) { (statement) throws(DatabaseError) in
                    try self.count(statement, connection)
                })
        }
    }

    package func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await base.run(workload, statement)
    }

    package func notifications() -> AsyncStream<DatabaseNotification> { base.notifications() }

    package func foreignChangeCounter() async throws(DatabaseError) -> Int64? { try await base.foreignChangeCounter() }

    package func close() async { await base.close() }

    private func count(_ statement: SQL, _ connection: any Connection) throws(DatabaseError) {
        let words = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"]
        guard words.contains(where: { statement.text.hasPrefix($0) }) else { return }
        try connection.script("SAVEPOINT explained")
        let rows = try connection.query("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) \(statement)")
        try connection.script("ROLLBACK TO SAVEPOINT explained")
        let text: String = try rows[0].get("QUERY PLAN")
        let plans = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        let plan = plans?.first?["Plan"] as? [String: Any] ?? [:]
        let touched = ["Shared Hit Blocks", "Shared Read Blocks"].compactMap { plan[$0] as? Int }.reduce(0, +)
        blocks.withLock { $0 += touched }
    }
}

private final class ExplainedConnection: Connection {
    private let base: any Connection
    private let count: (SQL) throws(DatabaseError) -> Void

    init(_ base: any Connection, _ count: @escaping (SQL) throws(DatabaseError) -> Void) {
        self.base = base
        self.count = count
    }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] {
        try count(statement)
        return try base.query(statement)
    }

    func execute(_ statement: SQL) throws(DatabaseError) -> Int {
        try count(statement)
        return try base.execute(statement)
    }

    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        // One after the other, since a statement may depend on the one before.
        var results: [StatementResult] = []
        for statement in statements {
            try count(statement)
            results += try base.batch([statement])
        }
        return results
    }

    func script(_ text: String) throws(DatabaseError) { try base.script(text) }

    func notify(_ payload: String) throws(DatabaseError) { try base.notify(payload) }
}
