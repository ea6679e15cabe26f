internal import Glibc

/// PostgreSQL through libpq. Each workload has a pool of connections, each on its own thread. One more connection
/// listens for notifications.
final class PostgresDatabase: Database {
    let dialect = Dialect.postgres
    private let pools: [Workload: ThreadPool<PostgresConnection>]
    private let listener: PostgresListener

    init(parameters: PostgresParameters, options: DatabaseOptions) {
        let pause = ReconnectPause(options.reconnectPause)
        pools = Dictionary(
            uniqueKeysWithValues: Workload.allCases.map { workload in
                let settings = PostgresSettings(parameters: parameters, options: options, workload: workload)
                let pool = ThreadPool(
                    name: "postgres", threads: options.connections(workload), options: options.queue(workload),
                    pause: pause, isUsable: { $0.isStillOpen() }
                ) { () throws(DatabaseError) in
                    try PostgresConnection(settings)
                }
                return (workload, pool)
            })
        listener = PostgresListener(
            PostgresSettings(parameters: parameters, options: options, workload: .interactive))
    }

    func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await perform(workload) { (connection) throws(DatabaseError) in try body(connection) }
    }

    func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await perform(workload) { (connection) throws(DatabaseError) in
            try connection.transaction { () throws(DatabaseError) in try body(connection) }
        }
    }

    func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await perform(workload) { (connection) throws(DatabaseError) in try connection.batch([statement])[0] }
    }

    func notifications() -> AsyncStream<DatabaseNotification> { listener.listen() }

    func foreignChangeCounter() async throws(DatabaseError) -> Int64? { nil }

    func close() async {
        listener.stop()
        for pool in pools.values { await pool.close() }
    }

    private func perform<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (PostgresConnection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        guard let pool = pools[workload] else { throw .closed }
        return try await pool.run { connection in
            (repeated(connection) { () throws(DatabaseError) in try body(connection) }, connection.isIntact)
        }
    }
}

/// The maximum number of tries for a transaction that conflicts with others.
private let attempts = 5

/// Runs a body again, with growing pauses, while the server refuses it for a reason that may pass: a deadlock, a lock,
/// a conflict, or a query plan from before a schema change. Each failed try is rolled back.
private func repeated<Value>(
    _ connection: PostgresConnection, _ body: () throws(DatabaseError) -> Value
) -> Result<Value, DatabaseError> {
    var attempt = 1
    while true {
        do {
            return .success(try body())
        } catch {
            guard attempt < attempts, connection.isIntact, let fault = connection.takeFault() else {
                return .failure(error)
            }
            if fault.isStalePlan {
                guard attempt == 1, (try? connection.forgetStatements()) != nil else { return .failure(error) }
            } else if fault.isConflict {
                usleep(connection.pause(attempt))
            } else {
                return .failure(error)
            }
            attempt += 1
        }
    }
}
