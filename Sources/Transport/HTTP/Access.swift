package import Domain

/// Who may use a route. Every route names one, and `RouteTable` sees to it before the handler runs.
///
/// What depends on the very thing that a request names (this team's schedule, that person's telephone) the handler
/// asks of `Configuration.allows` besides.
package enum Access: Sendable, Hashable {
    /// Anybody: health, assets, signing in.
    case anyone
    /// Whoever shows the key, token or link that the handler checks: alerts, receipts, links in messages.
    case proof
    /// Whoever is signed in, or sends an API token, and has this permission.
    case needs(Permission)
    /// The same, for whoever may configure at least one team: lists of what managers create.
    case needsTeam
}

extension Configuration {
    /// Whether a user gets past a route's door.
    package func admits(_ user: UserID, _ access: Access) -> Bool {
        switch access {
        case .anyone, .proof: true
        case .needs(let permission): allows(user, permission)
        case .needsTeam: allows(user, .administer) || teams.keys.contains { allows(user, .configure($0)) }
        }
    }
}
