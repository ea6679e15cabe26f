/// All senders that PagerPal understands.
package enum Senders {
    /// In the order in which pages list them: the ones that most teams have come first.
    package static let all: [any Sender.Type] = [
        GenericSender.self, GrafanaSender.self, AlertmanagerSender.self, SNSSender.self, PagerDutySender.self,
        OpsgenieSender.self, UptimeKumaSender.self, UptimeRobotSender.self, ZabbixSender.self, DatadogSender.self,
        SentrySender.self, NewRelicSender.self, AzureMonitorSender.self, GoogleCloudSender.self, StatuspageSender.self,
        PingdomSender.self, UpdownSender.self, HealthchecksSender.self, NagiosSender.self, NetdataSender.self,
        GraylogSender.self, KapacitorSender.self, GitHubSender.self, HomeAssistantSender.self, SplunkSender.self,
        PapertrailSender.self, LibratoSender.self, AriaOperationsSender.self, MappingSender.self,
    ]

    /// Other names of kinds, which routes accept too.
    package static let aliases = [
        "prometheus": "alertmanager", "grafana-legacy": "grafana", "sns": "cloudwatch", "azure": "azure-monitor",
        "gcp": "gcp-monitoring", "google-cloud": "gcp-monitoring", "stackdriver": "gcp-monitoring", "icinga": "nagios",
        "icinga2": "nagios", "nagios-icinga": "nagios", "vrealize": "aria-operations",
    ]

    /// The sender of a route's last part or of a source's kind; nil when there is none of this name. Case, hyphens and
    /// underscores don't count: `uptime_kuma` is `uptime-kuma`.
    package static func sender(for kind: String) -> (any Sender)? { known[plain(kind)]?.init() }

    private static let known: [String: any Sender.Type] = {
        let own = all.map { (plain($0.kind), $0) }
        let others = aliases.compactMap { alias in all.first { $0.kind == alias.value }.map { (plain(alias.key), $0) } }
        return Dictionary(own + others) { first, _ in first }
    }()

    private static func plain(_ kind: String) -> String { kind.lowercased().filter { $0 != "-" && $0 != "_" } }

    /// The sender whose payload this plainly is, whatever route it came by.
    package static func detect(_ json: JSON) -> (any Sender.Type)? {
        all.first { $0.recognises(json) }
    }
}
