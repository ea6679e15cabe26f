package import Database
package import Domain

/// Every SQL statement of the product. Each function says what it reads or writes and stands beside its SQL.
package struct Store: Sendable {
    package let database: any Database
    package let identifiers: Identifiers
    /// The clock by which leases run out. All processes must read the same one.
    package let leaseClock: LeaseClock
    /// Names this process in what it announces, so that it does not hear itself.
    package let origin: String
    /// Rows that were left out because they can't be read.
    package let damagedRows = DamagedRows()

    package init(database: any Database, identifiers: Identifiers, leaseClock: LeaseClock = .database) {
        self.database = database
        self.identifiers = identifiers
        origin = identifiers.next(Store.self).rawValue
        self.leaseClock = leaseClock
    }

    /// Where the lease's "now" comes from.
    package enum LeaseClock: Sendable {
        /// The database's own clock, which all processes share.
        case database
        /// A clock that a test moves by hand.
        case manual(@Sendable () -> Timestamp)
    }

    /// Tells the other processes when the transaction commits.
    func notify(_ event: StoreEvent, on connection: any Connection) throws(DatabaseError) {
        try connection.notify("\(origin) \(event.text)")
    }

    /// What another process announced; nil for this one's own and for words of another version of PagerPal.
    package func event(in payload: String) -> StoreEvent? {
        guard let blank = payload.firstIndex(of: " "), payload[..<blank] != origin else { return nil }
        return StoreEvent(text: String(payload[payload.index(after: blank)...]))
    }

    /// The present by the clock that all processes share.
    package func databaseTime() async throws(DatabaseError) -> Timestamp {
        let now = leaseNow
        return try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            guard let row = try connection.query("SELECT \(now) AS now").first else {
                throw .decoding("the database did not tell its time")
            }
            return try row.get("now")
        }
    }

    /// The lease clock's present as an SQL expression in microseconds.
    var leaseNow: SQL {
        switch leaseClock {
        case .database: database.dialect.now
        case .manual(let now): "CAST(\(now()) AS BIGINT)"
        }
    }
}
