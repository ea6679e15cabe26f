/// How many incidents there are in each state.
package struct IncidentCounts: Sendable, Hashable {
    /// States without incidents are left out.
    package var byState: [Incident.State.Name: Int]
    /// The states in which there may be more incidents than were counted.
    package var openEnded: Set<Incident.State.Name>

    package init(_ byState: [Incident.State.Name: Int], openEnded: Set<Incident.State.Name> = []) {
        self.byState = byState
        self.openEnded = openEnded
    }

    /// How many were counted in some states.
    package func number(of states: Set<Incident.State.Name>) -> Int {
        states.reduce(0) { $0 + (byState[$1] ?? 0) }
    }

    /// The number of incidents in some states, such as “12”, or “1000+” if there may be more.
    package func words(of states: Set<Incident.State.Name>, without shown: Int = 0) -> String {
        "\(max(0, number(of: states) - shown))\(openEnded.isDisjoint(with: states) ? "" : "+")"
    }

    /// Adds incidents of other states.
    package mutating func add(_ others: IncidentCounts) {
        byState.merge(others.byState, uniquingKeysWith: +)
        openEnded.formUnion(others.openEnded)
    }
}
