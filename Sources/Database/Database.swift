/// A database: SQLite in a file, or PostgreSQL. Knows statements, rows and transactions, and no incident.
package protocol Database: Sendable {
    /// What differs between the two.
    var dialect: Dialect { get }

    /// Runs statements that only read. The body runs on a thread of the database and must not block on anything else.
    ///
    /// - Throws: `DatabaseError`; `.unavailable` when no connection could be had in time.
    func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value

    /// Runs a transaction: committed when the body returns, rolled back when it throws. The body is synchronous, so
    /// nothing else can run on its connection in between. It runs again when another transaction was in its way, so
    /// it must not change anything but the database.
    @discardableResult
    func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value

    /// One statement that is a transaction of its own, in one round trip.
    @discardableResult
    func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult

    /// What processes announce with `Connection.notify`. Nothing on SQLite, where there is one process.
    func notifications() -> AsyncStream<DatabaseNotification>

    /// A number that changes when another process has changed the file; nil where `notifications` does the job.
    func foreignChangeCounter() async throws(DatabaseError) -> Int64?

    /// Waits for what runs and ends the threads. Later calls throw `.closed`.
    func close() async
}

extension Database {
    /// Reads for somebody who waits.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try await read(.interactive, body) }

    /// A transaction for somebody who waits.
    @discardableResult
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try await write(.interactive, body) }

    /// One statement for somebody who waits.
    @discardableResult
    package func run(_ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await run(.interactive, statement)
    }
}

/// A connection for the length of one body. It must not leave it.
package protocol Connection: AnyObject {
    func query(_ statement: SQL) throws(DatabaseError) -> [Row]

    /// - Returns: the number of rows that were changed.
    @discardableResult
    func execute(_ statement: SQL) throws(DatabaseError) -> Int

    /// Many statements in few round trips. The first failure is thrown.
    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult]

    /// Several statements without values, like a migration.
    func script(_ text: String) throws(DatabaseError)

    /// Announces a line of at most 7,900 bytes to all processes, when and if the transaction commits.
    func notify(_ payload: String) throws(DatabaseError)
}

/// Rows that a statement returned, and how many it changed.
package struct StatementResult: Sendable {
    package var rows: [Row]
    package var affected: Int
}

/// What a listening process hears.
package enum DatabaseNotification: Sendable, Hashable {
    case payload(String)
    /// The connection was lost for a while: whatever was announced meanwhile is unknown.
    case reconnected
}

/// Limits of the drivers.
package struct DatabaseOptions: Sendable {
    /// Connections to PostgreSQL for people and clients of the API, or readers of SQLite. The other workloads have
    /// theirs besides.
    package var connections = 4
    /// Calls that may wait for a connection; more are refused at once.
    package var waitingLimit = 10_000
    /// How long a call may wait for a connection.
    package var waitTimeout: Duration = .seconds(10)
    /// How long one statement may take on PostgreSQL.
    package var statementTimeout: Duration = .seconds(15)
    package var connectTimeout: Duration = .seconds(5)
    /// How long a lease lasts. What holds up a take-over, like an open transaction, must end earlier.
    package var leaseDuration: Duration = .seconds(5)
    /// After a failure to connect nobody tries again for so long.
    package var reconnectPause: Duration = .milliseconds(250)

    package init() {}
}

/// Opens a database without asking whether it can be reached: that shows at its first use.
package func openDatabase(
    _ url: DatabaseURL, options: DatabaseOptions = DatabaseOptions()
) throws(DatabaseError) -> any Database {
    switch url {
    case .sqlite(let path): try SQLiteDatabase(path: path, options: options)
    case .postgres(let parameters): PostgresDatabase(parameters: parameters, options: options)
    }
}
