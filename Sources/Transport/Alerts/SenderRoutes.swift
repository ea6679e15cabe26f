internal import HTTPTypes
internal import Hummingbird
internal import Integrations

/// Addresses that senders build themselves: people give them a server, and they append the rest.
struct SenderRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let alerts = AlertRoutes(services: services)
        // Alertmanager's own API: Prometheus, vmalert, rulers, Grafana and LibreNMS append /api/v2/alerts.
        routes.on(.post, "/api/v2/alerts") { request, _ in
            try await alerts.receive(request, as: "alertmanager", key: request.sourceKey, isPlain: true)
        }
        routes.on(.post, "/api/v1/alerts/{kind}/api/v2/alerts") { request, context in
            try await alerts.receive(
                request, as: try await alerts.kind(context, of: request), key: request.sourceKey, isPlain: true)
        }
        routes.on(.post, "/alertmanager/{key}/api/v2/alerts") { request, context in
            try await alerts.receive(request, as: "alertmanager", key: context.parameters.get("key"), isPlain: true)
        }
        // Netdata Agent's way to Opsgenie. It takes nothing but 200 for a success.
        routes.on(.post, "/v1/json/integrations/webhooks/{name}") { request, context in
            let name = context.parameters.get("name") ?? ""
            let key = request.uri.queryParameters["apiKey"].map { String($0) } ?? request.sourceKey
            let kind = Integrations.integration(for: name) == nil ? nil : name
            return try await alerts.receive(request, as: kind, key: key, isPlain: true)
        }
        // Splunk On-Call, once VictorOps. The last part is a routing key, which a source replaces.
        for path in ["{key}", "{key}/{routing}"] {
            routes.on(.post, "/integrations/generic/20131114/alert/\(path)") { request, context in
                try await alerts.receive(request, as: "generic", key: context.parameters.get("key"), isPlain: true)
            }
        }
    }
}
