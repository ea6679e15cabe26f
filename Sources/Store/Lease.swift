package import Database
package import Domain

/// The right to perform a duty. One process at a time holds it.
package struct Lease: Sendable, Hashable {
    /// Work that only one process may do at a time. Different processes may hold different duties.
    package enum Duty: String, Sendable, Hashable, CaseIterable {
        /// Processing incidents, heartbeats and schedules when they become due.
        case escalation
        /// Handing pages to their providers.
        case dispatch
    }

    package let duty: Duty
    package let holder: String
    /// Increases with every change of the holder. Every write under the lease names the epoch, and is refused when it
    /// is out of date.
    package let epoch: Int64

    package init(_ duty: Duty, holder: String, epoch: Int64) {
        self.duty = duty
        self.holder = holder
        self.epoch = epoch
    }

    /// The shortest lease that the settings allow.
    package static let shortest: Duration = .seconds(1)
    package static let longest: Duration = .seconds(60)
}

/// A lease as stored in the database.
package struct LeaseStatus: Sendable, Hashable {
    package var holder: String
    package var epoch: Int64
    /// By the database's clock.
    package var expiresAt: Timestamp
    /// The database's clock when the status was read.
    package var now: Timestamp
    package var isHeld: Bool { expiresAt > now }
}

extension Store {
    /// Takes a lease that is free or has expired. Returns nil when another process holds it.
    ///
    /// No lease can expire later than a full duration from now. One that does is left over from before the clock was
    /// set back, and counts as free.
    package func acquireLease(
        _ duty: Lease.Duty, for holder: String, lasting duration: Duration
    ) async throws(DatabaseError) -> Lease? {
        let now = leaseNow
        let longest = max(Lease.longest, duration) + .seconds(1)
        return try await database.write(.lease) { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                UPDATE leases SET holder = \(holder), epoch = epoch + 1, expires_at = \(now) + \(duration)
                WHERE name = \(duty.rawValue)
                  AND (expires_at <= \(now) OR expires_at > \(now) + \(longest))
                RETURNING epoch
                """)
            return try rows.first.map { (row) throws(DatabaseError) in
                Lease(duty, holder: holder, epoch: try row.get("epoch"))
            }
        }
    }

    /// Extends leases with one statement, and returns those that are extended. The others were released, or another process
    /// has taken them; their holder must stop at once.
    ///
    /// Escalation is locked before dispatch, as in a commit that also claims pages, so that the two never wait for each
    /// other.
    package func renew(_ leases: [Lease], lasting duration: Duration) async throws(DatabaseError) -> Set<Lease> {
        let current: SQL = leases.reduce("1 = 0") { others, lease in
            """
            \(others)
            OR name = \(lease.duty.rawValue) AND holder = \(lease.holder) AND epoch = \(lease.epoch)
            """
        }
        let renewed = try await database.run(
            .lease,
            """
            UPDATE leases SET expires_at = \(leaseNow) + \(duration)
            WHERE name IN (SELECT name FROM leases WHERE expires_at > 0 AND (\(current)) ORDER BY name DESC \(database.dialect.lockForUpdate))
            RETURNING name
            """)
        var names: Set<String> = []
        for row in renewed.rows { names.insert(try row.get("name")) }
        return Set(leases.filter { names.contains($0.duty.rawValue) })
    }

    /// Releases a lease, so that another process can take over at once.
    package func release(_ lease: Lease) async throws(DatabaseError) {
        try await database.write(.lease) { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                UPDATE leases SET expires_at = 0
                WHERE name = \(lease.duty.rawValue) AND holder = \(lease.holder) AND epoch = \(lease.epoch)
                """)
            try notify(.leaseFree, on: connection)
        }
    }

    /// Returns the current holder of each duty.
    ///
    /// - Parameter workload: the connections to use. Those of `.lease` are reserved for the supervisor.
    package func leaseStatuses(
        _ workload: Workload = .interactive
    ) async throws(DatabaseError) -> [Lease.Duty: LeaseStatus] {
        let now = leaseNow
        return try await database.read(workload) { (connection) throws(DatabaseError) in
            var statuses: [Lease.Duty: LeaseStatus] = [:]
            for row in try connection.query("SELECT name, holder, epoch, expires_at, \(now) AS now FROM leases") {
                guard let duty = Lease.Duty(rawValue: try row.get("name")) else { continue }
                statuses[duty] = LeaseStatus(
                    holder: try row.get("holder"), epoch: try row.get("epoch"), expiresAt: try row.get("expires_at"),
                    now: try row.get("now"))
            }
            return statuses
        }
    }

    /// Whether a lease is still current, checked within a transaction of its holder. The row stays locked until the
    /// transaction ends, so no other process can take over in between.
    static func isCurrent(
        _ lease: Lease, _ connection: any Connection, _ dialect: Dialect
    ) throws(DatabaseError) -> Bool { try !connection.query(fence(lease, dialect)).isEmpty }

    /// Finds a row if the lease is current, and keeps it until the end of the transaction.
    static func fence(_ lease: Lease, _ dialect: Dialect) -> SQL {
        """
        SELECT epoch FROM leases
        WHERE name = \(lease.duty.rawValue) AND holder = \(lease.holder) AND epoch = \(lease.epoch)
        \(dialect.lockForShare)
        """
    }
}
