/// Why a configuration change was refused. No part of it was applied.
package enum ConfigurationFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The faults, by field.
    case invalid([FieldFault])
    /// The object does not exist, or was deleted.
    case missing(String)
    /// Other objects still refer to it. Each sentence names one and says what to do.
    case inUse([String])
    /// The database failed to store the change. The caller may retry.
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
