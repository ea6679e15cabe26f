/// The purpose of a database call. Each workload has its own connections and time-outs, so that none waits for another:
/// a slow search cannot delay a lease renewal.
package enum Workload: Sendable, Hashable, CaseIterable {
    /// Acquiring, renewing and releasing leases.
    case lease
    /// Alerts and changes of incidents.
    case commit
    /// Due rows, claims and delivery results.
    case dispatch
    /// Everything else that a person, a command or an API client waits for.
    case interactive
    /// Searches, counts and statistics, which may be slow.
    case report
    /// Schema changes. They have no time-outs.
    case migration
}

extension Workload {
    /// Whether every statement finds its rows by an index.
    ///
    /// PostgreSQL is then told not to read or join whole tables. It would otherwise do so at the start of a storm, as
    /// long as its statistics say that a table is almost empty.
    var readsByIndex: Bool {
        switch self {
        case .lease, .commit, .dispatch, .interactive: true
        case .report, .migration: false
        }
    }
}

extension DatabaseOptions {
    /// Returns how long one statement of a workload may take on PostgreSQL. Nil means no limit.
    func statementTimeout(_ workload: Workload) -> Duration? {
        switch workload {
        case .lease: max(leaseDuration / 3, .milliseconds(300))
        case .commit, .dispatch, .interactive, .report: statementTimeout
        case .migration: nil
        }
    }

    /// Returns how long one statement of a workload may wait for a lock on PostgreSQL. Nil means no limit.
    func lockTimeout(_ workload: Workload) -> Duration? {
        statementTimeout(workload).map { min($0, .seconds(5)) }
    }

    /// Returns how long a transaction may stay idle. Nil means no limit.
    ///
    /// This is shorter than the time left on a lease when its renewal is due. A process that freezes or dies within a
    /// transaction therefore loses its locks before its lease expires.
    func idleTransactionTimeout(_ workload: Workload) -> Duration? {
        switch workload {
        case .lease, .commit, .dispatch, .interactive, .report: max(leaseDuration / 2, .milliseconds(500))
        case .migration: nil
        }
    }

    /// Returns the number of connections to PostgreSQL.
    func connections(_ workload: Workload) -> Int {
        switch workload {
        case .migration: 1
        case .lease, .commit, .dispatch, .report: 2
        case .interactive: connections
        }
    }

    /// Returns the limits of a workload's queue.
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
