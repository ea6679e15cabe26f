package import Database

/// A database that shows a test each statement before it runs. The test can count, stop or fail statements.
package final class ProbedDatabase: Database {
    /// Called on the database thread. An error that it throws becomes the statement's result.
    package typealias Probe = @Sendable (Workload, String) throws(DatabaseError) -> Void

    private let base: any Database
    private let probe: Probe

    package init(_ base: any Database, _ probe: @escaping Probe) {
        self.base = base
        self.probe = probe
    }

    package var dialect: Dialect { base.dialect }

    package func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await base.read(workload) { [probe] (connection) throws(DatabaseError) in
            try body(ProbedConnection(connection, workload, probe))
        }
    }

    package func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await base.write(workload) { [probe] (connection) throws(DatabaseError) in
            try body(ProbedConnection(connection, workload, probe))
        }
    }

    package func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try probe(workload, statement.text)
        return try await base.run(workload, statement)
    }

    package func notifications() -> AsyncStream<DatabaseNotification> { base.notifications() }

    package func foreignChangeCounter() async throws(DatabaseError) -> Int64? { try await base.foreignChangeCounter() }

    package func close() async { await base.close() }
}

private final class ProbedConnection: Connection {
    private let base: any Connection
    private let workload: Workload
    private let probe: ProbedDatabase.Probe

    init(_ base: any Connection, _ workload: Workload, _ probe: @escaping ProbedDatabase.Probe) {
        self.base = base
        self.workload = workload
        self.probe = probe
    }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] {
        try probe(workload, statement.text)
        return try base.query(statement)
    }

    func execute(_ statement: SQL) throws(DatabaseError) -> Int {
        try probe(workload, statement.text)
        return try base.execute(statement)
    }

    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        for statement in statements { try probe(workload, statement.text) }
        return try base.batch(statements)
    }

    func script(_ text: String) throws(DatabaseError) {
        try probe(workload, text)
        try base.script(text)
    }

    func notify(_ payload: String) throws(DatabaseError) {
        try probe(workload, "NOTIFY")
        try base.notify(payload)
    }
}
