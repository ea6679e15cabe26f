/// Why a change of the configuration was not made. Nothing of it was.
package enum ConfigurationFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with which field.
    case invalid([FieldFault])
    /// There is no such thing, or not any more.
    case missing(String)
    /// Something still refers to it; each sentence says what, and what to do.
    case inUse([String])
    /// The database did not take it: try again.
    case unavailable(String)

    package var description: String {
        switch self {
        case .invalid(let faults): faults.map { "\($0.field): \($0.explanation)" }.joined(separator: " ")
        case .missing(let what): "There is no \(what)."
        case .inUse(let reasons): reasons.joined(separator: " ")
        case .unavailable(let why): why
        }
    }
}
