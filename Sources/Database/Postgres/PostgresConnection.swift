internal import CPostgres

/// One connection of libpq. It stays on the thread that made it.
final class PostgresConnection: Connection {
    private let handle: OpaquePointer
    private var statements: [String: String] = [:]
    private var prepared = 0
    /// Prepared statements that are kept; with more, all are dropped and prepared anew.
    private static let statementLimit = 256
    /// Statements of one pipelined batch: more could fill both sides' buffers and stop them for good.
    private static let pipelineLimit = 200

    init(_ settings: PostgresSettings) throws(DatabaseError) {
        handle = try connect(settings)
    }

    deinit { PQfinish(handle) }

    /// False once the connection to the server is lost.
    var isIntact: Bool { PQstatus(handle) == CONNECTION_OK }

    /// The descriptor to wait on for notifications.
    var socket: Int32 { PQsocket(handle) }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] { try run(statement).rows }

    @discardableResult
    func execute(_ statement: SQL) throws(DatabaseError) -> Int { try run(statement).affected }

    func script(_ text: String) throws(DatabaseError) { _ = try consume(PQexec(handle, text)) }

    func notify(_ payload: String) throws(DatabaseError) {
        _ = try run("SELECT pg_notify('pagerpal', \(payload))")
    }

    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        guard statements.count > 1 else {
            return try statements.map { (statement) throws(DatabaseError) in try run(statement) }
        }
        var results: [StatementResult] = []
        results.reserveCapacity(statements.count)
        for start in stride(from: 0, to: statements.count, by: PostgresConnection.pipelineLimit) {
            let end = min(start + PostgresConnection.pipelineLimit, statements.count)
            results += try pipeline(Array(statements[start..<end]))
        }
        return results
    }

    /// What other connections announced since the last call.
    func takeNotifications() -> [String] {
        guard PQconsumeInput(handle) == 1 else { return [] }
        var payloads: [String] = []
        while let notification = PQnotifies(handle) {
            payloads.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }

    private func run(_ sql: SQL) throws(DatabaseError) -> StatementResult {
        let name = try prepare(sql.text)
        let values = try PostgresValues(sql.values)
        return try consume(values.withPointers { PQexecPrepared(handle, name, $0, $1, $2, $3, 0) })
    }

    private func prepare(_ text: String) throws(DatabaseError) -> String {
        if let known = statements[text] { return known }
        if statements.count >= PostgresConnection.statementLimit {
            _ = try consume(PQexec(handle, "DEALLOCATE ALL"))
            statements = [:]
        }
        prepared += 1
        let name = "s\(prepared)"
        _ = try consume(PQprepare(handle, name, text, 0, nil))
        statements[text] = name
        return name
    }

    /// All statements in one round trip. After a failure the server skips the rest; the first failure is thrown.
    private func pipeline(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        let names = try prepareAll(statements)
        let values = try statements.map { (sql) throws(DatabaseError) in try PostgresValues(sql.values) }
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        for (name, values) in zip(names, values) {
            guard values.withPointers({ PQsendQueryPrepared(handle, name, $0, $1, $2, $3, 0) }) == 1 else {
                throw lost()
            }
        }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        var results: [StatementResult] = []
        var failure: DatabaseError?
        drain: while isIntact {
            guard let result = PQgetResult(handle) else { continue }
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                break drain
            case PGRES_PIPELINE_ABORTED: PQclear(result)
            default: do { results.append(try consume(result)) } catch { failure = failure ?? error }
            }
        }
        guard PQexitPipelineMode(handle) == 1 else { throw failure ?? lost() }
        if let failure { throw failure }
        return results
    }

    /// Names of the prepared statements. When the cache is emptied on the way, the earlier ones are prepared again.
    private func prepareAll(_ statements: [SQL]) throws(DatabaseError) -> [String] {
        let texts = statements.map(\.text)
        if self.statements.count + Set(texts).count >= PostgresConnection.statementLimit {
            _ = try consume(PQexec(handle, "DEALLOCATE ALL"))
            self.statements = [:]
        }
        return try texts.map { (text) throws(DatabaseError) in try prepare(text) }
    }

    private func consume(_ result: OpaquePointer?) throws(DatabaseError) -> StatementResult {
        guard let result else { throw lost() }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            return StatementResult(rows: [], affected: Int(String(cString: PQcmdTuples(result))) ?? 0)
        case PGRES_TUPLES_OK: return rows(of: result)
        default: throw isIntact ? fault(of: result) : lost()
        }
    }

    private func lost() -> DatabaseError {
        let message = String(cString: PQerrorMessage(handle)).split(separator: "\n").first.map { String($0) }
        return .unavailable(
            "the connection was lost, and with it the outcome of what ran: \(message ?? "no reason given")")
    }
}

private func connect(_ settings: PostgresSettings) throws(DatabaseError) -> OpaquePointer {
    let keywords = settings.keywords.map(\.key)
    let values = settings.keywords.map(\.value)
    let handle = withCStrings(keywords) { keywords in
        withCStrings(values) { values in PQconnectdbParams(keywords, values, 0) }
    }
    guard let handle else { throw .unavailable("there is no memory for a connection") }
    guard PQstatus(handle) == CONNECTION_OK else {
        let message = String(cString: PQerrorMessage(handle))
        PQfinish(handle)
        throw .unavailable(message.split(separator: "\n").joined(separator: "; "))
    }
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    return handle
}

/// An array of C strings that ends with a null, for the length of a call.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    let bytes = strings.map { $0.utf8CString }
    func descend(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> Value {
        guard index < bytes.count else { return (pointers + [nil]).withUnsafeBufferPointer { body($0.baseAddress) } }
        return bytes[index].withUnsafeBufferPointer { descend(index + 1, pointers + [$0.baseAddress]) }
    }
    return descend(0, [])
}
