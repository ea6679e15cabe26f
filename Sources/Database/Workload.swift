/// What a call to the database is for. Each workload has connections and time-outs of its own, so that none waits
/// behind another: a slow search can't delay the renewal of a lease.
package enum Workload: Sendable, Hashable, CaseIterable {
    /// Taking, renewing and returning leases.
    case lease
    /// Alerts and changes of incidents.
    case commit
    /// Due rows, claims and the results of deliveries.
    case dispatch
    /// Whatever else a person, a command or a client of the API waits for.
    case interactive
    /// Searches, counts and statistics, which may be slow.
    case report
    /// Changes of the schema. They have no time-outs.
    case migration
}

extension DatabaseOptions {
    /// How long one statement of a workload may take on PostgreSQL; nil is without limit.
    func statementTimeout(_ workload: Workload) -> Duration? {
        switch workload {
        case .lease: max(leaseDuration / 3, .milliseconds(300))
        case .commit, .dispatch, .interactive, .report: statementTimeout
        case .migration: nil
        }
    }

    /// How long one statement of a workload may wait for a lock on PostgreSQL; nil is without limit.
    func lockTimeout(_ workload: Workload) -> Duration? {
        statementTimeout(workload).map { min($0, .seconds(5)) }
    }

    /// How long a connection may stay inside a transaction without a statement; nil is without limit.
    ///
    /// It is shorter than what is left of a lease when its renewal is due. So locks of a process that froze or
    /// vanished inside a transaction are gone before its lease has run out.
    func idleTransactionTimeout(_ workload: Workload) -> Duration? {
        switch workload {
        case .lease, .commit, .dispatch, .interactive, .report: max(leaseDuration / 2, .milliseconds(500))
        case .migration: nil
        }
    }

    /// Connections to PostgreSQL.
    func connections(_ workload: Workload) -> Int {
        switch workload {
        case .migration: 1
        case .lease, .commit, .dispatch, .report: 2
        case .interactive: connections
        }
    }

    /// The limits of a workload's queue.
    func queue(_ workload: Workload) -> DatabaseOptions {
        var options = self
        switch workload {
        case .lease:
            options.waitTimeout = max(leaseDuration / 3, .milliseconds(300))
        case .report: options.waitingLimit = min(waitingLimit, 200)
        case .commit, .dispatch, .interactive, .migration: break
        }
        return options
    }
}

extension Duration {
    /// Whole milliseconds, rounded up.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
