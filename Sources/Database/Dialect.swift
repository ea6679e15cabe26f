/// The differences between the two databases. All other SQL is the same for both.
package struct Dialect: Sendable {
    /// `sqlite` or `postgres`.
    package let name: String
    /// The database's clock in microseconds since 1970 in UTC.
    package let now: SQL
    /// Ends a SELECT whose rows must not change until the transaction ends.
    package let lockForShare: SQL
    /// Ends a SELECT whose rows the transaction will change.
    package let lockForUpdate: SQL
    /// Like `lockForUpdate`, but skips rows that another transaction has locked.
    package let lockFreeRows: SQL
    /// Compares text byte by byte, whatever the database's collation.
    package let bytewise: SQL
    package let rowSource: RowSource

    /// A column for LIKE, in which letters of ASCII match in either case. The pattern has small letters.
    package func caseless(_ column: String) -> SQL {
        // SQLite's LIKE looks at no letter's case.
        name == "sqlite" ? "\(raw: column)" : "LOWER(\(raw: column) COLLATE \"C\")"
    }

    package init(
        name: String, now: SQL, lockForShare: SQL, lockForUpdate: SQL, lockFreeRows: SQL,
        bytewise: SQL, rowSource: RowSource
    ) {
        self.name = name
        self.now = now
        self.lockForShare = lockForShare
        self.lockForUpdate = lockForUpdate
        self.lockFreeRows = lockFreeRows
        self.bytewise = bytewise
        self.rowSource = rowSource
    }

    /// On SQLite only one write transaction runs at a time, so it needs no locks. SQLite's clock has milliseconds.
    package static let sqlite = Dialect(
        name: "sqlite",
        now: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) * 1000 AS INTEGER)",
        lockForShare: "", lockForUpdate: "", lockFreeRows: "", bytewise: "COLLATE BINARY", rowSource: .values)

    package static let postgres = Dialect(
        name: "postgres",
        now: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        lockForShare: "FOR SHARE", lockForUpdate: "FOR UPDATE", lockFreeRows: "FOR UPDATE SKIP LOCKED",
        bytewise: "COLLATE \"C\"", rowSource: .arrays)
}
