/// Who did something to an incident.
package struct Author: Sendable, Hashable {
    package enum Kind: String, Sendable { case user, source, system }

    package var kind: Kind
    /// The id of the user or source. Nil for the system.
    package var id: String?
    /// The name at that time. It stays readable after the user is deleted.
    package var name: String
    /// How the action arrived, unless it was through the web interface: `API`, `SMS reply`, `link in a message`.
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

    /// The person who runs PagerPal's commands on the host.
    package static let commandLine = Author(kind: .system, id: nil, name: "command line")

    /// PagerPal itself: timers, receipts and policies.
    package static let system = Author(kind: .system, id: nil, name: "PagerPal")

    /// The user's id, if the author is a person.
    package var userID: UserID? { kind == .user ? id.map { UserID($0) } : nil }
}
