package import Database
package import Domain

/// The SQL statements of PagerPal. Each function documents what it reads or writes and contains its SQL.
package struct Store: Sendable {
    package let database: any Database
    package let identifiers: Identifiers
    /// The clock that decides when leases expire. All processes must use the same one.
    package let leaseClock: LeaseClock
    /// Identifies this process in its events, so that it can ignore its own.
    package let origin: String
    let queueLooks = QueueLooks()
    /// Rows that were skipped because they cannot be read.
    package let damagedRows = DamagedRows()
    let incidentTotal = IncidentTotal()

    package init(database: any Database, identifiers: Identifiers, leaseClock: LeaseClock = .database) {
        self.database = database
        self.identifiers = identifiers
        origin = identifiers.next(Store.self).rawValue
        self.leaseClock = leaseClock
    }

    /// The source of the current time for leases.
    package enum LeaseClock: Sendable {
        /// The database's own clock, which all processes share.
        case database
        /// A clock that a test moves by hand.
        case manual(@Sendable () -> Timestamp)
    }

    /// Sends an event to the other processes when the transaction commits.
    func notify(_ event: StoreEvent, on connection: any Connection) throws(DatabaseError) {
        try connection.notify(payload(event))
    }

    /// The line that an event sends.
    func payload(_ event: StoreEvent) -> String { "\(origin) \(event.text)" }

    /// Returns another process's event. Nil for events of this process, and for those of another PagerPal version.
    package func event(in payload: String) -> StoreEvent? {
        guard let blank = payload.firstIndex(of: " "), payload[..<blank] != origin else { return nil }
        return StoreEvent(text: String(payload[payload.index(after: blank)...]))
    }

    /// Returns the current time by the clock that all processes share.
    package func databaseTime() async throws(DatabaseError) -> Timestamp {
        let now = leaseNow
        return try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            guard let row = try connection.query("SELECT \(now) AS now").first else {
                throw .decoding("the database did not return its time")
            }
            return try row.get("now")
        }
    }

    /// The lease clock's current time as an SQL expression, in microseconds.
    var leaseNow: SQL {
        switch leaseClock {
        case .database: database.dialect.now
        case .manual(let now): "CAST(\(now()) AS BIGINT)"
        }
    }
}
