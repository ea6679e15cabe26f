package import Database
package import Domain

/// The right to escalate and dispatch, held by one process at a time.
package struct Lease: Sendable, Hashable {
    package let holder: String
    /// Counts the changes of hands. Every write under the lease names it and is refused once it is old.
    package let epoch: Int64

    package init(holder: String, epoch: Int64) {
        self.holder = holder
        self.epoch = epoch
    }

    /// What a lease may last, in the settings.
    package static let shortest: Duration = .seconds(1)
    package static let longest: Duration = .seconds(60)
}

/// The lease as it stands in the database.
package struct LeaseStatus: Sendable, Hashable {
    package var holder: String
    package var epoch: Int64
    /// By the database's clock.
    package var expiresAt: Timestamp
    /// The database's clock when it was asked.
    package var now: Timestamp
    package var isHeld: Bool { expiresAt > now }
}

extension Store {
    /// Takes the lease when it is free or has run out; nil when somebody else holds it.
    ///
    /// A lease that ends later than any lease can is the trace of a clock that was set back: it counts as free.
    package func acquireLease(for holder: String, lasting duration: Duration) async throws(DatabaseError) -> Lease? {
        let now = leaseNow
        let longest = max(Lease.longest, duration) + .seconds(1)
        return try await database.write(.lease) { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                UPDATE leases SET holder = \(holder), epoch = epoch + 1, expires_at = \(now) + \(duration)
                WHERE name = 'scheduler'
                  AND (expires_at <= \(now) OR expires_at > \(now) + \(longest))
                RETURNING epoch
                """)
            return try rows.first.map { (row) throws(DatabaseError) in
                Lease(holder: holder, epoch: try row.get("epoch"))
            }
        }
    }

    /// Extends the lease. False when it went to somebody else: the holder must stop at once.
    package func renew(_ lease: Lease, lasting duration: Duration) async throws(DatabaseError) -> Bool {
        let renewed = try await database.run(
            .lease,
            """
            UPDATE leases SET expires_at = \(leaseNow) + \(duration)
            WHERE name = 'scheduler' AND holder = \(lease.holder) AND epoch = \(lease.epoch)
            """)
        return renewed.affected == 1
    }

    /// Gives the lease back, so that another process takes over at once.
    package func release(_ lease: Lease) async throws(DatabaseError) {
        try await database.write(.lease) { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                UPDATE leases SET expires_at = 0
                WHERE name = 'scheduler' AND holder = \(lease.holder) AND epoch = \(lease.epoch)
                """)
            try notify(.leaseFree, on: connection)
        }
    }

    /// Who holds the lease now.
    ///
    /// - Parameter workload: for whom; the connection of `.lease` is for the supervisor alone.
    package func leaseStatus(_ workload: Workload = .interactive) async throws(DatabaseError) -> LeaseStatus {
        let now = leaseNow
        return try await database.read(workload) { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                "SELECT holder, epoch, expires_at, \(now) AS now FROM leases WHERE name = 'scheduler'")
            guard let row = rows.first else { throw .decoding("the lease row is missing; run pagerpal migrate") }
            return LeaseStatus(
                holder: try row.get("holder"), epoch: try row.get("epoch"), expiresAt: try row.get("expires_at"),
                now: try row.get("now"))
        }
    }

    /// Whether a lease is still the current one, checked inside a transaction of its holder: the row stays locked
    /// until the end of it, so nobody can take over in between.
    static func isCurrent(
        _ lease: Lease, _ connection: any Connection, _ dialect: Dialect
    ) throws(DatabaseError) -> Bool {
        let rows = try connection.query(
            """
            SELECT epoch FROM leases
            WHERE name = 'scheduler' AND holder = \(lease.holder) AND epoch = \(lease.epoch) \(dialect.lockForShare)
            """)
        return !rows.isEmpty
    }
}
