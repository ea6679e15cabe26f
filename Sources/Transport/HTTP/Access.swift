package import Domain
internal import Store

/// Who may use a route. Every route declares one, and `RouteTable` enforces it before the handler runs.
///
/// If the permission depends on the object that a request names (a team's schedule, a user's phone number), the
/// handler also checks `Configuration.allows`.
package enum Access: Sendable, Hashable {
    /// Anyone: health, assets, signing in.
    case anyone
    /// Anyone with the key, token or link that the handler checks: alerts, receipts, links in messages.
    case proof
    /// Users with this permission who are signed in or send an API token.
    case needs(Permission)
    /// Users who may configure at least one team. For lists of what managers create.
    case needsTeam
}

extension Access {
    /// The scope that a token needs for changes over a route with this access.
    var changes: APIToken.Scope {
        switch self {
        case .needs(.respond): .incidents
        case .anyone, .proof, .needs, .needsTeam: .write
        }
    }
}

extension Configuration {
    /// Whether a user may use routes with this access.
    package func admits(_ user: UserID, _ access: Access) -> Bool {
        switch access {
        case .anyone, .proof: true
        case .needs(let permission): allows(user, permission)
        case .needsTeam: allows(user, .administer) || teams.keys.contains { allows(user, .configure($0)) }
        }
    }
}
