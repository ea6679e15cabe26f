import Domain
import Testing

/// The expected contents of all other senders' payloads.
extension FixtureTests {
    static let others: [Fixture] = [
        Fixture(
            "generic/elastalert.json", "generic",
            Facts(.firing, "This alert was sent by user for demonstration purposes")),
        Fixture(
            "generic/formatted_webhook_oncall.json", "generic",
            Facts(
                .firing, "TestAlert: The whole system is down", key: "08d6891a-835c-e661-39fa-96b6a9e26552",
                links: [
                    "https://en.wikipedia.org/wiki/Downtime",
                    "https://upload.wikimedia.org/wikipedia/commons/e/ee/Grumpy_Cat_b…",
                ])),
        Fixture(
            "generic/kapacitor_alert_data.json", "generic",
            Facts(.firing, "cpu:nil is CRITICAL", key: "cpu:nil", .critical, starts: "2019-01-01T00:00:00Z")),
        Fixture(
            "generic/vmware_vrealize.json", "generic",
            Facts(
                .firing, "sample-object-name: sample-info", key: "sample-alert-uuid", .warning,
                starts: "2013-05-28T16:09:06.267Z")),
        Fixture(
            "uptime_kuma/down_full.json", "uptime-kuma",
            Facts(.firing, "test", key: "89", links: ["https://exampleXYZ.com"], starts: "2023-07-31T20:56:15Z")),
        Fixture(
            "uptime_kuma/pending.json", "uptime-kuma",
            Facts(.informational, "API", key: "7", links: ["https://api.example.com"], starts: "2024-05-01T10:00:00Z")),
        Fixture("uptime_kuma/test_button.json", "uptime-kuma", Facts(.firing, "test Testing", .info)),
        Fixture(
            "uptime_kuma/up_full.json", "uptime-kuma",
            Facts(.resolved, "test", key: "89", links: ["https://example.com"], ends: "2023-07-31T20:56:15Z")),
        Fixture(
            "uptimerobot/monitor_down.json", "uptimerobot", Facts(.firing, "Web Server", key: "server1.example.com")),
        Fixture(
            "uptimerobot/monitor_down_query.txt", "uptimerobot",
            Facts(
                .firing, "Example Site", key: "777712827", links: ["https://www.example.com"],
                starts: "2022-04-15T05:20:00Z")),
        Fixture(
            "zabbix/media_type_ok.json", "zabbix",
            Facts(
                .resolved, "Zabbix agent on www.example.com is unreachable for 5 minutes", key: "14032", .error,
                links: ["https://zabbix.example.com/tr_events.php?triggerid=14032&eventid…"])),
        Fixture(
            "zabbix/media_type_problem.json", "zabbix",
            Facts(
                .firing, "Zabbix agent on www.example.com is unreachable for 5 minutes", key: "14032", .error,
                links: ["https://zabbix.example.com/tr_events.php?triggerid=14032&eventid…"])),
        Fixture(
            "zabbix/oncall_template.json", "zabbix",
            Facts(
                .firing, "TestAlert: The whole system is down", key: "08d6891a-835c-e661-39fa-96b6a9e26552",
                links: [
                    "https://en.wikipedia.org/wiki/Downtime",
                    "https://upload.wikimedia.org/wikipedia/commons/e/ee/Grumpy_Cat_b…",
                ])),
        Fixture(
            "datadog/no_data.json", "datadog",
            Facts(
                .firing, "[No data on {host:srv1-us1-prod}] High CPU Usage", key: "1234567890/host:srv1-us1-prod",
                .warning, links: ["https://app.datadoghq.com/event/event?id=7000000000000000001"],
                starts: "2023-11-14T22:13:20Z")),
        Fixture(
            "datadog/recovered.json", "datadog",
            Facts(
                .resolved, "[Recovered on {host:srv1-us1-prod}] High CPU Usage", key: "1234567890/host:srv1-us1-prod",
                .warning, links: ["https://app.datadoghq.com/event/event?id=7000000000000000001"],
                ends: "2023-11-14T22:18:20Z")),
        Fixture(
            "datadog/triggered.json", "datadog",
            Facts(
                .firing, "[Triggered on {host:srv1-us1-prod}] High CPU Usage", key: "1234567890/host:srv1-us1-prod",
                .warning, links: ["https://app.datadoghq.com/event/event?id=7000000000000000001"],
                starts: "2023-11-14T22:13:20Z")),
        Fixture(
            "newrelic/legacy_form_alert.txt", "newrelic",
            Facts(
                .firing, "Apdex score fell below critical level of 0.90",
                key: "https://rpm.newrelc.com/accounts/[account_id]/applications/[applicatio…", .critical,
                links: ["https://rpm.newrelc.com/accounts/[account_id]/applications/[appl…"],
                starts: "2013-07-23T20:14:15Z")),
        Fixture(
            "newrelic/legacy_json_incident.json", "newrelic",
            Facts(
                .firing, "New Relic Alert - Test Condition", key: "0", .info,
                links: [
                    "https://alerts.newrelic.com/accounts/11111/incidents/0", "http://localhost/runbook/url",
                    "http://localhost/sample/violation/charturl/12345",
                ], starts: "2020-09-25T11:23:27.849Z")),
        Fixture(
            "newrelic/workflow_activated.json", "newrelic",
            Facts(
                .firing, "zulip_app query result is > 1.0 for 1 minutes on \'Zulip Server Low Storage\'",
                key: "c5faa7e6-7b54-402d-af79-f99601e0278c", .critical,
                links: ["https://radar-api.service.newrelic.com/accounts/4420147/issues/c…"],
                starts: "2024-04-22T03:05:31.352Z")),
        Fixture(
            "azure_monitor/classic_metric_activated.json", "azure-monitor",
            Facts(
                .firing, "ruleName1", key: "/subscriptions/s1/resourceGroups/useast/providers/microsoft.insights/a…",
                links: ["https://portal.azure.com/#resource/subscriptions/s1/resourceGrou…"],
                starts: "2015-08-14T22:26:41.997Z")),
        Fixture(
            "azure_monitor/common_schema_fired_dynamic.json", "azure-monitor",
            Facts(
                .firing, "WCUS-R2-Gen2", key: "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsof…",
                .critical, starts: "2019-03-22T13:58:24.371Z")),
        Fixture(
            "azure_monitor/common_schema_resolved.json", "azure-monitor",
            Facts(
                .resolved, "WCUS-R2-Gen2",
                key: "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsof…", .warning,
                starts: "2019-03-22T13:58:24.371Z", ends: "2019-03-22T14:03:16.224Z")),
        Fixture(
            "azure_monitor/metric_alert_v2_activated.json", "azure-monitor",
            Facts(
                .firing, "StorageCheck", key: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/Con…",
                links: ["https://portal.azure.com/#resource//subscriptions/00000000-0000-…"],
                starts: "2018-02-28T10:44:10.171Z")),
        Fixture(
            "gcp_monitoring/incident_open.json", "gcp-monitoring",
            Facts(
                .firing, "Webserver Health", key: "f2e08c333dc64cb09f75eaab355393bz",
                links: ["https://app.stackdriver.com/incidents/f2e08c333dc64cb09f75eaab35…"],
                starts: "2017-07-06T19:10:14Z")),
        Fixture(
            "gcp_monitoring/incident_v1_keep_memory.json", "gcp-monitoring",
            Facts(
                .firing, "High memory usage detected", key: "mem-234", .warning,
                links: ["https://console.cloud.google.com/monitoring/alerting/incidents/2…"])),
        Fixture(
            "statuspage/component_update.json", "statuspage",
            Facts(
                .informational, "Database component: under maintenance", key: "component/sqm6pl84wzjc", .info,
                starts: "2017-12-26T07:59:09.379Z")),
        Fixture(
            "statuspage/incident_created.json", "statuspage",
            Facts(
                .firing, "Database query delays", key: "z3lct0r596n4", .info, links: ["http://stspg.io/646947c1e"],
                starts: "2017-12-26T07:32:00.507Z")),
        Fixture(
            "pingdom/http_down.json", "pingdom",
            Facts(.firing, "Test check", key: "2048467", links: ["http://someurl.com/"], starts: "2016-03-14T07:10:34Z")
        ),
        Fixture(
            "updown/down.json", "updown",
            Facts(
                .firing, "https://updown.io", key: "ngg8", links: ["https://updown.io"], starts: "2016-02-07T13:11:43Z")
        ),
        Fixture(
            "healthchecks/down_json_template.json", "healthchecks",
            Facts(.firing, "DB Backup", key: "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278", starts: "2024-05-01T10:00:00Z")),
        Fixture(
            "healthchecks/up_json_template.json", "healthchecks",
            Facts(.resolved, "DB Backup", key: "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278", ends: "2024-05-01T10:30:00Z")),
        Fixture(
            "graylog/legacy_alert_condition.json", "graylog",
            Facts(
                .firing,
                "test: Stream had 2 messages in the last 1 minutes with trigger condition more than 1 messages. (Current grace time: 1 minutes)",
                key: "55f1509dbee8e2841898eb64/5e7a9c8d-9bb1-47b6-b8db-4a3a83a25e0c", starts: "2015-09-10T09:45:54.749Z"
            )),
        Fixture(
            "nagios_icinga/icinga2_notification_form.txt", "nagios",
            Facts(
                .firing, "web01/disk: DISK CRITICAL - free space: / 1024 MB (2% inode=90%)", key: "web01!disk",
                .critical, starts: "2024-05-01T10:00:00Z")),
        Fixture(
            "nagios_icinga/icinga2_recovery.json", "nagios",
            Facts(
                .resolved, "web01/disk: DISK OK - free space: / 20480 MB (45%)", key: "web01!disk",
                ends: "2024-05-01T10:20:00Z")),
        Fixture("homeassistant/with_title.json", "home-assistant", Facts(.firing, "Weather forecast")),
    ]
}
