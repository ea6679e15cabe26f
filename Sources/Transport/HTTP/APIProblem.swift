internal import Actors
package import Database
package import Domain
internal import Formats
internal import Foundation
package import HTTPTypes
package import Hummingbird
package import Integrations
internal import NIOCore
internal import NIOHTTP1
internal import Store

/// An error in an API response, as RFC 9457 problem details. Its detail says what is wrong and what to do.
package struct APIProblem: Error, HTTPResponseError {
    package let status: HTTPResponse.Status
    package let title: String
    package let detail: String
    /// Faults of individual fields, for a 422.
    let errors: [FieldFault]
    let headers: HTTPFields
    /// For the log only, because it may contain internal host and user names.
    var cause: String?

    package init(
        _ status: HTTPResponse.Status, _ title: String, _ detail: String, errors: [FieldFault] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response { response() }

    func response() -> Response {
        struct Body: Encodable {
            struct Fault: Encodable { let field, explanation: String }
            let title: String
            let status: Int
            let detail: String
            let errors: [Fault]?
        }
        let faults = errors.map { Body.Fault(field: $0.field, explanation: $0.explanation) }
        let body = Body(title: title, status: status.code, detail: detail, errors: faults.isEmpty ? nil : faults)
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: jsonBytes(body)))
    }
}

extension APIProblem {
    /// The same response for a missing, malformed, unknown and disabled key, so that it reveals nothing.
    static let wrongKey = APIProblem(
        .unauthorized, "Not authorized",
        "The alert source key is missing or not valid. Send it in the header X-API-Key.",
        headers: [.wwwAuthenticate: "Bearer realm=\"pagerpal\", Basic realm=\"pagerpal\""])
    static let wrongToken = APIProblem(
        .unauthorized, "Not authorized", "Send a valid API token as Authorization: Bearer pgp_….",
        headers: [.wwwAuthenticate: "Bearer realm=\"pagerpal\""])
    static let wrongForm = APIProblem(
        .forbidden, "Not allowed", "Requests with a session need the page's token in the header X-CSRF-Token.")
    /// - Parameter needed: the scope that the token lacks.
    static func scope(_ needed: APIToken.Scope) -> APIProblem {
        APIProblem(
            .forbidden, "Not allowed",
            "This token's scope is too small. Use a token with the scope “\(needed.rawValue)”.")
    }

    /// A 403 that says who may use the route.
    package static func notAllowed(_ access: Access, _ configuration: Configuration) -> APIProblem {
        switch access {
        case .needs(let permission): notAllowed(permission, configuration)
        case .needsTeam:
            APIProblem(.forbidden, "Not allowed", "Only managers of a team and administrators may do this.")
        case .anyone, .proof: APIProblem(.forbidden, "Not allowed", "This is not allowed.")
        }
    }

    /// A 403 that says who has the permission.
    package static func notAllowed(_ permission: Permission, _ configuration: Configuration) -> APIProblem {
        let team = { (id: TeamID) in configuration.teams[id].map { " “\($0.name)”" } ?? "" }
        let who =
            switch permission {
            case .read: "enabled users"
            case .respond: "responders, managers and administrators"
            case .override(let id): "members of the team\(team(id)) and administrators"
            case .configure(let id): "managers of the team\(team(id)) and administrators"
            case .edit: "the user and administrators"
            case .administer: "administrators"
            }
        return APIProblem(.forbidden, "Not allowed", "Only \(who) may do this.")
    }
    static let tooLarge = APIProblem(
        .contentTooLarge, "Body too large", "Send at most \(Payload.Limits.body) bytes in one request.")

    package static func notFound(_ what: String) -> APIProblem {
        APIProblem(.notFound, "Not found", "There is no \(what).")
    }

    /// A 412 for an `If-Match` that is not the current version.
    static func changedMeanwhile(_ noun: String, _ tag: String) -> APIProblem {
        APIProblem(
            .preconditionFailed, "Changed meanwhile",
            "Somebody changed the \(noun) since you read it. Read it again, apply your change, and send its new ETag.",
            headers: [.eTag: tag])
    }

    package static func invalid(_ field: String, _ explanation: String) -> APIProblem {
        APIProblem(
            .unprocessableContent, "Not usable", "\(field): \(explanation)", errors: [FieldFault(field, explanation)])
    }

    /// A 503 for a request that was not stored and should be sent again. The cause appears only in the log.
    package static func unavailable(_ cause: String) -> APIProblem {
        var problem = APIProblem(
            .serviceUnavailable, "Not stored", "The request could not be stored. Send it again.",
            headers: [.retryAfter: "5"])
        problem.cause = cause
        return problem
    }

    package init(_ error: PayloadError) {
        switch error {
        case .malformed(let explanation):
            self.init(.badRequest, "Malformed body", "The body is not valid JSON. \(explanation)")
        case .unprocessable(let faults):
            let words = faults.map { $0.field.isEmpty ? $0.explanation : "\($0.field): \($0.explanation)" }
            self.init(.unprocessableContent, "Not usable", words.joined(separator: " "), errors: faults)
        case .unauthentic(let explanation): self.init(.forbidden, "Not trusted", explanation)
        }
    }

    package init(_ error: DatabaseError) {
        switch error {
        // The sender's data can't be stored, so a retry would not help.
        case .invalidValue: self.init(.badRequest, "Not usable", error.description)
        case .unavailable, .busy, .constraint, .statement, .decoding, .closed:
            self = .unavailable(error.description)
        }
    }

    package init(_ fault: ConfigurationFault) {
        switch fault {
        case .invalid(let faults):
            self.init(.unprocessableContent, "Not usable", fault.description, errors: faults)
        case .missing(let what): self = .notFound(what)
        case .inUse: self.init(.conflict, "Still in use", fault.description)
        case .unavailable(let cause): self = .unavailable(cause)
        }
    }

    package init(_ refusal: Refusal) {
        switch refusal {
        case .alreadyResolved, .notResolved, .nothingToUndo, .newerIsOpen:
            self.init(.conflict, "Not possible now", refusal.description)
        case .snoozeOutOfRange: self = .invalid("until", refusal.description)
        case .cannotTake: self = .invalid("user", refusal.description)
        case .emptyNote, .noteTooLong: self = .invalid("text", refusal.description)
        }
    }
}

/// Converts any error to a problem. An unknown error becomes a 500 without internal details.
package func apiProblem(from error: any Error) -> APIProblem {
    switch error {
    case let problem as APIProblem: return problem
    case let error as DatabaseError: return APIProblem(error)
    case let error as PayloadError: return APIProblem(error)
    case let refusal as Refusal: return APIProblem(refusal)
    case let fault as ConfigurationFault: return APIProblem(fault)
    // The connection ended within the body.
    case is HTTPParserError: return APIProblem(.badRequest, "Incomplete", "The request ended before its body did.")
    case is PasswordHasher.Busy:
        return APIProblem(
            .serviceUnavailable, "Busy", "Too many passwords are being checked. Try again in a few seconds.",
            headers: [.retryAfter: "5"])
    case let error as any HTTPResponseError:
        switch error.status {
        case .contentTooLarge: return .tooLarge
        case .notFound: return .notFound("such address")
        default: return APIProblem(error.status, "Not possible", error.status.reasonPhrase)
        }
    default:
        return APIProblem(.internalServerError, "Internal error", "The server failed. Its log has the details.")
    }
}
