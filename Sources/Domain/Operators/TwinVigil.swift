/// Decides when to tell of a twin's fault: when it was seen twice in a row, every half hour while it lasts, when it
/// becomes another, and when it is over.
package struct TwinVigil: Sendable {
    package enum Step: Sendable, Hashable {
        case nothing
        case tell(TwinFault, since: Timestamp)
        /// It is well again, or a holder of before may have told of a fault.
        case tellEnd
    }

    private var failing: (looks: Int, since: Timestamp)?
    private var told: (name: String, at: Timestamp)?
    /// Whether it was seen well, so that nothing that an earlier holder told is open.
    private var isSettled = false

    package init() {}

    /// - Parameter fault: nil if it is well.
    package mutating func look(_ fault: TwinFault?, at now: Timestamp) -> Step {
        guard let fault else {
            defer { (failing, told, isSettled) = (nil, nil, true) }
            return isSettled && told == nil ? .nothing : .tellEnd
        }
        let (looks, since) = (failing.map { $0.looks + 1 } ?? 1, failing?.since ?? now)
        failing = (looks, since)
        guard looks >= Twin.tolerance else { return .nothing }
        if let told, told.name == fault.name, now - told.at < Twin.reminder { return .nothing }
        told = (fault.name, now)
        return .tell(fault, since: since)
    }
}
