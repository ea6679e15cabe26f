internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// GET /api/v1/openapi.json: what programs may call, as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0).
struct OpenAPIRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let (paths, settings) = (routes.paths, services.settings)
        for path in ["/api/v1/openapi.json", "/openapi.json"] {
            routes.on(.get, path, .anyone) { _, _ in
                .json(OpenAPI.document(of: paths.entries, version: settings.version, baseURL: settings.baseURL))
            }
        }
    }
}

/// What each route for programs does. The five routes of a resource are described by its definition.
enum RouteNote {
    /// A line for each route: the method, the path, what it does, and the parameters of its query.
    private static let table = """
        GET /health | Whether the process is well |
        GET /health/ready | The same as /health |
        GET /health/live | Whether the process answers at all |
        GET /metrics | Metrics for Prometheus |
        GET /openapi.json | This document |
        GET /api/v1/openapi.json | This document |
        GET /api/v1/status | Duties, queues and providers |
        GET /api/v1/system/jobs | The duties in the words of the older API |
        POST /api/v1/alerts | Receive alerts in PagerPal's own format, or in the one of the source |
        GET /api/v1/alerts | Receive an alert in the query |
        PUT /api/v1/alerts | The same as POST |
        POST /api/v2/alerts | Receive alerts by Alertmanager's own API |
        POST /api/v1/alerts/{kind}/api/v2/alerts | The same, behind a prefix |
        POST /api/v1/alerts/{kind} | Receive alerts in another system's format |
        PUT /api/v1/alerts/{kind} | The same as POST |
        GET /api/v1/alerts/netdata | The challenge of Netdata |
        POST /api/v1/alerts/netdata | Receive alerts of Netdata |
        PUT /api/v1/alerts/netdata | The same as POST |
        GET /api/v1/alerts/uptime-kuma | Receive an alert of Uptime Kuma in the query |
        POST /api/v1/alerts/uptime-kuma | Receive alerts of Uptime Kuma |
        PUT /api/v1/alerts/uptime-kuma | The same as POST |
        GET /api/v1/alerts/healthchecks | Receive an alert of Healthchecks in the query |
        POST /api/v1/alerts/healthchecks | Receive alerts of Healthchecks |
        PUT /api/v1/alerts/healthchecks | The same as POST |
        POST /api/v1/webhooks/grafana | The older address of /api/v1/alerts/grafana |
        POST /api/v1/webhooks/cloudwatch | The older address of /api/v1/alerts/cloudwatch |
        POST /v2/enqueue | An event of a client of PagerDuty |
        POST /v2/change/enqueue | A change event of a client of PagerDuty |
        POST /generic/2010-04-15/create_event.json | An event of a client of PagerDuty, version 1 |
        POST /v2/alerts | Create an alert as a client of Opsgenie |
        GET /v2/alerts/{identifier} | Read an alert as a client of Opsgenie |
        DELETE /v2/alerts/{identifier} | Delete an alert as a client of Opsgenie |
        GET /v2/alerts/requests/{id} | The result of a request of a client of Opsgenie |
        POST /v2/alerts/{identifier}/{action} | Change an alert as a client of Opsgenie |
        PUT /v2/alerts/{identifier}/{action} | Change an alert as a client of Opsgenie |
        PATCH /v2/alerts/{identifier}/{action} | Change an alert as a client of Opsgenie |
        DELETE /v2/alerts/{identifier}/{action} | Change an alert as a client of Opsgenie |
        GET /api/v1/alert-sources/{id}/payloads | The last payloads of a source, with their results |
        GET /api/v1/alert-sources/{id}/subscriptions | The subscriptions of AWS SNS to a source |
        POST /api/v1/alert-sources/{id}/regenerate | Replace the key, and show the new one once |
        POST /api/v1/alert-sources/{id}/regenerate-key | The older name of regenerate |
        GET /api/v1/heartbeats/{id} | A beat if the id is a token, else the heartbeat |
        POST /api/v1/heartbeats/{id} | A beat; the id is a token |
        HEAD /api/v1/heartbeats/{id} | A beat; the id is a token |
        GET /api/v1/heartbeats/{id}/{signal} | The start of a run, a failure or an exit status |
        GET /api/v1/heartbeats/{id}/beats | The latest signals of a heartbeat |
        POST /api/v1/heartbeats/{id}/{signal} | The start of a run, a failure or an exit status |
        HEAD /api/v1/heartbeats/{id}/{signal} | The start of a run, a failure or an exit status |
        POST /api/v1/inbound/slack | What people do with the buttons of messages in Slack |
        POST /api/v1/inbound/infobip | Texts that people send to Infobip's numbers | token
        GET /api/v1/incidents | List incidents, the newest first | state team severity source q since until limit cursor
        GET /api/v1/incidents/{number} | Read an incident |
        GET /api/v1/incidents/{number}/timeline | What happened to an incident |
        GET /api/v1/incidents/{number}/notifications | The notifications of an incident |
        POST /api/v1/incidents/{number}/acknowledge | Acknowledge an incident |
        POST /api/v1/incidents/{number}/ack | The older name of acknowledge |
        POST /api/v1/incidents/{number}/resolve | Resolve an incident |
        POST /api/v1/incidents/{number}/reopen | Reopen an incident |
        POST /api/v1/incidents/{number}/escalate | Go to the next step now |
        POST /api/v1/incidents/{number}/snooze | Pause an incident's paging |
        POST /api/v1/incidents/{number}/notes | Add a note |
        POST /api/v1/incidents/{number}/reassign | Give an incident another policy |
        POST /api/v1/incidents/{number}/hand-over | Hand an incident to a person, who is paged |
        POST /api/v1/incidents/{number}/undo | Take back your latest action on an incident |
        GET /api/v1/notifications | List notifications, the newest first | state channel user limit cursor
        POST /api/v1/notifications/{id}/retry | Queue a new notification in place of one that failed |
        POST /api/v1/receipts/infobip | Delivery reports of Infobip | token
        POST /api/v1/receipts/{vendor} | Delivery reports of other vendors | token
        GET /api/v1/overrides | List overrides | schedule limit cursor
        POST /api/v1/overrides | Create an override |
        GET /api/v1/overrides/{id} | Read an override |
        PUT /api/v1/overrides/{id} | Change an override |
        PATCH /api/v1/overrides/{id} | Change an override |
        DELETE /api/v1/overrides/{id} | Delete an override |
        GET /api/v1/users/{id}/notification-rules | A user's notification rules |
        PUT /api/v1/users/{id}/notification-rules | Replace a user's notification rules |
        POST /api/v1/team-channels/{id}/send-code | Post a test message with a code |
        POST /api/v1/team-channels/{id}/verify | Verify a team channel with its code |
        POST /api/v1/contact-methods/{id}/send-code | Send a code to a contact method |
        POST /api/v1/contact-methods/{id}/verify | Verify a contact method with its code |
        POST /api/v1/contact-methods/{id}/test | Send a test to a contact method |
        POST /api/v1/webhook-bodies/preview | What a webhook would get with a body of its own |
        POST /api/v1/message-templates/preview | What messages would say with a template |
        GET /api/v1/oncall | Who is on call | at team schedule
        GET /api/v1/schedules/{id}/shifts | The shifts of a schedule | from to
        GET /api/v1/coverage | What would keep a page from reaching somebody |
        GET /api/v1/preview | Who would be paged, when and how | source policy team severity at
        GET /calendar/{file} | A calendar of shifts (iCalendar) |
        HEAD /calendar/{file} | A calendar of shifts, without its body |
        POST /api/v1/schedules/{id}/calendar | Make a secret link to a schedule's calendar |
        DELETE /api/v1/schedules/{id}/calendar | Revoke the link to a schedule's calendar |
        POST /api/v1/users/{id}/calendar | Make a secret link to a person's calendar |
        DELETE /api/v1/users/{id}/calendar | Revoke the link to a person's calendar |
        GET /api/v1/tokens | List API tokens, without their secrets | user
        DELETE /api/v1/tokens/{id} | Revoke an API token |
        POST /api/v1/users/{id}/tokens | Create a token of a service account, and show it once |
        GET /api/v1/audit | Who changed what | kind id action user limit cursor
        GET /api/v1/audit.csv | The audit log as CSV | kind id action user
        GET /api/v1/audit.jsonl | The audit log, one JSON object in each line | kind id action user
        """

    struct Note: Sendable {
        let summary: String
        let query: [String]
    }

    static let all: [String: Note] = Dictionary(
        table.split(separator: "\n").map { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
            return (parts[0], Note(summary: parts[1], query: parts[2].split(separator: " ").map { String($0) }))
        }, uniquingKeysWith: { first, _ in first })
}
