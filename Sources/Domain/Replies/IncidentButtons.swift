/// The buttons of a message about one open incident. A vendor whose buttons call PagerPal shows them; others have a link.
package struct IncidentButtons: Sendable, Hashable {
    package var target: Target
    package var actions: [Action]

    /// What a button does.
    package enum Action: String, Sendable, CaseIterable {
        case acknowledge, resolve

        /// The words on the button.
        package var title: String {
            switch self {
            case .acknowledge: "Acknowledge"
            case .resolve: "Resolve"
            }
        }

        package var command: Command {
            switch self {
            case .acknowledge: .acknowledge
            case .resolve: .resolve
            }
        }
    }

    /// What a button acts on: one opening of one incident.
    package struct Target: Sendable, Hashable {
        package var incident: IncidentID
        /// The version of the incident that the message shows. Once the incident was reopened after it, the button acts no more.
        package var version: Int
        /// Whether the message is in a channel of a team, where it follows the incident by itself.
        package var isPost: Bool

        package init(_ incident: IncidentID, version: Int, isPost: Bool) {
            self.incident = incident
            self.version = version
            self.isPost = isPost
        }

        /// What the button carries: `page 0198c2f4-… 7`.
        package var text: String { "\(isPost ? "post" : "page") \(incident) \(version)" }

        /// Reads what a button carried. Nil if PagerPal did not write it.
        package init?(_ text: String) {
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            guard text.utf8.count <= 100, words.count == 3, ["page", "post"].contains(words[0]), !words[1].isEmpty,
                let version = Int(words[2]), version >= 0
            else { return nil }
            self.init(IncidentID(String(words[1])), version: version, isPost: words[0] == "post")
        }
    }

    /// Nil when nothing is left to do.
    package init?(on incident: Incident, isPost: Bool) {
        switch incident.state {
        case .triggered: actions = [.acknowledge, .resolve]
        case .acknowledged: actions = [.resolve]
        case .resolved: return nil
        }
        target = Target(incident.id, version: incident.version, isPost: isPost)
    }
}
