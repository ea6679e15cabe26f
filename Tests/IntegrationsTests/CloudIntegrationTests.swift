import Domain
import Formats
import Integrations
import Testing

/// Cloud services that send alerts.
@Suite struct CloudIntegrationTests {
    @Test(arguments: datadog)
    func `Datadog's monitors trigger and recover`(sample: Sample) throws { try sample.check() }

    @Test(arguments: newRelic)
    func `New Relic's issues open and close`(sample: Sample) throws { try sample.check() }

    @Test(arguments: azure)
    func `Azure's alerts fire and resolve`(sample: Sample) throws { try sample.check() }

    @Test(arguments: googleCloud)
    func `Google Cloud's incidents open and close`(sample: Sample) throws { try sample.check() }

    static let datadog = [
        Sample(
            "the payload of the set-up", "datadog",
            """
            {"title": "[P2] [Triggered on {host:db1}] Disk is full", "body": "%%%\\n**95 %**\\n%%%",
             "alert_transition": "Triggered", "alert_id": "42", "alert_scope": "host:db1", "priority": "P2",
             "date": "1772334000000", "link": "https://app.example.org/monitors/42", "tags": "env:prod,urgent"}
            """,
            Facts(
                .firing, "[P2] [Triggered on {host:db1}] Disk is full", key: "42/host:db1", .error,
                links: ["https://app.example.org/monitors/42"], starts: "2026-03-01T03:00:00Z", says: "**95 %**")),
        Sample(
            "it recovers", "datadog",
            """
            {"title": "[Recovered on {host:db1}] Disk is full", "alert_transition": "Recovered", "alert_id": "42",
             "alert_scope": "host:db1", "priority": "$ALERT_PRIORITY", "date": "1772334600000"}
            """,
            Facts(
                .resolved, "[Recovered on {host:db1}] Disk is full", key: "42/host:db1", ends: "2026-03-01T03:10:00Z")),
        Sample(
            "the default payload says all in its title", "datadog",
            """
            {"id": "900", "event_type": "query_alert_monitor", "last_updated": "1772334000000",
             "title": "[P1] [Re-Triggered on {host:db1}] Disk is full", "body": "", "org": {"id": "1"}}
            """,
            Facts(.firing, "[P1] [Re-Triggered on {host:db1}] Disk is full", key: "Disk is full/host:db1", .critical)),
        Sample(
            "its recovery has the same key and another event id", "datadog",
            """
            {"id": "901", "event_type": "query_alert_monitor", "last_updated": "1772334600000",
             "title": "[P1] [Recovered on {host:db1}] Disk is full", "body": "", "org": {"id": "1"}}
            """,
            Facts(.resolved, "[P1] [Recovered on {host:db1}] Disk is full", key: "Disk is full/host:db1", .critical)),
        Sample(
            "a warning of a P1 monitor is a warning", "datadog",
            #"{"title": "Disk", "alert_transition": "Re-Warn", "monitor_id": 42, "priority": "P1"}"#,
            Facts(.firing, "Disk", key: "42", .warning)),
        Sample(
            "no data fires", "datadog",
            #"{"title": "Disk", "alert_transition": "Re-No Data", "alert_cycle_key": "c7", "alert_type": "error"}"#,
            Facts(.firing, "Disk", key: "c7")),
    ]

