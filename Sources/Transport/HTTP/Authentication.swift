internal import Actors
internal import Database
internal import Domain
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Store

extension Request {
    /// The alert source key, from any of the places where senders can put it.
    var sourceKey: String? {
        for name in ["X-API-Key", "X-Alert-Source-Key"] {
            if let name = HTTPField.Name(name), let key = headers[name], !key.isEmpty { return key }
        }
        if let credentials { return credentials }
        return uri.queryParameters["key"].map { String($0) }
    }

    /// A bearer token, or the password of Basic credentials for senders that support nothing else.
    var credentials: String? {
        guard let value = headers[.authorization], let blank = value.firstIndex(of: " ") else { return nil }
        let rest = value[value.index(after: blank)...].trimmingBlanks()
        switch value[..<blank].lowercased() {
        case "bearer", "geniekey", "token": return rest
        case "basic":
            guard let data = Data(base64Encoded: rest) else { return nil }
            let text = String(decoding: data, as: UTF8.self)
            return text.firstIndex(of: ":").map { String(text[text.index(after: $0)...]) }
        default: return nil
        }
    }
}

/// The user of the management API.
struct Caller: Sendable {
    let user: User
    /// False for a read-only token.
    let canWrite: Bool
    /// `API` for a token, nil for a web page's script.
    let via: String?

    var author: Author { .user(user, via: via) }

    /// - Throws: a 403 that names the missing permission.
    func require(_ permission: Permission, _ configuration: Configuration) throws {
        guard canWrite || permission == .read else { throw APIProblem.readOnly }
        guard configuration.allows(user.id, permission) else { throw APIProblem.notAllowed(permission, configuration) }
    }
}

extension Services {
    /// Returns the user of a valid API token or session. A request that changes something through a session must also
    /// carry the session's form token.
    func caller(of request: Request) async throws -> Caller {
        guard let token = request.credentials else { return try await sessionCaller(of: request) }
        guard token.hasPrefix("pgp_"), let known = try await store.token(hash: sha256(token), at: time.now()),
            let user = configuration.current.users[known.userID], user.isEnabled
        else { throw APIProblem.wrongToken }
        return Caller(user: user, canWrite: known.scope == .write, via: "API")
    }

    private func sessionCaller(of request: Request) async throws -> Caller {
        guard let key = request.cookie(.session), let known = try await accounts.session(key: key) else {
            throw APIProblem.wrongToken
        }
        if !request.method.isSafe {
            let given = HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] } ?? ""
            guard isSame(given, requestTokens.formToken(for: key)) else { throw APIProblem.wrongForm }
        }
        try await requireFactor(of: known.user)
        return Caller(user: known.user, canWrite: true, via: nil)
    }

    /// Refuses a user who must have a second factor and has not set one up.
    func requireFactor(of user: User) async throws {
        guard settings.needsFactor(user), try await accounts.factorState(of: user.id) == .none else { return }
        throw APIProblem(.forbidden, "Second factor needed", "Set up a second factor in your profile first.")
    }

    /// Returns the caller if it has this permission.
    func caller(of request: Request, _ permission: Permission) async throws -> Caller {
        let caller = try await caller(of: request)
        try caller.require(permission, configuration.current)
        return caller
    }
}

/// Compares secrets in constant time.
package func isSame(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(sha256(left).utf8), Array(sha256(right).utf8))
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
