/// A database: SQLite in a file, or PostgreSQL. This module knows statements, rows and transactions, but nothing about
/// incidents.
package protocol Database: Sendable {
    /// How the dialects of the two databases differ.
    var dialect: Dialect { get }

    /// Runs statements that only read. The body runs on a database thread and must not block on anything else.
    ///
    /// - Throws: `DatabaseError`; `.unavailable` when no connection was free in time.
    func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value

    /// Runs a transaction. It commits when the body returns and rolls back when the body throws. The body is
    /// synchronous, so nothing else runs on its connection in between. It may run again after a conflict with another
    /// transaction, so it must change nothing but the database.
    @discardableResult
    func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value

    /// Runs one statement as a transaction of its own, in one round trip.
    @discardableResult
    func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult

    /// The notifications that processes send with `Connection.notify`. Empty on SQLite, which only one process uses.
    func notifications() -> AsyncStream<DatabaseNotification>

    /// Returns a number that changes when another process changes the file. Nil when `notifications` reports such
    /// changes.
    func foreignChangeCounter() async throws(DatabaseError) -> Int64?

    /// Finishes the running calls and ends the threads. Later calls throw `.closed`.
    func close() async
}

extension Database {
    /// Reads in the interactive workload.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try await read(.interactive, body) }

    /// Runs a transaction in the interactive workload.
    @discardableResult
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try await write(.interactive, body) }

    /// Runs one statement in the interactive workload.
    @discardableResult
    package func run(_ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await run(.interactive, statement)
    }
}

/// A connection that is valid during one body. It must not escape the body.
package protocol Connection: AnyObject {
    func query(_ statement: SQL) throws(DatabaseError) -> [Row]

    /// - Returns: the number of changed rows.
    @discardableResult
    func execute(_ statement: SQL) throws(DatabaseError) -> Int

    /// Runs many statements in few round trips. Throws the first failure.
    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult]

    /// Runs several statements without values, such as a migration.
    func script(_ text: String) throws(DatabaseError)

    /// Sends a line of at most 7,900 bytes to all processes if the transaction commits.
    func notify(_ payload: String) throws(DatabaseError)

    /// Runs the last statements of a transaction and sends lines, in few round trips.
    func batch(_ statements: [SQL], notifying payloads: [String]) throws(DatabaseError)
}

extension Connection {
    package func batch(_ statements: [SQL], notifying payloads: [String]) throws(DatabaseError) {
        if !statements.isEmpty { _ = try batch(statements) }
        for payload in payloads { try notify(payload) }
    }
}

/// The rows that a statement returned, and the number of rows it changed.
package struct StatementResult: Sendable {
    package var rows: [Row]
    package var affected: Int
}

/// What a listening process receives.
package enum DatabaseNotification: Sendable, Hashable {
    case payload(String)
    /// The connection was lost for a while. Any notifications sent in the meantime are missing.
    case reconnected
}

/// The limits of the drivers.
package struct DatabaseOptions: Sendable {
    /// Connections to PostgreSQL for the interactive workload, or readers of SQLite. Other workloads have connections
    /// of their own.
    package var connections = 4
    /// The maximum number of calls that wait for a connection. Further calls are refused at once.
    package var waitingLimit = 10_000
    /// How long a call may wait for a connection.
    package var waitTimeout: Duration = .seconds(10)
    /// How long one statement may take on PostgreSQL.
    package var statementTimeout: Duration = .seconds(15)
    package var connectTimeout: Duration = .seconds(5)
    /// How long a lease lasts. Anything that delays a takeover, such as an open transaction, must end sooner.
    package var leaseDuration: Duration = .seconds(5)
    /// How long to wait after a failed connection before anyone tries again.
    package var reconnectPause: Duration = .milliseconds(250)
    /// Counts the work of SQLite's statements. Nil counts nothing.
    package var meter: StatementMeter?

    package init() {}
}

/// Opens a database without connecting to it. Whether it can be reached shows at its first use.
package func openDatabase(
    _ url: DatabaseURL, options: DatabaseOptions = DatabaseOptions()
) throws(DatabaseError) -> any Database {
    switch url {
    case .sqlite(let path): try SQLiteDatabase(path: path, options: options)
    case .postgres(let parameters): PostgresDatabase(parameters: parameters, options: options)
    }
}

/// Opens an empty SQLite database in memory that has no thread of its own. It belongs to the caller's thread.
package func openMemoryConnection() throws(DatabaseError) -> any Connection {
    try SQLiteConnection(path: ":memory:", isReader: false)
}
