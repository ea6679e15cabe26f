internal import CPostgres
internal import Glibc

/// One libpq connection. It stays on the thread that created it.
final class PostgresConnection: Connection {
    private let handle: OpaquePointer
    private let settings: PostgresSettings
    private var statements: [String: String] = [:]
    private var prepared = 0
    /// The last error that the server reported.
    private var fault: PostgresFault?
    /// Whether the server was silent for too long or no longer accepts writes.
    private var isUseless = false
    /// Whether the next statement is the first of a transaction.
    private var beginsNext = false
    /// The maximum number of prepared statements. Beyond it, all are dropped and prepared again.
    private static let statementLimit = 256
    /// The maximum number of statements in one pipelined batch. More could fill the buffers on both sides and cause a
    /// deadlock.
    private static let pipelineLimit = 200

    init(_ settings: PostgresSettings) throws(DatabaseError) {
        handle = try connect(settings)
        self.settings = settings
        try refuseTransactionPooler(handle, settings)
        try script(settings.sessionStatement)
    }

    deinit { PQfinish(handle) }

    /// False once the connection is lost or unusable.
    var isIntact: Bool { !isUseless && PQstatus(handle) == CONNECTION_OK }

    /// Looks whether the server closed the connection while it was idle, as it does on a restart.
    func isStillOpen() -> Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        // The server first sends the reason for closing, then closes.
        for _ in 0..<3 where isIntact && poll(&descriptor, 1, 0) > 0 { _ = PQconsumeInput(handle) }
        return isIntact
    }

    /// The descriptor to poll for notifications.
    var socket: Int32 { PQsocket(handle) }

    /// Returns and clears the last error.
    func takeFault() -> PostgresFault? {
        defer { fault = nil }
        return fault
    }

    /// Returns the microseconds to wait before a retry. The pause grows with each attempt and differs between
    /// connections, so that two conflicting ones do not collide again.
    func pause(_ attempt: Int) -> UInt32 {
        let spread = UInt32(truncatingIfNeeded: PQbackendPID(handle)) &* 2_654_435_761 >> 20 &+ UInt32(attempt) &* 977
        return (UInt32(1) << UInt32(attempt)) * (2_000 + spread % 4_000)
    }

    /// Makes all statements be prepared again on their next use.
    func forgetStatements() throws(DatabaseError) {
        try script("DEALLOCATE ALL")
        statements = [:]
    }

    /// Runs the body in a transaction. It is rolled back when anything throws.
    ///
    /// BEGIN travels with the first statement, which saves a round trip. A body without statements sends nothing.
    func transaction<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
        beginsNext = true
        defer { beginsNext = false }
        do {
            let value = try body()
            if !beginsNext { try script("COMMIT") }
            return value
        } catch {
            if !beginsNext { try? script("ROLLBACK") }
            throw error
        }
    }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] { try run(statement).rows }

    @discardableResult
    func execute(_ statement: SQL) throws(DatabaseError) -> Int { try run(statement).affected }

    func script(_ text: String) throws(DatabaseError) {
        if beginsNext {
            beginsNext = false
            _ = try answer(to: PQsendQuery(handle, "BEGIN"))
        }
        _ = try answer(to: PQsendQuery(handle, text))
    }

    func notify(_ payload: String) throws(DatabaseError) { _ = try run(notification(payload)) }

    func batch(_ statements: [SQL], notifying payloads: [String]) throws(DatabaseError) {
        _ = try batch(statements + payloads.map(notification))
    }

    private func notification(_ payload: String) -> SQL { "SELECT pg_notify('pagerpal', \(payload))" }

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

    /// Returns the notifications received since the last call.
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
        if beginsNext { return try pipeline([sql])[0] }
        let name = try prepare(sql.text)
        let values = try PostgresValues(sql.values)
        return try answer(to: values.withPointers { PQsendQueryPrepared(handle, name, $0, $1, $2, $3, 0) })
    }

    private func prepare(_ text: String) throws(DatabaseError) -> String {
        if let known = statements[text] { return known }
        if statements.count >= PostgresConnection.statementLimit { try forgetStatements() }
        prepared += 1
        let name = "s\(prepared)"
        _ = try answer(to: PQsendPrepare(handle, name, text, 0, nil))
        statements[text] = name
        return name
    }

    /// Runs all statements in one round trip. After a failure the server skips the rest, and the first failure is
    /// thrown.
    private func pipeline(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        let names = try prepareAll(statements)
        let values = try statements.map { (sql) throws(DatabaseError) in try PostgresValues(sql.values) }
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        let begins = beginsNext
        beginsNext = false
        guard !begins || PQsendQueryParams(handle, "BEGIN", 0, nil, nil, nil, nil, 0) == 1 else { throw lost() }
        for (name, values) in zip(names, values) {
            guard values.withPointers({ PQsendQueryPrepared(handle, name, $0, $1, $2, $3, 0) }) == 1 else {
                throw lost()
            }
        }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        var results: [StatementResult] = []
        var failure: DatabaseError?
        drain: while isIntact {
            guard let result = try nextResult() else { continue }
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
        return begins ? Array(results.dropFirst()) : results
    }

    /// Returns the names of the prepared statements. If this empties the cache halfway, the earlier ones are prepared
    /// again.
    private func prepareAll(_ statements: [SQL]) throws(DatabaseError) -> [String] {
        let texts = statements.map(\.text)
        if self.statements.count + Set(texts).count >= PostgresConnection.statementLimit {
            try forgetStatements()
        }
        return try texts.map { (text) throws(DatabaseError) in try prepare(text) }
    }

    /// Reads all results of what was sent. Returns the last one, or throws the first failure.
    private func answer(to sent: Int32) throws(DatabaseError) -> StatementResult {
        guard sent == 1 else { throw lost() }
        var answer: StatementResult?
        var failure: DatabaseError?
        while let result = try nextResult() {
            do { answer = try consume(result) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        guard let answer else { throw lost() }
        return answer
    }

    /// Returns the next result, or nil when there are none left.
    ///
    /// Gives up on a connection that stays silent beyond the server's own time-outs. Otherwise this thread would wait
    /// as long as the kernel does.
    private func nextResult() throws(DatabaseError) -> OpaquePointer? {
        let deadline = settings.answerTimeout.map { ContinuousClock.now + $0 }
        while PQisBusy(handle) == 1 {
            let left = deadline.map { max(.zero, $0 - .now) }
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, left.map { Int32(clamping: $0.milliseconds) } ?? -1)
            if ready == 0, let left, left == .zero {
                isUseless = true
                throw .unavailable("the server did not answer in time, so the outcome is unknown")
            }
            guard ready <= 0 || PQconsumeInput(handle) == 1 else { throw lost() }
        }
        return PQgetResult(handle)
    }

    private func consume(_ result: OpaquePointer) throws(DatabaseError) -> StatementResult {
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            return StatementResult(rows: [], affected: Int(String(cString: PQcmdTuples(result))) ?? 0)
        case PGRES_TUPLES_OK: return rows(of: result)
        default:
            guard isIntact else { throw lost() }
            let fault = PostgresFault(result)
            self.fault = fault
            if fault.isReadOnly { isUseless = true }
            throw fault.error
        }
    }

    private func lost() -> DatabaseError {
        let message = String(cString: PQerrorMessage(handle)).split(separator: "\n").first.map { String($0) }
        return .unavailable(
            "the connection was lost, so the outcome is unknown: \(message ?? "no reason given")")
    }
}

func connect(_ settings: PostgresSettings) throws(DatabaseError) -> OpaquePointer {
    let keywords = settings.keywords.map(\.key)
    let values = settings.keywords.map(\.value)
    let handle = withCStrings(keywords) { keywords in
        withCStrings(values) { values in PQconnectdbParams(keywords, values, 0) }
    }
    guard let handle else { throw .unavailable("there is not enough memory for a connection") }
    guard PQstatus(handle) == CONNECTION_OK else {
        let message = String(cString: PQerrorMessage(handle))
        PQfinish(handle)
        throw .unavailable(message.split(separator: "\n").joined(separator: "; "))
    }
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    return handle
}

/// Passes a null-terminated array of C strings to a call.
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
