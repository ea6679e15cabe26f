internal import CPostgres

/// An error reported by the server, identified by its SQLSTATE (PostgreSQL's manual, appendix A).
struct PostgresFault {
    let code: String
    let message: String
    let constraint: String?

    init(_ result: OpaquePointer) {
        func field(_ letter: Character) -> String? {
            PQresultErrorField(result, Int32(letter.asciiValue ?? 0)).map { String(cString: $0) }
        }
        code = field("C") ?? ""
        message = field("M") ?? ""
        constraint = field("n")
    }

    /// Another transaction was in the way: a serialization failure, a deadlock, or a lock that was not available.
    var isConflict: Bool { ["40001", "40P01", "55P03"].contains(code) }

    /// A prepared statement no longer exists or no longer fits the schema.
    var isStalePlan: Bool { code == "0A000" || code == "26000" }

    /// The server is a replica or became one.
    var isReadOnly: Bool { code == "25006" }

    /// The error as a `DatabaseError`.
    var error: DatabaseError {
        let detail = message + (constraint.map { " (\($0))" } ?? "")
        switch code {
        case "23505": return .constraint(.unique, detail: detail)
        case "23503": return .constraint(.foreignKey, detail: detail)
        case "23514": return .constraint(.check, detail: detail)
        case "23502": return .constraint(.notNull, detail: detail)
        case "40001", "40P01", "55P03": return .busy(message)
        case "57014": return .busy("the statement took too long: \(message)")
        case "25006": return .unavailable("the server accepts no writes: \(message)")
        case "57P01", "57P02", "57P03", "53300": return .unavailable(message)
        default:
            if code.hasPrefix("23") { return .constraint(.other, detail: message) }
            if code.hasPrefix("08") { return .unavailable(message) }
            return .statement(code: code, message: message)
        }
    }
}
