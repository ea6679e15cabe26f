internal import Actors
package import Store

extension [Lease.Duty: LeaseStatus] {
    /// Describes the duties that no process performs, and what to do.
    package var problems: [String] {
        Lease.Duty.allCases.filter { self[$0]?.isHeld != true }.map(\.absence)
    }

    /// Describes who performs each duty, from the point of view of a process.
    func words(process: String) -> [String: String] {
        Dictionary<String, String>(
            uniqueKeysWithValues: Lease.Duty.allCases.map { duty in
                let held = self[duty].flatMap { $0.isHeld ? $0.holder : nil }
                return (duty.rawValue, held.map { $0 == process ? "this process" : "another process" } ?? "nobody")
            })
    }
}

extension Lease.Duty {
    /// The duty's title.
    package var name: String {
        switch self {
        case .escalation: "Escalation"
        case .dispatch: "Dispatch"
        }
    }
}
