/// One change of what operators configure.
package enum ConfigurationChange: Sendable {
    /// Creates a value, or replaces the one with its id.
    case save(any Configurable)
    case delete(ConfigurationSubject)
    /// A scrypt hash; nil takes the right to sign in away.
    case setPassword(UserID, hash: String?)
    /// All rules of one user at once.
    case saveRules(UserID, [NotificationRule])

    /// What it changes.
    package var subject: ConfigurationSubject {
        switch self {
        case .save(let value): value.subject
        case .delete(let subject): subject
        case .setPassword(let id, _): .user(id)
        case .saveRules(let user, _): .notificationRules(user)
        }
    }
}

extension Configurable {
    package var subject: ConfigurationSubject { ConfigurationSubject(Self.definition.kind, id.description) }
}
