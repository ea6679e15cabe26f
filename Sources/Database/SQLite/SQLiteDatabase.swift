internal import Glibc
internal import Synchronization

/// SQLite in a file: one writer and a few readers, each on its own thread. WAL lets readers continue while the writer
/// writes. `synchronous=FULL` makes commits survive a power failure. Leases go first in the writer's queue, and reports
/// have a reader of their own. Another thread copies the log into the file.
final class SQLiteDatabase: Database {
    let dialect = Dialect.sqlite
    private let writer: ThreadPool<SQLiteConnection>
    private let readers: ThreadPool<SQLiteConnection>
    private let reporter: ThreadPool<SQLiteConnection>
    private let copier: ThreadPool<SQLiteConnection>
    private let checkpoints = Mutex(CheckpointPlan())

    /// - Parameter path: a file, whose directory is created if needed, or `:memory:`, which uses a single connection.
    init(path: String, options: DatabaseOptions) throws(DatabaseError) {
        try makeFolder(of: path)
        let pause = ReconnectPause(options.reconnectPause)
        func pool(_ name: String, threads: Int, _ workload: Workload, isReader: Bool) -> ThreadPool<SQLiteConnection> {
            let limit = isReader ? options.statementTimeout(workload) : nil
            return ThreadPool(name: name, threads: threads, options: options.queue(workload), pause: pause) {
                () throws(DatabaseError) in
                try SQLiteConnection(path: path, isReader: isReader, statementTimeout: limit, meter: options.meter)
            }
        }
        writer = pool("sqlite-writer", threads: 1, .commit, isReader: false)
        let isInMemory = path == ":memory:"
        readers =
            isInMemory
            ? writer : pool("sqlite-reader", threads: min(options.connections, 3), .interactive, isReader: true)
        reporter = isInMemory ? writer : pool("sqlite-report", threads: 1, .report, isReader: true)
        copier = isInMemory ? writer : pool("sqlite-copier", threads: 1, .migration, isReader: true)
    }

    func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await (workload == .report ? reporter : readers).run { connection in
            let result = Result { () throws(DatabaseError) in try body(connection) }
            return (result, connection.isIntact)
        }
    }

    func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await writer.run(isUrgent: workload == .lease) { connection in
            let result = Result { () throws(DatabaseError) in
                try connection.transaction(begin: "BEGIN IMMEDIATE") { () throws(DatabaseError) in
                    try body(connection)
                }
            }
            return (result, connection.isIntact)
        } afterwards: { [self] connection in
            copyLog(after: connection)
        }
    }

    func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await writer.run(isUrgent: workload == .lease) { connection in
            let result = Result { () throws(DatabaseError) in try connection.batch([statement])[0] }
            return (result, connection.isIntact)
        } afterwards: { [self] connection in
            copyLog(after: connection)
        }
    }

    /// Has the log copied into the file when it is time, after a commit on the writer's thread.
    private func copyLog(after connection: SQLiteConnection) {
        switch checkpoints.withLock({ $0.next(pages: connection.logPages) }) {
        case .nothing: break
        case .now:
            let copied = connection.checkpoint()
            checkpoints.withLock { $0.ended(copied: copied) }
        case .beside:
            copier.post { [self] copier in
                let copied = copier.checkpoint()
                checkpoints.withLock { $0.ended(copied: copied) }
                return copier.isIntact
            } otherwise: { [self] in
                checkpoints.withLock { $0.ended(copied: nil) }
            }
        }
    }

    func notifications() -> AsyncStream<DatabaseNotification> { AsyncStream { _ in } }

    func foreignChangeCounter() async throws(DatabaseError) -> Int64? {
        try await writer.run { connection in
            let result = Result { () throws(DatabaseError) -> Int64? in
                try connection.query("PRAGMA data_version").first?.get("data_version")
            }
            return (result, connection.isIntact)
        }
    }

    func close() async {
        if copier !== writer { await copier.close() }
        await reporter.close()
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
            throw .unavailable("the folder \(folder) can't be created: \(String(cString: strerror(errno)))")
        }
    }
}

extension Connection {
    /// Runs BEGIN, the body and COMMIT, or ROLLBACK when anything throws.
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
