import Domain
import Testing

/// The expected contents of Grafana's payloads.
extension FixtureTests {
    static let grafana: [Fixture] = [
        Fixture(
            "grafana/missing_fields_alert_with_status_only.json", "grafana",
            Facts(.firing, "[FIRING:1]", key: "{}", links: ["https://example.grafana.net/"])),
        Fixture(
            "grafana/oncall_grafana_alerting_three.json", "grafana",
            Facts(
                .firing, "Instance localhost:8081 down", key: "f404ecabc8dd5cd7", .critical,
                starts: "2023-06-12T08:24:38.326Z"),
            Facts(
                .firing, "Instance localhost:8082 down", key: "f8f08d4e32c61a9d", .critical,
                starts: "2023-06-12T08:24:38.326Z"),
            Facts(
                .firing, "Instance localhost:8083 down", key: "39f38c0611ee7abd", .critical,
                starts: "2023-06-12T08:24:38.326Z")),
        Fixture(
            "grafana/v10_docs_example.json", "grafana",
            Facts(
                .firing, "This alert was triggered for zone us-1", key: "c6eadffa33fcdf37",
                links: [
                    "https://myrunbook.com/runbook/1234", "https://play.grafana.org/alerting/1afz29v7z/edit",
                    "https://play.grafana.org/alerting/silence/new?alertmanager=grafa…", "https://play.grafana.org/",
                ], starts: "2021-10-12T07:51:03.157Z"),
            Facts(
                .firing, "This alert was triggered for zone eu-1", key: "bc97ff14869b13e3",
                links: [
                    "https://myrunbook.com/runbook/1234", "https://play.grafana.org/alerting/d1rdpdv7k/edit",
                    "https://play.grafana.org/alerting/silence/new?alertmanager=grafa…", "https://play.grafana.org/",
                ], starts: "2021-10-12T07:56:03.157Z")),
        Fixture(
            "grafana/v11_firing_values_image.json", "grafana",
            Facts(
                .firing, "High memory usage", key: "e6349a25f5ef0e9e",
                links: [
                    "https://play.grafana.org/alerting/grafana/dd2f0260-3cfc-4c65-a4c…",
                    "https://play.grafana.org/d/ece9fb32-7f71-4be9-bd94-2f23608ae5b9?…",
                    "https://play.grafana.org/d/ece9fb32-7f71-4be9-bd94-2f23608ae5b9?…",
                    "https://play.grafana.org/alerting/silence/new?alertmanager=grafa…",
                    "https://grafana.com/assets/img/blog/mixed_styles.png", "https://play.grafana.org/",
                ], starts: "2024-03-01T02:09:00Z")),
        Fixture(
            "grafana/v12_custom_payload_array.json", "grafana",
            Facts(
                .firing, "alert1", key: "derived:ee6de1a122e3e3e1", links: ["http://localhost/generator"],
                starts: "2025-01-01T00:00:00Z")),
        Fixture(
            "grafana/v12_custom_payload_kafka.json", "grafana",
            Facts(.firing, "[FIRING:1] (val1)", key: "alertname", links: ["http://localhost/alerting/list"])),
        Fixture(
            "grafana/v12_default_payload_template.json", "grafana",
            Facts(
                .firing, "alert1", key: "fac0861a85de433a",
                links: [
                    "http://localhost/test?orgId=1",
                    "http://localhost/alerting/silence/new?alertmanager=grafana&match…", "http://localhost",
                ])),
        Fixture(
            "grafana/v12_hmac_signed.json", "grafana",
            Facts(
                .firing, "alert1", key: "fac0861a85de433a",
                links: [
                    "http://localhost/test?orgId=1",
                    "http://localhost/alerting/silence/new?alertmanager=grafana&match…", "http://localhost",
                ]),
            Facts(
                .firing, "alert1", key: "fab6861a85d5eeb5",
                links: [
                    "http://localhost/test?orgId=1",
                    "http://localhost/alerting/silence/new?alertmanager=grafana&match…", "http://localhost",
                ])),
        Fixture(
            "grafana/v12_truncated.json", "grafana",
            Facts(
                .firing, "alert1", key: "fac0861a85de433a",
                links: [
                    "http://localhost/test?orgId=1",
                    "http://localhost/alerting/silence/new?alertmanager=grafana&match…", "http://localhost",
                ]),
            Facts(
                .firing, "alert1", key: "fab6861a85d5eeb5",
                links: [
                    "http://localhost/test?orgId=1",
                    "http://localhost/alerting/silence/new?alertmanager=grafana&match…", "http://localhost",
                ])),
        Fixture(
            "grafana/v8_firing_two_alerts.json", "grafana",
            Facts(
                .firing, "This alert was triggered for zone us-1", key: "c6eadffa33fcdf37",
                links: [
                    "https://myrunbook.com/runbook/1234", "https://play.grafana.org/alerting/1afz29v7z/edit",
                    "https://play.grafana.org/alerting/silence/new?alertmanager=grafa…", "https://play.grafana.org/",
                ], starts: "2021-10-12T07:51:03.157Z"),
            Facts(
                .firing, "This alert was triggered for zone eu-1", key: "bc97ff14869b13e3",
                links: [
                    "https://myrunbook.com/runbook/1234", "https://play.grafana.org/alerting/d1rdpdv7k/edit",
                    "https://play.grafana.org/alerting/silence/new?alertmanager=grafa…", "https://play.grafana.org/",
                ], starts: "2021-10-12T07:56:03.157Z")),
        Fixture(
            "grafana/v8_pair_firing.json", "grafana",
            Facts(
                .firing, "systemd failures", key: "93070e04dcab3ea0",
                links: [
                    "https://example.com/grafana/alerting/6-WtnS8nk/edit", "https://example.com/grafana/d/hyFvC6y7z",
                    "https://example.com/grafana/d/hyFvC6y7z?viewPanel=2",
                    "https://example.com/grafana/alerting/silence/new?alertmanager=gr…", "https://example.com/grafana/",
                ], starts: "2022-04-08T11:02:06.136Z")),
        Fixture(
            "grafana/v8_pair_resolved.json", "grafana",
            Facts(
                .resolved, "systemd failures", key: "93070e04dcab3ea0",
                links: [
                    "https://example.com/grafana/alerting/6-WtnS8nk/edit", "https://example.com/grafana/d/hyFvC6y7z",
                    "https://example.com/grafana/d/hyFvC6y7z?viewPanel=2",
                    "https://example.com/grafana/alerting/silence/new?alertmanager=gr…", "https://example.com/grafana/",
                ], starts: "2022-04-08T11:10:46.136Z", ends: "2022-04-08T11:14:56.136Z")),
        Fixture(
            "grafana/v8_test_notification.json", "grafana",
            Facts(
                .firing, "Notification test", key: "57c6d9296de2ad39",
                links: [
                    "https://example.com/grafana/alerting/silence/new?alertmanager=gr…", "https://example.com/grafana/",
                ], starts: "2022-04-05T20:16:47.085Z")),
        Fixture(
            "grafana/v9_firing_no_annotations.json", "grafana",
            Facts(
                .firing, "FS used", key: "d3efc7f8672067f6",
                links: [
                    "https://example.com/alerting/grafana/le6Ay187k/view", "https://example.com/d/hyFvC6y7z",
                    "https://example.com/d/hyFvC6y7z?viewPanel=4",
                    "https://example.com/alerting/silence/new?alertmanager=grafana&ma…", "https://example.com/",
                ], starts: "2022-07-03T16:34:02.868Z")),
        Fixture(
            "grafana/v9_mixed_firing_resolved.json", "grafana",
            Facts(
                .resolved, "This is a summary field, failure on badhost.example.com", key: "aaafafe0953f0962",
                links: [
                    "https://example.com/", "https://grafana.example.com/alerting/grafana/zTjxv_C7k/view",
                    "https://grafana.example.com/alerting/silence/new?alertmanager=gr…", "https://grafana.example.com/",
                ], starts: "2022-06-17T01:04:00.782Z", ends: "2022-06-17T01:08:28.652Z"),
            Facts(
                .resolved, "This is a summary field, failure on otherhost.example.com", key: "fb31814ac93dbe7d",
                links: [
                    "https://example.com/", "https://grafana.example.com/alerting/grafana/zTjxv_C7k/view",
                    "https://grafana.example.com/alerting/silence/new?alertmanager=gr…", "https://grafana.example.com/",
                ], starts: "2022-06-17T01:04:00.782Z", ends: "2022-06-17T01:08:28.652Z"),
            Facts(
                .firing, "Testing **another** failing alert", key: "6f9cd313db421ef1",
                links: [
                    "https://example.com/", "https://grafana.example.com/alerting/grafana/_0rkK_C7z/view",
                    "https://grafana.example.com/alerting/silence/new?alertmanager=gr…", "https://grafana.example.com/",
                ], starts: "2022-06-17T01:03:00.782Z")),
        Fixture(
            "grafana_legacy/alert.json", "grafana",
            Facts(
                .firing, "[Alerting] Test notification", key: "grafana-rule:0/0",
                links: ["http://localhost:3000/", "https://grafana.com/assets/img/blog/mixed_styles.png"])),
        Fixture(
            "grafana_legacy/alerting_evalmatches.json", "grafana",
            Facts(
                .firing, "Zeta CPU alert", key: "grafana-rule:0/7",
                links: ["https://grafana.domain.tld/dashboard/db/alarms?fullscreen&edit&t…"])),
        Fixture(
            "grafana_legacy/docs_example.json", "grafana",
            Facts(
                .firing, "Load peaking!", key: "grafana-rule:0/1",
                links: ["http://url.to.grafana/db/dashboard/my_dashboard?panelId=2", "http://s3.image.url"])),
        Fixture(
            "grafana_legacy/no_data_alert.json", "grafana",
            Facts(
                .firing, "No Data alert", key: "grafana-rule:1/3",
                links: ["http://localhost:3000/d/GG2qhR3Wz/alerttest?fullscreen&edit&tab=…"])),
        Fixture(
            "grafana_legacy/ok.json", "grafana",
            Facts(
                .resolved, "Zeta CPU alert", key: "grafana-rule:0/7",
                links: ["https://grafana.domain.tld/dashboard/db/alarms?fullscreen&edit&t…"])),
        Fixture(
            "grafana_legacy/pending.json", "grafana",
            Facts(
                .informational, "[Pending] Test notification", key: "grafana-rule:0/0",
                links: ["http://localhost:3000/", "https://grafana.com/assets/img/blog/mixed_styles.png"])),
    ]
}
