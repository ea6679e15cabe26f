/// PostgreSQL through libpq: a pool of connections, each on its own thread, and one more that listens.
final class PostgresDatabase: Database {
    let dialect = Dialect.postgres
    private let pool: ThreadPool<PostgresConnection>
    private let listener: PostgresListener

    init(parameters: PostgresParameters, options: DatabaseOptions) {
        let settings = PostgresSettings(parameters: parameters, options: options)
        pool = ThreadPool(name: "postgres", threads: options.connections, options: options) {
            () throws(DatabaseError) in
            try PostgresConnection(settings)
        }
        listener = PostgresListener(settings)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await pool.run { connection in
            let result = Result { () throws(DatabaseError) in try body(connection) }
            return (result, connection.isIntact)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await pool.run { connection in
            let result = Result { () throws(DatabaseError) in
                try connection.transaction(begin: "BEGIN") { () throws(DatabaseError) in try body(connection) }
            }
            return (result, connection.isIntact)
        }
    }

    func run(_ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await pool.run { connection in
            let result = Result { () throws(DatabaseError) in try connection.batch([statement])[0] }
            return (result, connection.isIntact)
        }
    }

    func notifications() -> AsyncStream<DatabaseNotification> { listener.listen() }

    func foreignChangeCounter() async throws(DatabaseError) -> Int64? { nil }

    func close() async {
        listener.stop()
        await pool.close()
    }
}

/// What a connection is opened with.
struct PostgresSettings: Sendable {
    let keywords: [String: String]

    init(parameters: PostgresParameters, options: DatabaseOptions) {
        var keywords = parameters.keywords
        keywords["connect_timeout"] = String(max(2, options.connectTimeout.components.seconds))
        keywords["keepalives_idle"] = "30"
        keywords["keepalives_interval"] = "10"
        keywords["keepalives_count"] = "3"
        keywords["tcp_user_timeout"] = "20000"
        keywords["client_encoding"] = "UTF8"
        if keywords["application_name"] == nil { keywords["application_name"] = "pagerpal" }
        let timeout = options.statementTimeout.components.seconds * 1000
        keywords["options"] =
            "-c statement_timeout=\(timeout) -c lock_timeout=\(timeout) " + (keywords["options"] ?? "")
        self.keywords = keywords
    }
}
