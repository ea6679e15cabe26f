package import Domain
package import Store
internal import Synchronization

/// The duties that this process has given up because a part of them failed repeatedly.
package final class DutyHealth: Sendable {
    /// A part of a duty that made no progress.
    package struct Stall: Sendable, Hashable {
        package let duty: Lease.Duty
        package let part: String
        package let reason: String
        package let at: Timestamp
    }

    private let stalls = Mutex<[Lease.Duty: Stall]>([:])

    package init() {}

    /// The duties that this process leaves to others for a while.
    package var current: [Stall] {
        stalls.withLock { $0.values.sorted { $0.duty.rawValue < $1.duty.rawValue } }
    }

    func report(_ stall: Stall) { stalls.withLock { $0[stall.duty] = stall } }

    func clear(_ duty: Lease.Duty) { stalls.withLock { $0[duty] = nil } }
}