    static let newRelic = [
        Sample(
            "a workflow's issue", "newrelic",
            """
            {"id": "u-1", "issueUrl": "https://one.example.org/u-1", "title": "Disk is full on db1",
             "priority": "HIGH", "state": "CREATED", "createdAt": 1772334000000, "updatedAt": 1772334000001,
             "impactedEntities": ["db1", "db2"], "alertConditionNames": ["Disk"], "alertPolicyNames": ["Databases"]}
            """,
            Facts(
                .firing, "Disk is full on db1", key: "u-1", .error, links: ["https://one.example.org/u-1"],
                starts: "2026-03-01T03:00:00Z", says: "Entities: db1, db2")),
        Sample(
            "closed", "newrelic",
            """
            {"id": "u-1", "issueUrl": "https://one.example.org/u-1", "title": "Disk is full on db1",
             "priority": "CRITICAL", "state": "CLOSED", "createdAt": 1772334000000, "closedAt": 1772334600000}
            """,
            Facts(
                .resolved, "Disk is full on db1", key: "u-1", .critical, links: ["https://one.example.org/u-1"],
                starts: "2026-03-01T03:00:00Z", ends: "2026-03-01T03:10:00Z")),
        Sample(
            "acknowledged, with a template that has no title", "newrelic",
            """
            {"issueId": "u-1", "issueUrl": "", "state": "acknowledged", "condition_name": "Disk",
             "details": "Disk is full", "createdAt": "soon"}
            """, Facts(.acknowledged, "Disk", key: "u-1", says: "Disk is full")),
        Sample(
            "a channel before workflows", "newrelic",
            """
            {"incident_id": 7, "current_state": "open", "severity": "WARNING", "condition_name": "Disk",
             "details": "Disk > 90 %", "incident_url": "https://alerts.example.org/7", "policy_name": "Databases",
             "runbook_url": "https://wiki.example.org/disk", "timestamp": 1772334000000, "targets": [{"name": "db1"}]}
            """,
            Facts(
                .firing, "Disk", key: "7", .warning,
                links: ["https://alerts.example.org/7", "https://wiki.example.org/disk"],
                starts: "2026-03-01T03:00:00Z", says: "Policy: Databases")),
        Sample(
            "a state alone is still an alert", "newrelic", #"{"current_state": "open", "timestamp": 1772334000000}"#,
            Facts(.firing, "New Relic issue", starts: "2026-03-01T03:00:00Z")),
        Sample(
            "the oldest form", "newrelic",
            "alert=%7B%22message%22%3A%22Apdex+fell%22%2C%22severity%22%3A%22critical%22%2C%22short_description%22%3A"
                + "%22%5BShop%5D+alert+ended%22%2C%22alert_url%22%3A%22https%3A%2F%2Frpm.example.org%2F1%22%7D",
            Facts(
                .resolved, "Apdex fell", key: "https://rpm.example.org/1", .critical,
                links: ["https://rpm.example.org/1"])),
        Sample(
            "a deployment never pages", "newrelic",
            "deployment=%7B%22application_name%22%3A%22Shop%22%2C%22description%22%3A%22v2%22%2C%22deployed_by%22%3A%22Bob%22%7D",
            Facts(.informational, "Deployment of Shop", says: "v2")),
    ]

