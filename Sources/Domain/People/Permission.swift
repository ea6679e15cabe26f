/// Something that a user may be allowed to do. Every route and form names the permission it needs.
/// `Configuration.allows` is the only place that grants one.
package enum Permission: Sendable, Hashable {
    /// See everything except secrets.
    case read
    /// Act on incidents: acknowledge, resolve, add notes, escalate.
    case respond
    /// Add overrides to a team's schedules, so that its members can swap shifts.
    case override(TeamID)
    /// Change a team's schedules, policies, sources, members and everything else it owns.
    case configure(TeamID)
    /// Change a person's profile, contact methods and notification rules.
    case edit(UserID)
    /// Manage users and teams, assign roles, see everything.
    case administer
}

extension Configuration {
    /// Whether a user has a permission. Disabled users have none.
    package func allows(_ user: UserID, _ permission: Permission) -> Bool {
        guard let user = users[user], user.isEnabled else { return false }
        if user.role == .admin { return true }
        return switch permission {
        case .read: true
        case .respond: user.role >= .responder
        case .override(let team): user.role >= .responder && belongs(user.id, to: team)
        case .configure(let team): user.role >= .manager && belongs(user.id, to: team)
        case .edit(let other): other == user.id
        case .administer: false
        }
    }

    private func belongs(_ user: UserID, to team: TeamID) -> Bool {
        teams[team]?.memberIDs.contains(user) ?? false
    }
}

extension Role: Comparable {
    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .responder: 1
        case .manager: 2
        case .admin: 3
        }
    }
}
