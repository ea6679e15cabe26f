internal import CSQLite
internal import Glibc

/// One connection of SQLite's C API. It stays on the thread that created it.
final class SQLiteConnection: Connection {
    private let handle: OpaquePointer
    private var statements: [String: Prepared] = [:]
    private let meter: StatementMeter?
    /// The maximum number of prepared statements. Beyond it, all are dropped and prepared again.
    private static let statementLimit = 256
    private let isInMemory: Bool
    private let statementTimeout: Duration?
    /// The deadline of the running statement.
    private var deadline: ContinuousClock.Instant?
    /// The length of the write-ahead log after this connection's last commit.
    private(set) var logPages = 0
    /// False after an error of the file. The connection is then reopened, because its cache may be out of date.
    private(set) var isIntact = true

    /// - Parameter statementTimeout: how long one statement may take. Nil means no limit.
    init(
        path: String, isReader: Bool, statementTimeout: Duration? = nil, meter: StatementMeter? = nil
    ) throws(DatabaseError) {
        self.meter = meter
        isInMemory = path == ":memory:"
        self.statementTimeout = statementTimeout
        prepareSQLite()
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let status = sqlite3_open_v2(path, &handle, flags, nil)
        guard status == SQLITE_OK, let handle else {
            let reason = String(cString: sqlite3_errstr(status))
            sqlite3_close(handle)
            throw .unavailable("the file \(path) can't be opened: \(reason)\(sqliteAdvice(status))")
        }
        self.handle = handle
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 5000)
        try script("PRAGMA journal_mode = WAL")
        try script("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864")
        if isReader {
            try script("PRAGMA query_only = ON")
        } else {
            // In KiB. Each change reads the pages of a dozen indexes.
            try script("PRAGMA cache_size = -16384")
            followLog()
        }
        if statementTimeout != nil { watch() }
    }

    /// Checks the deadline every few thousand instructions.
    private func watch() {
        sqlite3_progress_handler(
            handle, 20_000,
            { context in
                guard let context else { return 0 }
                let connection = Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue()
                return connection.deadline.map { $0 < .now ? 1 : 0 } ?? 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Notes the length of the log with each commit. SQLite itself copies nothing into the file then.
    private func followLog() {
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Copies as much of the log into the file as is possible beside others. Returns how many of its pages are there, or
    /// nil if that failed.
    func checkpoint() -> Int? {
        let row = try? query("PRAGMA wal_checkpoint(PASSIVE)").first
        return row.flatMap { try? $0.get("checkpointed", as: Int.self) }
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement.handle) }
        sqlite3_close_v2(handle)
    }

    /// A prepared statement and its columns. It has no columns when it returns no rows.
    private struct Prepared {
        let handle: OpaquePointer
        let columns: Columns?
    }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] { try run(statement).rows }

    @discardableResult
    func execute(_ statement: SQL) throws(DatabaseError) -> Int { try run(statement).affected }

    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        try statements.map { (statement) throws(DatabaseError) in try run(statement) }
    }

    func script(_ text: String) throws(DatabaseError) {
        let status = sqlite3_exec(handle, text, nil, nil, nil)
        guard status == SQLITE_OK else { throw fault(status) }
    }

    func notify(_ payload: String) throws(DatabaseError) {}

    private func run(_ sql: SQL) throws(DatabaseError) -> StatementResult {
        let prepared = try prepare(sql.text)
        let (statement, columns) = (prepared.handle, prepared.columns)
        defer {
            meter?.add(steps: Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1)))
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in sql.values.enumerated() { try bind(value, number: index + 1, to: statement) }
        deadline = statementTimeout.map { .now + $0 }
        let count = sqlite3_column_count(statement)
        var rows: [Row] = []
        while true {
            let status = sqlite3_step(statement)
            switch status {
            case SQLITE_ROW:
                if let columns { rows.append(Row(columns: columns, values: (0..<count).map { column(statement, $0) })) }
            case SQLITE_DONE:
                let isChange = sqlite3_stmt_readonly(statement) == 0
                return StatementResult(rows: rows, affected: isChange ? Int(sqlite3_changes64(handle)) : rows.count)
            default: throw fault(status)
            }
        }
    }

    private func prepare(_ text: String) throws(DatabaseError) -> Prepared {
        if let known = statements[text] { return known }
        if statements.count >= SQLiteConnection.statementLimit {
            for statement in statements.values { sqlite3_finalize(statement.handle) }
            statements = [:]
        }
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw fault(status) }
        let count = sqlite3_column_count(statement)
        let columns = count > 0 ? Columns((0..<count).map { String(cString: sqlite3_column_name(statement, $0)) }) : nil
        let prepared = Prepared(handle: statement, columns: columns)
        statements[text] = prepared
        return prepared
    }

    /// SQLite treats `$1` as a parameter's name and numbers the names as they appear, which is their order.
    private func bind(_ value: SQLValue, number: Int, to statement: OpaquePointer) throws(DatabaseError) {
        let index = Int32(number)
        // SQLITE_TRANSIENT makes SQLite copy the value.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let status: Int32
        switch value {
        case .null: status = sqlite3_bind_null(statement, index)
        case .integer(let value): status = sqlite3_bind_int64(statement, index, value)
        case .real(let value): status = sqlite3_bind_double(statement, index, value)
        case .text(let value):
            try refuseZero(in: value)
            status = sqlite3_bind_text(statement, index, value, Int32(value.utf8.count), transient)
        case .blob(let value) where value.isEmpty: status = sqlite3_bind_zeroblob(statement, index, 0)
        case .blob(let value):
            status = value.withUnsafeBytes {
                sqlite3_bind_blob(statement, index, $0.baseAddress, Int32(value.count), transient)
            }
        }
        guard status == SQLITE_OK else { throw fault(status) }
    }

    private func column(_ statement: OpaquePointer, _ index: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, index))
        case SQLITE_TEXT:
            let count = Int(sqlite3_column_bytes(statement, index))
            return .text(
                String(
                    decoding: UnsafeBufferPointer(start: sqlite3_column_text(statement, index), count: count),
                    as: UTF8.self))
        case SQLITE_BLOB:
            let count = Int(sqlite3_column_bytes(statement, index))
            return .blob(Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, index), count: count)))
        default: return .null
        }
    }

    private func fault(_ status: Int32) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(handle))
        switch status & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy(message)
        case SQLITE_CONSTRAINT: return .constraint(constraintKind(status), detail: message)
        case SQLITE_INTERRUPT: return .busy("the statement took too long")
        case SQLITE_FULL: return .unavailable("\(message); free some space on its disk")
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_NOTADB:
            isIntact = isInMemory
            return .unavailable("\(message)\(sqliteAdvice(status))")
        default: return .statement(code: String(status), message: message)
        }
    }
}