    static let azure = [
        Sample(
            "the common schema", "azure-monitor",
            """
            {"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {"alertId": "/s/1/alerts/a",
             "alertRule": "Disk", "severity": "Sev1", "monitorCondition": "Fired", "monitoringService": "Platform",
             "firedDateTime": "2026-03-01T03:00:00.1234567Z", "description": "Look at the disk",
             "investigationLink": "https://portal.example.org/a"},
             "alertContext": {"condition": {"allOf": [{"metricName": "Used", "operator": "GreaterThan",
             "threshold": "90", "metricValue": 95.5, "dimensions": [{"name": "lun", "value": "0"}]}]}}}}
            """,
            Facts(
                .firing, "Disk", key: "/s/1/alerts/a", .critical, links: ["https://portal.example.org/a"],
                starts: "2026-03-01T03:00:00.123Z", says: "Used GreaterThan 90: 95.5 (lun=0)")),
        Sample(
            "resolved", "azure",
            """
            {"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {"alertId": "/s/1/alerts/a",
             "alertRule": "Disk", "severity": "Sev4", "monitorCondition": "Resolved",
             "firedDateTime": "2026-03-01T03:00:00Z", "resolvedDateTime": "2026-03-01T03:10:00Z"}, "alertContext": {}}}
            """,
            Facts(.resolved, "Disk", key: "/s/1/alerts/a", .info, ends: "2026-03-01T03:10:00Z")),
        Sample(
            "service health is over by its stage, although it says fired", "azure-monitor",
            """
            {"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {"alertId": "/s/1/alerts/b",
             "alertRule": "Health", "severity": "Sev4", "monitorCondition": "Fired",
             "monitoringService": "ServiceHealth"}, "alertContext": {"status": "Resolved",
             "properties": {"title": "Storage in West Europe", "trackingId": "T-1", "stage": "Resolved"}}}}
            """, Facts(.resolved, "Storage in West Europe (Health)", key: "T-1", .info)),
        Sample(
            "a log search links to its results", "azure-monitor",
            """
            {"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {"alertId": "/s/1/alerts/c",
             "alertRule": "Errors", "severity": "Sev2", "monitorCondition": "Fired"}, "alertContext": {"condition":
             {"allOf": [{"searchQuery": "Heartbeat", "linkToFilteredSearchResultsUI": "https://portal.example.org/q"}]}}}}
            """, Facts(.firing, "Errors", key: "/s/1/alerts/c", .error, links: ["https://portal.example.org/q"])),
        Sample(
            "a metric alert without the common schema", "azure-monitor",
            """
            {"schemaId": "AzureMonitorMetricAlert", "data": {"version": "2.0", "status": "Deactivated",
             "context": {"id": "/rules/r", "name": "Disk", "severity": "3", "resourceId": "/vm/1",
             "timestamp": "2026-03-01T03:10:00Z", "portalLink": "https://portal.example.org/vm"}, "properties": null}}
            """,
            Facts(
                .resolved, "Disk", key: "/rules/r|/vm/1", .warning, links: ["https://portal.example.org/vm"],
                ends: "2026-03-01T03:10:00Z")),
        Sample(
            "a Prometheus rule says what is wrong in its annotations", "azure-monitor",
            """
            {"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {"alertId": "/s/1/alerts/p",
             "alertRule": "PodsFail", "severity": "Sev3", "monitorCondition": "Fired", "signalType": "Metric"},
             "alertContext": {"labels": {"pod": "shop-1"}, "annotations": {"description": "shop-1 restarts"}}}}
            """, Facts(.firing, "PodsFail", key: "/s/1/alerts/p", .warning, says: "shop-1 restarts")),
        Sample(
            "a schema that nobody knows is still an alert", "azure-monitor",
            #"{"schemaId": "AIP Budget Notification", "data": {"BudgetName": "Team", "SpendingAmount": "90"}}"#,
            Facts(.firing, "Team (AIP Budget Notification)", says: "SpendingAmount: 90")),
        Sample(
            "a classic alert", "azure-monitor",
            """
            {"status": "Activated", "context": {"id": "/rules/r", "name": "Requests", "resourceId": "/site/1",
             "timestamp": "2026-03-01T03:00:00Z",
             "condition": {"metricName": "Requests", "operator": "GreaterThan", "threshold": "10", "metricValue": "12"}}}
            """,
            Facts(
                .firing, "Requests", key: "/rules/r|/site/1", starts: "2026-03-01T03:00:00Z",
                says: "Requests GreaterThan 10: 12")),
    ]

    static let googleCloud = [
        Sample(
            "an incident opens", "gcp-monitoring",
            """
            {"version": "1.2", "incident": {"incident_id": "0.x1", "state": "open", "policy_name": "Disk",
             "condition_name": "Used > 90 %", "summary": "Disk of db1 is above 90 %", "severity": "Error",
             "started_at": 1772334000, "ended_at": null, "url": "https://console.example.org/0.x1",
             "documentation": {"content": "Delete old dumps.", "subject": "[ALERT] Disk",
                               "links": [{"displayName": "Run book", "url": "https://wiki.example.org/disk"}]}}}
            """,
            Facts(
                .firing, "Disk", key: "0.x1", .error,
                links: ["https://console.example.org/0.x1", "https://wiki.example.org/disk"],
                starts: "2026-03-01T03:00:00Z", says: "Delete old dumps.")),
        Sample(
            "and closes", "gcp_monitoring",
            """
            {"version": "1.2", "incident": {"incident_id": "0.x1", "state": "CLOSED", "policy_name": "Disk",
             "severity": "No severity", "policy_user_labels": {"severity": "warning"}, "started_at": 1772334000,
             "ended_at": 1772334600}}
            """, Facts(.resolved, "Disk", key: "0.x1", .warning, ends: "2026-03-01T03:10:00Z")),
    ]
}
