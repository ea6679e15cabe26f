package import Database
package import Domain

/// Every SQL statement of the product. Each function says what it reads or writes and stands beside its SQL.
package struct Store: Sendable {
    package let database: any Database
    package let identifiers: Identifiers
    /// The clock by which leases run out. All processes must read the same one.
    package let leaseClock: LeaseClock

    package init(database: any Database, identifiers: Identifiers, leaseClock: LeaseClock = .database) {
        self.database = database
        self.identifiers = identifiers
        self.leaseClock = leaseClock
    }

    /// Where the lease's "now" comes from.
    package enum LeaseClock: Sendable {
        /// The database's own clock, which all processes share.
        case database
        /// A clock that a test moves by hand.
        case manual(@Sendable () -> Timestamp)
    }

    /// The lease clock's present as an SQL expression in microseconds.
    var leaseNow: SQL {
        switch leaseClock {
        case .database: database.dialect.now
        case .manual(let now): "CAST(\(now()) AS BIGINT)"
        }
    }
}
