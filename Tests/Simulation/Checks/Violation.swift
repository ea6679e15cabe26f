/// What must hold in every simulation.
package enum Invariant: String, Sendable, CaseIterable {
    /// An alert that was answered as accepted, and a command that was answered as done, is stored: the incident with its
    /// pages.
    case stored
    /// Each epoch has one holder, epochs never go back, and nobody takes a lease before it ends.
    case epochs
    /// Nothing is written under a lease that is not current.
    case fence
    /// After a decision that withdraws a page, nobody hands it over.
    case withdrawn
    /// In the end every page that was due has ended.
    case final
    /// Nobody hands a page over twice, unless a process died or an answer was unknown. Then it is marked.
    case doubled
    /// An open incident that nobody owns has a next step, or somebody was reached.
    case hope
    /// When a page fails, what must follow is stored with it. The person's next page leaves without waiting for its usual
    /// time.
    case ways
    /// What is due happens within the tolerance, unless something fails right then.
    case prompt
    /// No post comes before its incident is stored. In the end the channels show each incident as it is, unless the post
    /// has visibly failed. A channel in trouble delays no page: see `prompt` and `final`.
    case posts
    /// The timeline tells how the stored state came about.
    case timeline
    /// Nothing hangs and nothing spins.
    case progress
}

/// How an invariant was broken.
package struct Violation: Sendable, CustomStringConvertible {
    package let invariant: Invariant
    /// Microseconds since the start.
    package let at: Int64
    package let text: String

    package var description: String { "\(invariant.rawValue) at \(Double(at) / 1_000_000) s: \(text)" }
}

/// The result of one simulation.
package struct Outcome: Sendable {
    package let violation: Violation?
    /// The same for the same history.
    package let hash: UInt64
    package let log: [String]
    package let jobs: Int
    package let statements: Int
    package let commits: Int
    package let counts: Counts
}

/// How much happened.
package struct Counts: Sendable {
    package var incidents = 0
    package var pages = 0
    package var handedOver = 0
    package var doubles = 0
    package var takeOvers = 0
    package var accepted = 0

    package init() {}
}

extension Counts {
    package static func += (left: inout Counts, right: Counts) {
        left.incidents += right.incidents
        left.pages += right.pages
        left.handedOver += right.handedOver
        left.doubles += right.doubles
        left.takeOvers += right.takeOvers
        left.accepted += right.accepted
    }
}
