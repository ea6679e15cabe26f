internal import Synchronization

/// Counts the outcomes of the alerts that this process has received since it started.
package final class AlertTally: Sendable {
    /// The effect of an alert.
    package enum Outcome: String, Sendable, CaseIterable { case opened, updated, resolved, ignored, failed }

    private let counted = Mutex<[Outcome: Int]>([:])

    package init() {}

    package var counts: [Outcome: Int] { counted.withLock { $0 } }

    func count(_ results: [AlertResult]) {
        counted.withLock { counts in
            for result in results { counts[result.outcome, default: 0] += 1 }
        }
    }
}

extension AlertResult {
    fileprivate var outcome: AlertTally.Outcome {
        switch self {
        case .opened: .opened
        case .updated: .updated
        case .resolved: .resolved
        case .ignored: .ignored
        case .failed: .failed
        }
    }
}
