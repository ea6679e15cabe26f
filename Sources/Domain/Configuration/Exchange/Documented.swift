internal import Formats

/// A configured thing that a configuration file can contain. Files name things, because ids differ between databases.
protocol Documented: Configurable {
    /// Its section in a file: `escalation_policies`.
    static var section: String { get }
    /// A new value, before a file's members are read into it.
    static func blank(_ id: ID, _ context: DocumentContext) -> Self
    /// What identifies it among its kind: a team's name, a person's address, or the team's name and its own.
    func reference(_ configuration: Configuration) -> String
    /// What identifies a file's entry.
    static func reference(_ json: JSON) -> String?
    /// What an entry needs to be identified: `a name and a team`.
    static var identity: String { get }
}

extension Documented {
    static var section: String { definition.path.replacing("-", with: "_") }

    static var identity: String { definition.team == nil ? "a name" : "a name and a team" }

    static func reference(_ json: JSON) -> String? {
        guard let name = json["name"]?.text else { return nil }
        guard definition.team != nil else { return name }
        return json["team"]?.text.map { "\($0)/\(name)" }
    }
}

extension Team: Documented {
    static func blank(_ id: TeamID, _ context: DocumentContext) -> Team { Team(id: id, name: "") }
    func reference(_ configuration: Configuration) -> String { name }
}

extension User: Documented {
    static func blank(_ id: UserID, _ context: DocumentContext) -> User { User(id: id, name: "", email: "") }
    static var identity: String { "an email" }
    static func reference(_ json: JSON) -> String? { json["email"]?.text }
    func reference(_ configuration: Configuration) -> String { email }
}

extension TeamChannel: Documented {
    static func blank(_ id: TeamChannelID, _ context: DocumentContext) -> TeamChannel {
        TeamChannel(id: id, teamID: "", name: "", channel: .slack, address: "")
    }
    func reference(_ configuration: Configuration) -> String { configuration.reference(name, of: teamID) }
}

extension Schedule: Documented {
    static func blank(_ id: ScheduleID, _ context: DocumentContext) -> Schedule {
        Schedule(id: id, name: "", teamID: "", timeZone: "UTC", layers: [])
    }
    func reference(_ configuration: Configuration) -> String { configuration.reference(name, of: teamID) }
}

extension EscalationPolicy: Documented {
    static func blank(_ id: PolicyID, _ context: DocumentContext) -> EscalationPolicy {
        EscalationPolicy(id: id, name: "", teamID: "", steps: [])
    }
    func reference(_ configuration: Configuration) -> String { configuration.reference(name, of: teamID) }
}

extension AlertSource: Documented {
    static func blank(_ id: SourceID, _ context: DocumentContext) -> AlertSource {
        AlertSource(id: id, name: "", teamID: "")
    }
    func reference(_ configuration: Configuration) -> String { configuration.reference(name, of: teamID) }
}

extension Heartbeat: Documented {
    static func blank(_ id: HeartbeatID, _ context: DocumentContext) -> Heartbeat {
        Heartbeat(
            id: id, name: "", teamID: "", rhythm: .every(.zero), token: Heartbeat.tokenPrefix + context.keys.key())
    }
    func reference(_ configuration: Configuration) -> String { configuration.reference(name, of: teamID) }
}

extension MaintenanceWindow: Documented {
    static func blank(_ id: MaintenanceWindowID, _ context: DocumentContext) -> MaintenanceWindow {
        MaintenanceWindow(id: id, name: "", teamID: "", span: .once(from: context.now, to: context.now))
    }
    func reference(_ configuration: Configuration) -> String { configuration.reference(name, of: teamID) }
}

/// It has no name of its own: a file names what it replaces, and the language.
extension MessageTemplate: Documented {
    static var identity: String { "a use" }

    static func blank(_ id: MessageTemplateID, _ context: DocumentContext) -> MessageTemplate {
        MessageTemplate(id: id, use: .text, text: "")
    }

    static func reference(_ json: JSON) -> String? {
        json["use"]?.text.map { "\($0)/\(json["language"]?.text ?? Language.all.rawValue)" }
    }

    func reference(_ configuration: Configuration) -> String { "\(use.rawValue)/\(language.rawValue)" }
}

extension Configuration {
    fileprivate func reference(_ name: String, of team: TeamID) -> String { "\(teams[team]?.name ?? "")/\(name)" }
}

/// What reading a configuration file needs besides the file.
package struct DocumentContext: Sendable {
    package var identifiers: Identifiers
    package var keys: KeyGenerator
    /// Returns the value of an environment variable.
    package var variable: @Sendable (String) -> String?
    /// Stores a key in a source.
    package var setKey: @Sendable (inout AlertSource, String) -> Void
    package var sources: SourceRules
    package var now: Timestamp

    package init(
        identifiers: Identifiers, keys: KeyGenerator, variable: @escaping @Sendable (String) -> String?,
        setKey: @escaping @Sendable (inout AlertSource, String) -> Void, sources: SourceRules, now: Timestamp
    ) {
        self.identifiers = identifiers
        self.keys = keys
        self.variable = variable
        self.setKey = setKey
        self.sources = sources
        self.now = now
    }
}
