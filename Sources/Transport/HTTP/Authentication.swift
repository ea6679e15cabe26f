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

    /// The address and password of an account, as Basic credentials. A token in place of the password is a token.
    var account: (email: String, password: Secret)? {
        guard let value = headers[.authorization], value.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: value.dropFirst("basic ".count).trimmingBlanks())
        else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].contains("@"), !parts[1].hasPrefix("pgp_") else { return nil }
        return (String(parts[0]), Secret(String(parts[1])))
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
    /// What a token permits. Everything for a session, and for an address with its password.
    let scope: APIToken.Scope
    /// `API` for a token or a password, nil for a web page's script.
    let via: String?
    /// What answers are kept and requests counted for: the token, or else the user.
    let identity: String
    /// The only teams whose things it sees and changes. Nil for all. What the user may do limits it further.
    var teams: Set<TeamID>?
    /// False for a session whose user typed the password too long ago to make something new to get in with.
    var isProven = true

    var author: Author { .user(user, via: via) }

    /// - Throws: a 403 if the password has to be typed first.
    func requireProof() throws {
        guard isProven else {
            throw APIProblem(
                .forbidden, "Password needed", "Sign in again first: that was more than ten minutes ago.")
        }
    }

    /// - Throws: a 403 that names the missing scope.
    func require(_ needed: APIToken.Scope) throws {
        guard scope >= needed else { throw APIProblem.scope(needed) }
    }

    /// Whether it sees what belongs to a team. Nil is what belongs to none. All that a bound token sees passes through here.
    func sees(_ team: TeamID?) -> Bool {
        guard let teams else { return true }
        return team.map { teams.contains($0) } ?? false
    }

    /// - Throws: a 403 if a bound token asks for what does not belong to its teams.
    private func requireTeam(of permission: Permission) throws {
        let isBound =
            switch permission {
            case .read, .respond: true
            case .override(let team), .configure(let team): sees(team)
            case .edit, .administer: teams == nil
            }
        guard isBound else { throw APIProblem.boundToTeams }
    }

    /// - Throws: a 403 that names the missing permission.
    func require(_ permission: Permission, _ configuration: Configuration) throws {
        switch permission {
        case .read: break
        case .respond: try require(.incidents)
        case .override, .configure, .edit, .administer: try require(.write)
        }
        guard configuration.allows(user.id, permission) else { throw APIProblem.notAllowed(permission, configuration) }
        try requireTeam(of: permission)
    }
}

extension APIProblem {
    static var boundToTeams: APIProblem {
        APIProblem(.forbidden, "Not allowed", "This token is bound to teams, and this belongs to none of them.")
    }
}

extension Services {
    /// Returns the user of a valid API token or session. A request that changes something through a session must also
    /// carry the session's form token.
    ///
    /// - Parameter forTeams: whether the route limits what it shows and changes by ``Caller/sees(_:)``. Others refuse tokens
    ///   that are bound to teams.
    func caller(of request: Request, forTeams: Bool = false) async throws -> Caller {
        let caller = try await anyCaller(of: request)
        guard forTeams || caller.teams == nil else { throw APIProblem.boundToTeams }
        return caller
    }

    private func anyCaller(of request: Request) async throws -> Caller {
        if let (email, password) = request.account { return try await accountCaller(email, password) }
        guard let token = request.credentials else { return try await sessionCaller(of: request) }
        guard token.hasPrefix("pgp_"), let known = try await store.token(hash: sha256(token), at: time.now()),
            let user = configuration.current.users[known.userID], user.isEnabled
        else { throw APIProblem.wrongToken }
        return Caller(user: user, scope: known.scope, via: "API", identity: "token:\(known.id)", teams: known.teams)
    }

    /// Signs a program in for one request, with a user's address and password. Users with a second factor, and those who
    /// must have one, can't do that: a program would hold half of their proof.
    private func accountCaller(_ email: String, _ password: Secret) async throws -> Caller {
        guard !companies.replacePasswords else { throw APIProblem.wrongToken }
        let address = CurrentClient.address
        let origin = Accounts.Origin(
            address: address, network: networkOfClient(address), agent: "", knows: { _, _ in false })
        switch try await accounts.check(email: email, password: password, from: origin) {
        case .right(let user):
            guard !settings.needsFactor(user), try await !accounts.hasFactor(user.id) else {
                throw APIProblem(
                    .forbidden, "Not allowed",
                    "This account needs a second factor. Use an API token in place of the password.")
            }
            return Caller(user: user, scope: .write, via: "API", identity: "user:\(user.id)")
        case .wrong: throw APIProblem.wrongToken
        case .wait(let pause):
            let seconds = "\(pause.components.seconds + 1)"
            throw APIProblem(
                .tooManyRequests, "Too many failures", "Try again in \(seconds) seconds.",
                headers: [.retryAfter: seconds])
        }
    }

    private func sessionCaller(of request: Request) async throws -> Caller {
        guard let known = try await session(of: request, vouched: CurrentClient.vouched) else {
            throw APIProblem.wrongToken
        }
        if !request.method.isSafe {
            let given = HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] } ?? ""
            guard requestTokens.formTokens(for: known.key).contains(where: { isSame(given, $0) }) else {
                throw APIProblem.wrongForm
            }
        }
        if !known.session.isByCompany { try await requireFactor(of: known.user) }
        return Caller(
            user: known.user, scope: .write, via: nil, identity: "session:\(known.user.id)",
            isProven: CurrentClient.vouched != nil || accounts.isProven(known.session))
    }

    /// Refuses a user who must have a second factor and has not set one up.
    func requireFactor(of user: User) async throws {
        guard settings.needsFactor(user), try await !accounts.hasFactor(user.id) else { return }
        throw APIProblem(.forbidden, "Second factor needed", "Set up a second factor in your profile first.")
    }

    /// Returns the caller if it has this permission.
    func caller(of request: Request, _ permission: Permission, forTeams: Bool = false) async throws -> Caller {
        let caller = try await caller(of: request, forTeams: forTeams)
        try caller.require(permission, configuration.current)
        return caller
    }
}

/// Compares secrets in constant time.
package func isSame(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(sha256(left).utf8), Array(sha256(right).utf8))
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
