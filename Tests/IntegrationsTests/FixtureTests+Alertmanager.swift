import Domain
import Testing

/// The expected contents of Alertmanager's payloads.
extension FixtureTests {
    static let alertmanager: [Fixture] = [
        Fixture("alertmanager/v4_custom_payload.json", "alertmanager", Facts(.firing, "alert1")),
        Fixture(
            "alertmanager/v4_firing_group.json", "alertmanager",
            Facts(
                .firing, "No things for over 10 minutes", key: "derived:6ba9169ca2cbe992", .critical,
                links: ["http://somehost:9090/graph?g0.expr=sum%28irate%28messages_receiv…", "http://somehost:9093"],
                starts: "2017-08-03T19:17:37.804Z")),
        Fixture(
            "alertmanager/v4_firing_severity_page.json", "alertmanager",
            Facts(
                .firing, "Instance 192.168.1.12:9567 CPU usgae high", key: "f05d26ab06192e0e", .critical,
                links: ["http://node13:9090/graph?g0.expr=sum+by%28instance%29+%28avg+wit…", "http://node13:9093"],
                starts: "2022-12-08T09:37:48.961Z")),
        Fixture(
            "alertmanager/v4_mixed_resolved_and_firing.json", "alertmanager",
            Facts(
                .resolved, "Network map[] change", key: "ef8e10c065780d35", .warning,
                links: [
                    "http://host.example:9090/graph?g0.expr=sum%28node_network_addres…", "http://host.example:9093",
                ], starts: "2020-04-18T14:25:16.014Z", ends: "2020-04-18T15:15:46.014Z"),
            Facts(
                .firing, "Network map[] change", key: "4c3ea395fcf5a715", .warning,
                links: [
                    "http://host.example:9090/graph?g0.expr=sum%28node_network_addres…", "http://host.example:9093",
                ], starts: "2020-04-18T15:14:31.014Z")),
        Fixture(
            "alertmanager/v4_oncall_example.json", "alertmanager",
            Facts(
                .firing, "Instance localhost:8081 down", key: "f404ecabc8dd5cd7", .critical,
                starts: "2023-06-12T08:24:38.326Z"),
            Facts(
                .firing, "Instance localhost:8082 down", key: "f8f08d4e32c61a9d", .critical,
                starts: "2023-06-12T08:24:38.326Z")),
        Fixture(
            "alertmanager/v4_resolved_endsat_capital_key.json", "alertmanager",
            Facts(
                .resolved, "Instance localhost:9100 down", key: "derived:28ce992605900aed", .critical,
                links: ["http://host.example:9093"], starts: "2018-08-30T13:59:09.653Z",
                ends: "2018-08-30T14:01:09.656Z")),
        Fixture(
            "alertmanager/v4_resolved_group_webhook_script.json", "alertmanager",
            Facts(
                .resolved, "Instance CPU usgae high", key: "derived:9f6cab6d719ce87a", .warning,
                links: [
                    "http://d98c1e130bb2:9090/graph?g0.expr=round%28100+%2A+sum+by%28…", "http://b76201acf8a2:9093",
                ], starts: "2019-08-03T10:02:21.755Z", ends: "2019-08-03T10:03:21.755Z")),
        Fixture(
            "alertmanager/v4_resolved_with_zero_endsat.json", "alertmanager",
            Facts(
                .resolved, "High CPU core temperature", key: "a1bc48475b20e73d", .critical,
                links: ["http://cobalt:9090/graph?g0.expr=avg+by%28host%29+%28sensors_tem…", "http://ops1:9093"],
                starts: "2020-02-06T00:17:58.432Z")),
        Fixture(
            "alertmanager/v4_single_quoted_groupkey_no_fingerprint.json", "alertmanager",
            Facts(
                .firing, "KubeletDown", key: "derived:767aa722b5214db0", .critical,
                links: [
                    "https://github.com/kubernetes-monitoring/kubernetes-mixin/tree/m…",
                    "http://prometheus-k8s-0:9090/graph?g0.expr=absent%28up%7Bjob%3D%…",
                    "http://alertmanager-main-0:9093",
                ], starts: "2019-08-12T04:12:17.649Z")),
        Fixture(
            "alertmanager/v4_two_same_labels_different_fingerprint.json", "alertmanager",
            Facts(
                .firing, "High CPU core temperature", key: "a1bc48475b20e73d", .critical,
                links: ["http://cobalt:9090/graph?g0.expr=avg+by%28host%29+%28sensors_tem…", "http://ops1:9093"],
                starts: "2020-02-06T00:17:58.432Z"),
            Facts(
                .firing, "High CPU core temperature", key: "c2ea85182f28cbd9", .critical,
                links: ["http://cobalt:9090/graph?g0.expr=avg+by%28host%29+%28sensors_tem…", "http://ops1:9093"],
                starts: "2020-02-06T00:17:58.432Z")),
        Fixture(
            "alertmanager/v4_watchdog.json", "alertmanager",
            Facts(
                .informational, "Watchdog", key: "3ab1c4d83af12d03", .info,
                links: [
                    "http://prometheus.example.local/graph?g0.expr=vector%281%29&g0.t…",
                    "http://alertmanager.example.local",
                ], starts: "2020-04-25T11:13:15.470Z")),
        Fixture(
            "alertmanager/vmalert_mixed_order.json", "alertmanager",
            Facts(
                .resolved, "NodeDiskUsageHigh", key: "0f1e2d3c4b5a6978", .critical,
                links: [
                    "http://vmalert.example:8080/alert?group_id=1&alert_id=2", "http://alertmanager.yourdomain.com",
                ], starts: "2026-03-19T15:10:40Z", ends: "2026-03-19T15:12:40Z"),
            Facts(
                .firing, "NodeDiskUsageHigh", key: "8796a5b4c3d2e1f0", .critical,
                links: [
                    "http://vmalert.example:8080/alert?group_id=1&alert_id=3", "http://alertmanager.yourdomain.com",
                ], starts: "2026-03-19T15:11:40Z")),
    ]
}
