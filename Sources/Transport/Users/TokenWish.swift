internal import Actors
package import Domain
internal import Formats
package import Store

/// What a new API token shall be.
package struct TokenWish: Sendable, Hashable {
    package enum Limits {
        package static let name = 100
        package static let days = 1...3_650
        package static let usualDays = 90
    }

    package var name = ""
    package var scope = APIToken.Scope.read
    /// Nil: it never runs out.
    package var days: Int? = Limits.usualDays
    /// Nil binds it to no team.
    package var teams: Set<TeamID>?

    package init() {}

    /// Reads a request's JSON. Teams are named by id, number or name.
    init(_ json: JSON, _ configuration: Configuration) throws(ConfigurationFault) {
        var reader = FieldReader(json)
        reader.read("name", into: &name)
        reader.read("scope", into: &scope)
        reader.read("days", into: &days)
        if let given = json["teams"] {
            let names = given.array?.map { $0.text ?? "" } ?? []
            if given.array == nil { reader.fault("teams", "A list of teams was expected.") }
            teams = Set(names.compactMap { configuration.team(named: $0)?.id })
            for name in names where configuration.team(named: name) == nil {
                reader.fault("teams", "There is no team “\(name.prefix(100))”.")
            }
        }
        reader.ignore(["teams"])
        for fault in faults(configuration) { reader.fault(fault.field, fault.explanation) }
        try reader.end()
    }

    /// What is wrong, by the names of the API's fields.
    package func faults(_ configuration: Configuration) -> [FieldFault] {
        var faults: [FieldFault] = []
        if !(1...Limits.name).contains(name.count) {
            faults.append(FieldFault("name", "Write 1 to \(Limits.name) characters."))
        }
        if let days, !Limits.days.contains(days) {
            faults.append(FieldFault("days", "Write a number of days, 1 to \(Limits.days.upperBound), or nothing."))
        }
        if let teams, teams.isEmpty || !teams.isSubset(of: configuration.teams.keys) {
            faults.append(FieldFault("teams", "Name teams that exist, or none to leave the token unbound."))
        }
        return faults
    }
}

extension APIToken.Scope: FieldValue {}

extension Services {
    /// Creates a token and notes it.
    ///
    /// - Parameter wish: without faults.
    /// - Returns: the token, and its text, which is stored nowhere.
    package func createToken(
        _ wish: TokenWish, of user: User, by author: Author, from address: String? = nil
    ) async throws -> (token: APIToken, text: String) {
        let (now, text) = (time.now(), "pgp_" + keys.key())
        let token = APIToken(
            id: store.identifiers.next(), userID: user.id, name: wish.name, hash: sha256(text),
            hint: String(text.prefix(8)), scope: wish.scope, teams: wish.teams,
            expiresAt: wish.days.map { now + .days($0) })
        try await store.save(token, at: now)
        let names = wish.teams.map { $0.map { configuration.current.teams[$0]?.name ?? $0.rawValue }.sorted() }
        let bound = names.map { ", only for \($0.joined(separator: ", "))" } ?? ""
        try await accounts.trail.note(
            "the API token “\(wish.name)” (\(wish.scope.rawValue)\(bound)) was created", about: user, by: author,
            from: address)
        return (token, text)
    }
}
