/// One change of the configuration.
package enum ConfigurationChange: Sendable {
    /// Creates a value, or replaces the one with its id.
    case save(any Configurable)
    case delete(ConfigurationSubject)
    /// A scrypt hash. Nil removes the password, so the user can no longer sign in.
    case setPassword(UserID, hash: String?)
    /// Ends everything by which a user gets in without the password: sessions, API tokens, calendar links, links for a
    /// forgotten password, and browsers that are remembered. Saving a disabled user and deleting a user do the same.
    case revokeAll(UserID)
    /// Replaces all notification rules of one user.
    case saveRules(UserID, [NotificationRule])

    /// The subject of the change.
    package var subject: ConfigurationSubject {
        switch self {
        case .save(let value): value.subject
        case .delete(let subject): subject
        case .setPassword(let id, _), .revokeAll(let id): .user(id)
        case .saveRules(let user, _): .notificationRules(user)
        }
    }
}

extension Configurable {
    package var subject: ConfigurationSubject { ConfigurationSubject(Self.definition.kind, id.description) }
}
