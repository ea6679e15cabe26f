package import Database
package import Domain

/// The right to do a duty, held by one process at a time.
package struct Lease: Sendable, Hashable {
    /// What only one process may do at a time. Different processes may hold different duties.
    package enum Duty: String, Sendable, Hashable, CaseIterable {
        /// Looking at incidents, heartbeats and schedules when their time has come.
        case escalation
        /// Handing pages to their providers.
        case dispatch
    }

    package let duty: Duty
    package let holder: String
    /// Counts the changes of hands. Every write under the lease names it and is refused once it is old.
    package let epoch: Int64

    package init(_ duty: Duty, holder: String, epoch: Int64) {
        self.duty = duty
        self.holder = holder
        self.epoch = epoch
    }

    /// What a lease may last, in the settings.
    package static let shortest: Duration = .seconds(1)
    package static let longest: Duration = .seconds(60)
}

/// A lease as it stands in the database.
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
    /// Takes a lease when it is free or has run out; nil when somebody else holds it.
    ///
    /// A lease that ends later than any lease can is the trace of a clock that was set back: it counts as free.
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

    /// Extends a lease. False when it went to somebody else: the holder must stop at once.
    package func renew(_ lease: Lease, lasting duration: Duration) async throws(DatabaseError) -> Bool {
        let renewed = try await database.run(
            .lease,
            """
            UPDATE leases SET expires_at = \(leaseNow) + \(duration)
            WHERE name = \(lease.duty.rawValue) AND holder = \(lease.holder) AND epoch = \(lease.epoch)
            """)
        return renewed.affected == 1
    }

    /// Gives a lease back, so that another process takes over at once.
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

    /// Who holds each duty now.
    ///
    /// - Parameter workload: for whom; the connections of `.lease` are for the supervisor alone.
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

    /// Whether a lease is still the current one of its duty, checked inside a transaction of its holder: the row stays
    /// locked until the end of it, so nobody can take over in between.
    static func isCurrent(
        _ lease: Lease, _ connection: any Connection, _ dialect: Dialect
    ) throws(DatabaseError) -> Bool {
        let rows = try connection.query(
            """
            SELECT epoch FROM leases
            WHERE name = \(lease.duty.rawValue) AND holder = \(lease.holder) AND epoch = \(lease.epoch)
            \(dialect.lockForShare)
            """)
        return !rows.isEmpty
    }
}