/// What to do about an error of the file.
private func sqliteAdvice(_ status: Int32) -> String {
    switch status & 0xff {
    case SQLITE_READONLY, SQLITE_CANTOPEN: "; this user must be able to write the file and its folder"
    case SQLITE_CORRUPT, SQLITE_NOTADB: "; the file is damaged: stop PagerPal and run pagerpal restore with a backup"
    default: ""
    }
}

private func constraintKind(_ status: Int32) -> DatabaseError.ConstraintKind {
    // Extended codes: the primary code 19, with the kind in the second byte (https://www.sqlite.org/rescode.html).
    switch status >> 8 {
    case 8, 6: .unique
    case 3: .foreignKey
    case 1: .check
    case 5: .notNull
    default: .other
    }
}

/// Neither database can store U+0000 in a text: PostgreSQL refuses it, and C strings end there.
func refuseZero(in text: String) throws(DatabaseError) {
    let hasZero = text.utf8.withContiguousStorageIfAvailable { bytes in
        bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
    }
    if hasZero ?? text.utf8.contains(0) { throw .invalidValue("a text holds U+0000") }
}

/// Sets what holds for the whole library, once, before the first connection is opened.
func prepareSQLite() { _ = isPrepared }

private let isPrepared =
    csqlite_allocate_single_pages() == SQLITE_OK && csqlite_keep_statement_journals() == SQLITE_OK
