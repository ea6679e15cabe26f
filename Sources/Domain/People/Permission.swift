/// What somebody may be allowed to do. Every route and every form names the one it needs; the rule for each stands
/// in `Configuration.allows` and nowhere else.
package enum Permission: Sendable, Hashable {
    /// Look at anything but secrets.
    case read
    /// Act on incidents: acknowledge, resolve, note, escalate.
    case respond
    /// Put overrides on a team's schedules: its own people may swap shifts.
    case override(TeamID)
    /// Change a team's schedules, policies, sources, members and whatever else it owns.
    case configure(TeamID)
    /// Change a person's contact methods, notification rules and profile.
    case edit(UserID)
    /// Create, disable and delete users and teams, give roles, see everything.
    case administer
}

extension Configuration {
    /// Whether a user may do something. Disabled users may do nothing.
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
