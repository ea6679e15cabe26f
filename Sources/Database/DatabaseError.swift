/// Why a statement or transaction failed.
package enum DatabaseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The database cannot be reached, the connection was lost, or no connection was free in time.
    case unavailable(String)
    /// Another transaction was in the way (a deadlock, a lock). The same call may succeed later.
    case busy(String)
    case constraint(ConstraintKind, detail: String)
    /// The database refused the statement.
    case statement(code: String, message: String)
    /// The result is not what the program expects.
    case decoding(String)
    /// A value that cannot be stored, such as a text with U+0000.
    case invalidValue(String)
    case closed

    package enum ConstraintKind: String, Sendable { case unique, foreignKey, check, notNull, other }

    package var description: String {
        switch self {
        case .unavailable(let why): "The database is not available: \(why)"
        case .busy(let why): "The database is busy, try again: \(why)"
        case .constraint(let kind, let detail): "The database refused a value (\(kind.rawValue)): \(detail)"
        case .statement(let code, let message): "The database refused a statement (\(code)): \(message)"
        case .decoding(let why): "The database holds something unexpected: \(why)"
        case .invalidValue(let why): "A value can't be stored: \(why)"
        case .closed: "The database is closed."
        }
    }
}
