internal import Domain
internal import HummingbirdCore

/// /api/v1/users
struct UserResource: ConfigurableResource {
    static let door = Access.needs(.read)

    func blank(_ id: UserID, _ caller: Caller, _ configuration: Configuration) -> User {
        User(id: id, name: "", email: "", timeZone: caller.user.timeZone, locale: caller.user.locale)
    }

    /// `q` selects users by a part of the name or e-mail address.
    func matches(_ user: User, _ query: Query, _ configuration: Configuration) -> Bool {
        guard let text = query["q"]?.lowercased() else { return true }
        return user.name.lowercased().contains(text) || user.email.lowercased().contains(text)
    }
}
