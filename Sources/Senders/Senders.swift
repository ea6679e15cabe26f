/// All senders that PagerPal understands.
package enum Senders {
    /// In the order in which pages list them: the ones that most teams have come first.
    package static let all: [any Sender.Type] = [
        GenericSender.self, GrafanaSender.self, AlertmanagerSender.self, SNSSender.self,
        PagerDutySender.self, OpsgenieSender.self, SentrySender.self, GitHubSender.self, NetdataSender.self,
        SplunkSender.self, PapertrailSender.self, LibratoSender.self, MappingSender.self,
    ]

    /// Other names of kinds, which routes accept too.
    package static let aliases = ["prometheus": "alertmanager", "sns": "cloudwatch"]

    /// The sender of a route's last part or of a source's kind; nil when there is none of this name.
    package static func sender(for kind: String) -> (any Sender)? {
        let name = aliases[kind] ?? kind
        return all.first { $0.kind == name }?.init()
    }

    /// The sender whose payload this plainly is, whatever route it came by.
    package static func detect(_ json: JSON) -> (any Sender.Type)? {
        all.first { $0.recognises(json) }
    }
}
