/// Whoever did something to an incident.
package struct Author: Sendable, Hashable {
    package enum Kind: String, Sendable { case user, source, system }

    package var kind: Kind
    /// The user's or source's id; nil for the system.
    package var id: String?
    /// The name as it was then: it stays readable after the user is gone.
    package var name: String
    /// How it came in when not by the pages of PagerPal: `API`, `SMS reply`, `link in a message`.
    package var via: String?

    package init(kind: Kind, id: String?, name: String, via: String? = nil) {
        self.kind = kind
        self.id = id
        self.name = name
        self.via = via
    }

    /// A person.
    package static func user(_ user: User, via: String? = nil) -> Author {
        Author(kind: .user, id: user.id.rawValue, name: user.name, via: via)
    }

    /// An alert source.
    package static func source(_ source: AlertSource) -> Author {
        Author(kind: .source, id: source.id.rawValue, name: source.name)
    }

    /// Whoever runs PagerPal's commands on its host.
    package static let commandLine = Author(kind: .system, id: nil, name: "command line")

    /// PagerPal itself: timers, receipts, policies.
    package static let system = Author(kind: .system, id: nil, name: "PagerPal")

    /// The user's id when a person did it.
    package var userID: UserID? { kind == .user ? id.map { UserID($0) } : nil }
}
