internal import CSQLite
internal import Glibc

/// Copies, checks and compares whole SQLite files, for backups. It changes no source.
package enum SQLiteFile {
    /// What a file contains, after its check.
    package struct Summary: Sendable, Hashable {
        package var bytes: Int64
        /// The number of rows of each table.
        package var rows: [String: Int64]
        /// The last migration, or nil if this is no database of PagerPal.
        package var schema: Int?
    }

    /// Makes a consistent copy of a file that may be in use. Writers go on meanwhile.
    ///
    /// - Parameters:
    ///   - target: must not exist. It appears only when it is complete and on the disk.
    ///   - yields: whether another process uses the source, and must not wait. Then the copy takes four times as long.
    package static func copy(_ source: String, to target: String, yields: Bool = false) throws(DatabaseError) {
        try copy(source, to: target, pace: yields ? CopyPace() : nil)
    }

    static func copy(_ source: String, to target: String, pace: CopyPace?) throws(DatabaseError) {
        guard access(target, F_OK) != 0 else { throw .unavailable("\(target) exists already") }
        let partial = target + ".partial"
        unlink(partial)
        do {
            let handle = try SQLiteHandle(source, SQLITE_OPEN_READWRITE)
            try handle.vacuum(into: partial, pace)
        } catch {
            unlink(partial)
            throw error
        }
        try synchronize(partial)
        guard rename(partial, target) == 0 else {
            throw .unavailable("\(target) can't be created: \(String(cString: strerror(errno)))")
        }
        try synchronize(folder(of: target))
    }

    /// Reads a whole file and checks that it is intact.
    package static func summary(of path: String) throws(DatabaseError) -> Summary {
        guard access(path, R_OK) == 0 else { throw .unavailable("\(path): \(String(cString: strerror(errno)))") }
        let handle = try SQLiteHandle(path, SQLITE_OPEN_READWRITE)
        let found = try handle.rows("PRAGMA integrity_check(5)").map { $0[0] }
        guard found == ["ok"] else { throw .unavailable("\(path) is damaged: \(found.joined(separator: "; "))") }
        guard try handle.rows("PRAGMA foreign_key_check").isEmpty else {
            throw .unavailable("\(path) is damaged: a row refers to a row that does not exist")
        }
        var rows: [String: Int64] = [:]
        for table in try tables(handle) {
            rows[table] = Int64(try handle.rows("SELECT COUNT(*) FROM \(name(table))")[0][0])
        }
        let numbers =
            rows["schema_migrations"] == nil ? [] : try handle.rows("SELECT MAX(number) FROM schema_migrations")
        var facts = stat()
        stat(path, &facts)
        return Summary(bytes: Int64(facts.st_size), rows: rows, schema: numbers.first.flatMap { Int($0[0]) })
    }

    /// Returns the tables in which two files differ.
    package static func differences(_ left: String, _ right: String) throws(DatabaseError) -> [String] {
        let handle = try SQLiteHandle(left, SQLITE_OPEN_READWRITE)
        try handle.run("ATTACH \(quoted(right)) AS other")
        let (ours, theirs) = (Set(try tables(handle)), Set(try tables(handle, of: "other")))
        var different = ours.symmetricDifference(theirs)
        for table in ours.intersection(theirs) {
            let columns = try handle.rows("SELECT name FROM pragma_table_info(\(quoted(table)))").map { name($0[0]) }
                .joined(separator: ", ")
            let (one, two) = (
                "SELECT \(columns) FROM main.\(name(table))", "SELECT \(columns) FROM other.\(name(table))"
            )
            let extra = try handle.rows("\(one) EXCEPT \(two) LIMIT 1").count
            let missing = try handle.rows("\(two) EXCEPT \(one) LIMIT 1").count
            let counts = try handle.rows("SELECT (SELECT COUNT(*) FROM (\(one))) - (SELECT COUNT(*) FROM (\(two)))")
            if extra + missing > 0 || counts[0][0] != "0" { different.insert(table) }
        }
        return different.sorted()
    }

    /// Moves a database out of the way, with its WAL. Nobody may use it.
    ///
    /// - Throws: `.busy` if somebody does.
    package static func moveAway(_ path: String, to target: String) throws(DatabaseError) {
        do {
            // Leaving WAL mode needs the file for itself, and merges the WAL into it.
            let handle = try SQLiteHandle(path, SQLITE_OPEN_READWRITE)
            try handle.run("PRAGMA busy_timeout = 0")
            try handle.run("PRAGMA journal_mode = DELETE")
        } catch {
            if case .busy = error { throw error }
            // A damaged file is moved as it is.
        }
        for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, target + suffix) == 0 else {
                throw .unavailable("\(path)\(suffix) can't be moved: \(String(cString: strerror(errno)))")
            }
        }
    }

    private static func tables(_ handle: borrowing SQLiteHandle, of schema: String = "main") throws(DatabaseError)
        -> [String]
    {
        try handle.rows("SELECT name FROM \(schema).sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .map { $0[0] }
    }

    private static func name(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Waits until a file or a folder is on the disk.
    private static func synchronize(_ path: String) throws(DatabaseError) {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw .unavailable("\(path) can't be written to the disk: \(String(cString: strerror(errno)))")
        }
    }
}

private func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

/// A connection that changes no settings of the file, unlike `SQLiteConnection`.
private struct SQLiteHandle: ~Copyable {
    private let handle: OpaquePointer

    init(_ path: String, _ flags: Int32) throws(DatabaseError) {
        var handle: OpaquePointer?
        prepareSQLite()
        let status = sqlite3_open_v2(path, &handle, flags, nil)
        guard status == SQLITE_OK, let handle else {
            sqlite3_close(handle)
            throw .unavailable("the file \(path) can't be opened: \(String(cString: sqlite3_errstr(status)))")
        }
        sqlite3_busy_timeout(handle, 5000)
        self.handle = handle
    }

    deinit { sqlite3_close_v2(handle) }

    func run(_ text: String) throws(DatabaseError) { _ = try rows(text) }

    func vacuum(into path: String, _ pace: CopyPace?) throws(DatabaseError) {
        let statement = "VACUUM INTO \(quoted(path))"
        guard let pace else { return try run(statement) }
        try pace.during(handle, writing: path) { () throws(DatabaseError) in try run(statement) }
    }

    /// Returns all rows, with each value as text.
    func rows(_ text: String) throws(DatabaseError) -> [[String]] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK else { throw fault }
        defer { sqlite3_finalize(statement) }
        var rows: [[String]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                rows.append(
                    (0..<sqlite3_column_count(statement)).map { column in
                        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
                    })
            case SQLITE_DONE: return rows
            default: throw fault
            }
        }
    }

    private var fault: DatabaseError {
        let message = String(cString: sqlite3_errmsg(handle))
        switch sqlite3_errcode(handle) & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy(message)
        default: return .unavailable(message)
        }
    }
}
