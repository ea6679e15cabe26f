internal import Glibc

/// SQLite in a file: one writer and a few readers, each on its own thread. WAL lets the readers go on while the
/// writer writes; `synchronous=FULL` makes a commit survive a power failure.
final class SQLiteDatabase: Database {
    let dialect = Dialect.sqlite
    private let writer: ThreadPool<SQLiteConnection>
    private let readers: ThreadPool<SQLiteConnection>

    /// - Parameter path: a file, whose folder is made if need be, or `:memory:`, which has one connection for all.
    init(path: String, options: DatabaseOptions) throws(DatabaseError) {
        try makeFolder(of: path)
        let open: @Sendable (Bool) -> ThreadPool<SQLiteConnection>.Open = { isReader in
            { () throws(DatabaseError) in try SQLiteConnection(path: path, isReader: isReader) }
        }
        writer = ThreadPool(name: "sqlite-writer", threads: 1, options: options, open: open(false))
        let isInMemory = path == ":memory:"
        readers =
            isInMemory
            ? writer
            : ThreadPool(
                name: "sqlite-reader", threads: min(options.connections, 3), options: options, open: open(true))
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await readers.run { connection in
            (Result { () throws(DatabaseError) in try body(connection) }, isIntact: true)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await writer.run { connection in
            let result = Result { () throws(DatabaseError) in
                try connection.transaction(begin: "BEGIN IMMEDIATE") { () throws(DatabaseError) in try body(connection)
                }
            }
            return (result, isIntact: true)
        }
    }

    func run(_ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await writer.run { connection in
            (Result { () throws(DatabaseError) in try connection.batch([statement])[0] }, isIntact: true)
        }
    }

    func notifications() -> AsyncStream<DatabaseNotification> { AsyncStream { _ in } }

    func foreignChangeCounter() async throws(DatabaseError) -> Int64? {
        try await writer.run { connection in
            let result = Result { () throws(DatabaseError) -> Int64? in
                try connection.query("PRAGMA data_version").first?.get("data_version")
            }
            return (result, isIntact: true)
        }
    }

    func close() async {
        await readers.close()
        await writer.close()
    }
}

private func makeFolder(of path: String) throws(DatabaseError) {
    guard path != ":memory:", let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    var folder = ""
    for part in path[..<slash].split(separator: "/", omittingEmptySubsequences: false) {
        folder += part.isEmpty ? "/" : (folder.hasSuffix("/") || folder.isEmpty ? "" : "/") + part
        if mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw .unavailable("the folder \(folder) can't be made: \(String(cString: strerror(errno)))")
        }
    }
}

extension Connection {
    /// BEGIN, the body, COMMIT; ROLLBACK when anything throws.
    func transaction<Value>(
        begin: String, _ body: () throws(DatabaseError) -> Value
    ) throws(DatabaseError) -> Value {
        try script(begin)
        do {
            let value = try body()
            try script("COMMIT")
            return value
        } catch {
            try? script("ROLLBACK")
            throw error
        }
    }
}
