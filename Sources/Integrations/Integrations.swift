package import Formats

/// All supported integrations.
package enum Integrations {
    /// In the order in which the web interface lists them, the most common ones first.
    package static let all: [any Integration.Type] = [
        GenericIntegration.self, GrafanaIntegration.self, AlertmanagerIntegration.self, SNSIntegration.self,
        PagerDutyIntegration.self,
        OpsgenieIntegration.self, UptimeKumaIntegration.self, UptimeRobotIntegration.self, ZabbixIntegration.self,
        DatadogIntegration.self,
        SentryIntegration.self, NewRelicIntegration.self, AzureMonitorIntegration.self, GoogleCloudIntegration.self,
        StatuspageIntegration.self,
        PingdomIntegration.self, UpdownIntegration.self, HealthchecksIntegration.self, NagiosIntegration.self,
        NetdataIntegration.self,
        GraylogIntegration.self, KapacitorIntegration.self, GitHubIntegration.self, HomeAssistantIntegration.self,
        SplunkIntegration.self,
        PapertrailIntegration.self, LibratoIntegration.self, AriaOperationsIntegration.self, MappingIntegration.self,
    ]

    /// Other accepted names of kinds.
    package static let aliases = [
        "prometheus": "alertmanager", "grafana-legacy": "grafana", "sns": "cloudwatch", "azure": "azure-monitor",
        "gcp": "gcp-monitoring", "google-cloud": "gcp-monitoring", "stackdriver": "gcp-monitoring", "icinga": "nagios",
        "icinga2": "nagios", "nagios-icinga": "nagios", "vrealize": "aria-operations",
    ]

    /// Returns the integration for a route or a source's kind, or nil for an unknown name. Case, hyphens and
    /// underscores are ignored: `uptime_kuma` is `uptime-kuma`.
    package static func integration(for kind: String) -> (any Integration)? { known[plain(kind)]?.init() }

    private static let known: [String: any Integration.Type] = {
        let own = all.map { (plain($0.kind), $0) }
        let others = aliases.compactMap { alias in all.first { $0.kind == alias.value }.map { (plain(alias.key), $0) } }
        return Dictionary(own + others) { first, _ in first }
    }()

    private static func plain(_ kind: String) -> String { kind.lowercased().filter { $0 != "-" && $0 != "_" } }

    /// Returns the sender that this payload clearly comes from, whatever route it arrived on.
    package static func detect(_ json: JSON) -> (any Integration.Type)? {
        all.first { $0.recognises(json) }
    }
}
