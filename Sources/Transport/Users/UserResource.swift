internal import Domain
internal import HTTPTypes
internal import HummingbirdCore
internal import Store

/// /api/v1/users
struct UserResource: ConfigurableResource {
    static let door = Access.needs(.read)

    func blank(_ id: UserID, _ caller: Caller, _ configuration: Configuration) -> User {
        User(id: id, name: "", email: "", timeZone: caller.user.timeZone, locale: caller.user.locale)
    }

    func checkNew(by caller: Caller) throws { try caller.requireProof() }

    /// Who can change the address of an account can have a new password mailed to it. So a token can't. Enabling lets
    /// somebody in again.
    func check(_ user: User, from old: User, by caller: Caller, _ services: Services) async throws {
        if user.email != old.email || user.role != old.role || (user.isEnabled && !old.isEnabled) {
            try caller.requireProof()
        }
        guard user.email.lowercased() != old.email.lowercased(),
            try await services.store.usersWithPassword().contains(old.id)
        else { return }
        throw APIProblem(
            .forbidden, "Not allowed",
            "\(old.name) signs in with this address. It is changed on the web pages only: by its owner under "
                + "“Password, sessions, tokens”, or by an administrator.")
    }

    /// A token that is bound to teams sees their members, and its own user.
    func isVisible(_ user: User, to caller: Caller, _ configuration: Configuration) -> Bool {
        caller.sees(nil) || user.id == caller.user.id
            || configuration.teams.values.contains { caller.sees($0.id) && $0.memberIDs.contains(user.id) }
    }

    /// `q` selects users by a part of the name or e-mail address.
    func matches(_ user: User, _ query: Query, _ configuration: Configuration) -> Bool {
        guard let text = query["q"]?.lowercased() else { return true }
        return user.name.lowercased().contains(text) || user.email.lowercased().contains(text)
    }
}
