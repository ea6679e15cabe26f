internal import Domain
internal import Hummingbird

/// /api/v1/users
struct UserResource: Resource {
    static let path = "users"
    static let noun = "user"
    static let door = Access.needs(.read)

    struct Hours: Encodable { let from, to: TimeOfDay }

    struct Answer: Encodable {
        struct Reference: Encodable { let id, name: String }

        let id, name, email, role, timeZone, locale: String
        let isEnabled: Bool
        let quietHours: Hours?
        let notifyHandOff, notifyShiftAhead: Bool
        let teams: [Reference]
    }

    func all(_ configuration: Configuration, _ query: Query) throws -> [User] {
        let text = query["q"]?.lowercased()
        return configuration.users.values.filter { user in
            text.map { user.name.lowercased().contains($0) || user.email.lowercased().contains($0) } ?? true
        }
    }

    func blank(_ id: UserID, _ caller: Caller, _ configuration: Configuration) -> User {
        User(id: id, name: "", email: "", timeZone: caller.user.timeZone, locale: caller.user.locale)
    }

    func read(_ reader: inout FieldReader, into user: inout User, isNew: Bool, _ configuration: Configuration) throws {
        reader.read("name", into: &user.name)
        reader.read("email", into: &user.email)
        reader.read("role", into: &user.role)
        reader.read("time_zone", into: &user.timeZone)
        reader.read("locale", into: &user.locale)
        reader.read("is_enabled", into: &user.isEnabled)
        reader.read("notify_hand_off", into: &user.tellsHandOff)
        reader.read("notify_shift_ahead", into: &user.tellsShiftAhead)
        try reader.read("quiet_hours", into: &user.quietHours) { reader in
            let (from, to) = reader.hours()
            return QuietHours(fromMinute: from, toMinute: to)
        }
        reader.ignore("id", "teams")
        if isNew { reader.require("name", "email") }
    }

    /// People edit their own profile; roles and disabling are the administrators'.
    func permissions(from old: User?, to new: User?, _ configuration: Configuration) -> [Permission] {
        guard let old, let new, old.role == new.role, old.isEnabled == new.isEnabled else { return [.administer] }
        return [.edit(old.id)]
    }

    func saving(_ user: User, _ configuration: Configuration) throws(ConfigurationFault) -> [ConfigurationChange] {
        [.saveUser(user)]
    }

    func deleting(_ user: User, _ configuration: Configuration) throws(ConfigurationFault) -> [ConfigurationChange] {
        try configuration.deletion(of: user.id)
    }

    func answer(_ user: User, _ configuration: Configuration, _ services: Services) -> Answer {
        let teams = configuration.teams.values.filter { $0.memberIDs.contains(user.id) }.sorted { $0.name < $1.name }
        return Answer(
            id: user.id.rawValue, name: user.name, email: user.email, role: user.role.rawValue,
            timeZone: user.timeZone, locale: user.locale, isEnabled: user.isEnabled,
            quietHours: user.quietHours.map { Hours(from: TimeOfDay($0.fromMinute), to: TimeOfDay($0.toMinute)) },
            notifyHandOff: user.tellsHandOff, notifyShiftAhead: user.tellsShiftAhead,
            teams: teams.map { .init(id: $0.id.rawValue, name: $0.name) })
    }
}

extension FieldReader {
    /// `from` and `to` as times of day, in minutes since midnight.
    mutating func hours() -> (from: Int, to: Int) {
        var (from, to) = (TimeOfDay(0), TimeOfDay(0))
        read("from", into: &from)
        read("to", into: &to)
        require("from", "to")
        return (from.minute, to.minute)
    }
}
