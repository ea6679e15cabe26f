internal import Domain
package import Formats
internal import HTTPTypes

/// The OpenAPI document, made from the route table and the descriptions of configured things.
package enum OpenAPI {
    /// Whether a route is for programs.
    package static func describes(_ path: String) -> Bool {
        ["/api/", "/v2/", "/generic/", "/health", "/calendar/"].contains { path.hasPrefix($0) }
            || ["/metrics", "/openapi.json"].contains(path)
    }

    /// Routes for programs that nothing describes, and descriptions of routes that do not exist.
    package static func gaps(in entries: [KnownPaths.Entry]) -> [String] {
        let routes = Set(entries.filter { describes($0.path) }.map { "\($0.method.rawValue) \($0.path)" })
        let described = Set(RouteNote.all.keys).union(resourceRoutes.keys)
        return routes.symmetricDifference(described).sorted()
    }

    package static func document(of entries: [KnownPaths.Entry], version: String, baseURL: String) -> JSON {
        var paths = JSONObject()
        for entry in entries.filter({ describes($0.path) }).sorted(by: {
            ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue)
        }) {
            var item = paths[entry.path]?.object ?? JSONObject()
            item[entry.method.rawValue.lowercased()] = operation(entry)
            paths[entry.path] = .object(item)
        }
        return .members([
            ("openapi", .string("3.1.0")),
            (
                "info",
                .members([
                    ("title", .string("PagerPal")), ("version", .string(version)),
                    (
                        "description",
                        .string(
                            "Receives alerts, pages the person on call, and escalates until somebody owns the problem.")
                    ),
                ])
            ),
            ("servers", .array([.members([("url", .string(baseURL))])])),
            ("security", .array([.members([("token", .array([]))])])),
            ("paths", .object(paths)), ("components", components),
        ])
    }

    // MARK: Operations

    private static func operation(_ entry: KnownPaths.Entry) -> JSON {
        let name = "\(entry.method.rawValue) \(entry.path)"
        let resource = resourceRoutes[name]
        let note = RouteNote.all[name]
        let words = "\(entry.method.rawValue.lowercased()) \(entry.path)".split { !$0.isLetter && !$0.isNumber }
        var members: [(name: String, value: JSON)] = [
            ("operationId", .string(words.joined(separator: "_"))),
            ("summary", .string(note?.summary ?? resource?.summary ?? name)),
        ]
        let query = note?.query ?? resource?.query ?? []
        let isManaged = isManaged(entry)
        let key = isManaged && entry.method == .post ? [idempotencyKey] : []
        let parameters = pathParameters(entry.path) + query.map(queryParameter) + key
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let body = body(entry, resource) { members.append(("requestBody", body)) }
        members.append(("responses", responses(entry, resource, isManaged)))
        if let security = security(entry) { members.append(("security", security)) }
        return .members(members)
    }

    private static func pathParameters(_ path: String) -> [JSON] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            let name = String(part.dropFirst().dropLast())
            let schema: JSON = name == "number" ? .members([("type", .string("integer"))]) : type("string")
            return .members([
                ("name", .string(name)), ("in", .string("path")), ("required", .bool(true)), ("schema", schema),
            ])
        }
    }

    private static func queryParameter(_ name: String) -> JSON {
        var schema = type("string")
        if name == "limit" {
            schema = .members([
                ("type", .string("integer")), ("minimum", .number("1")), ("maximum", .number("200")),
            ])
        } else if name == "dry_run" {
            schema = type("boolean")
        } else if ["since", "until", "at", "from", "to"].contains(name) {
            schema = .members([("type", .string("string")), ("format", .string("date-time"))])
        }
        return .members([("name", .string(name)), ("in", .string("query")), ("schema", schema)])
    }

    private static func body(_ entry: KnownPaths.Entry, _ resource: ResourceRoute?) -> JSON? {
        guard [.post, .put, .patch].contains(entry.method) else { return nil }
        let schema: JSON? =
            if let resource {
                reference(entry.method == .post ? "New\(resource.schema)" : resource.schema)
            } else {
                bodies[entry.path].map { reference($0) }
            }
        return .members([
            ("required", .bool(schema != nil)),
            ("content", .members([("application/json", .members([("schema", schema ?? .object(JSONObject()))]))])),
        ])
    }

    /// The schemas of bodies that belong to no resource.
    private static let bodies = [
        "/api/v1/alerts": "Alert", "/api/v1/message-templates/preview": "New\(schemaName(MessageTemplate.self))",
    ]

    /// Whether a route needs a token, so that its requests are counted.
    private static func isManaged(_ entry: KnownPaths.Entry) -> Bool {
        switch entry.access {
        case .needs, .needsTeam: true
        case .anyone, .proof: false
        }
    }

    private static let idempotencyKey = JSON.members([
        ("name", .string("Idempotency-Key")), ("in", .string("header")), ("schema", type("string")),
        ("description", .string("Sent again with the same key, the request is answered again and not done again.")),
    ])

    private static func responses(_ entry: KnownPaths.Entry, _ resource: ResourceRoute?, _ isManaged: Bool) -> JSON {
        var members: [(name: String, value: JSON)] = []
        switch (resource?.kind, entry.method) {
        case (.one?, .delete):
            members.append(("204", .members([("description", .string("Deleted."))])))
            members.append(("200", answer("What a dry run found.", nil)))
        case (.list?, .post):
            members.append(("201", answer("Created.", resource.map { reference($0.schema) })))
            members.append(("200", answer("What a dry run found.", resource.map { reference($0.schema) })))
        case (.list?, _):
            let items = resource.map { JSON.members([("type", .string("array")), ("items", reference($0.schema))]) }
            let list = JSON.members([
                ("type", .string("object")),
                (
                    "properties",
                    .members([
                        ("items", items ?? .null),
                        ("next", .members([("type", .array([.string("string"), .string("null")]))])),
                    ])
                ),
            ])
            members.append(("200", answer("A page of the list.", list)))
        case (.one?, _): members.append(("200", answer("As it is now.", resource.map { reference($0.schema) })))
        case (nil, _): members.append(("2XX", .members([("description", .string("Done."))])))
        }
        if isManaged { members.append(("429", .members([("$ref", .string("#/components/responses/TooMany"))]))) }
        members.append(("default", .members([("$ref", .string("#/components/responses/Problem"))])))
        return .members(members)
    }

    private static func answer(_ text: String, _ schema: JSON?) -> JSON {
        .members([
            ("description", .string(text)),
            ("content", .members([("application/json", .members([("schema", schema ?? .object(JSONObject()))]))])),
        ])
    }

    /// How a caller proves who it is; nil means a token.
    private static func security(_ entry: KnownPaths.Entry) -> JSON? {
        let keyed = ["/api/v1/alerts", "/api/v1/webhooks", "/v2/", "/generic/"]
        if keyed.contains(where: { entry.path.hasPrefix($0) }) { return .array([.members([("key", .array([]))])]) }
        let open = ["/calendar/", "/api/v1/receipts", "/api/v1/inbound"]
        guard entry.access == .anyone || open.contains(where: { entry.path.hasPrefix($0) }) else { return nil }
        return .array([])
    }

    // MARK: Resources

    private struct ResourceRoute {
        enum Kind { case list, one }

        let kind: Kind
        let schema: String
        let summary: String
        let query: [String]
    }

    private static let configurables: [any Configurable.Type] = [
        Team.self, User.self, ContactMethod.self, Schedule.self, EscalationPolicy.self, AlertSource.self,
        Heartbeat.self, MaintenanceWindow.self, TeamChannel.self, MessageTemplate.self,
    ]

    /// The five routes of each resource.
    private static let resourceRoutes: [String: ResourceRoute] = {
        var routes: [String: ResourceRoute] = [:]
        for type in configurables { routes.merge(OpenAPI.routes(of: type)) { $1 } }
        // A token in place of the id makes this a beat; the table describes it.
        routes["GET /api/v1/heartbeats/{id}"] = nil
        return routes
    }()

    private static func routes<Value: Configurable>(of type: Value.Type) -> [String: ResourceRoute] {
        let (noun, schema) = (Value.definition.noun, schemaName(type))
        let path = "/api/v1/\(Value.definition.path)"
        let words = Value.definition.path.replacing("-", with: " ")
        func route(_ kind: ResourceRoute.Kind, _ summary: String, _ query: [String] = []) -> ResourceRoute {
            ResourceRoute(kind: kind, schema: schema, summary: summary, query: query)
        }
        let article = "aeiou".contains(noun.first ?? "x") && noun != "user" ? "an" : "a"
        return [
            "GET \(path)": route(.list, "List \(words)", ["team", "limit", "cursor"]),
            "POST \(path)": route(.list, "Create \(article) \(noun)", ["dry_run"]),
            "GET \(path)/{id}": route(.one, "Read \(article) \(noun)"),
            "PUT \(path)/{id}": route(.one, "Change \(article) \(noun); the same as PATCH", ["dry_run"]),
            "PATCH \(path)/{id}": route(.one, "Change \(article) \(noun)", ["dry_run"]),
            "DELETE \(path)/{id}": route(.one, "Delete \(article) \(noun)", ["dry_run"]),
        ]
    }

    private static func schemaName<Value: Configurable>(_ type: Value.Type) -> String {
        Value.definition.noun.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    // MARK: Components

    private static let components: JSON = {
        var schemas = JSONObject()
        schemas["Alert"] = alert
        schemas["Problem"] = problem
        for type in configurables { add(type, to: &schemas) }
        let refusal = JSON.members([
            (
                "description",
                .string("What is wrong, and what to do (RFC 9457), or the form of the product whose API it is.")
            ),
            (
                "content",
                .members([
                    ("application/problem+json", .members([("schema", reference("Problem"))])),
                    ("application/json", .members([("schema", .members([("type", .string("object"))]))])),
                ])
            ),
        ])
        let text = JSON.members([("schema", type("string"))])
        let tooMany = JSON.members([
            ("description", .string("The token sent too many requests in a minute.")),
            ("headers", .members([("Retry-After", text), ("RateLimit", text), ("RateLimit-Policy", text)])),
        ])
        let token = JSON.members([("type", .string("http")), ("scheme", .string("bearer"))])
        let key = JSON.members([("type", .string("apiKey")), ("in", .string("header")), ("name", .string("X-API-Key"))])
        return .members([
            ("schemas", .object(schemas)), ("responses", .members([("Problem", refusal), ("TooMany", tooMany)])),
            ("securitySchemes", .members([("token", token), ("key", key)])),
        ])
    }()

    private static func add<Value: Configurable>(_ type: Value.Type, to schemas: inout JSONObject) {
        let parts = Value.definition.fields.flatMap(\.parts)
        var properties: [(name: String, value: JSON)] = [
            ("id", .members([("type", .string("string")), ("readOnly", .bool(true))])),
            ("number", .members([("type", .string("integer")), ("readOnly", .bool(true))])),
        ]
        for part in parts { properties.append((part.name, property(part))) }
        let name = schemaName(type)
        schemas[name] = .members([("type", .string("object")), ("properties", .members(properties))])
        schemas["New\(name)"] = .members([
            ("allOf", .array([reference(name)])),
            ("required", .array(parts.filter(\.isRequired).map { .string($0.name) })),
        ])
    }

    private static func property(_ part: FieldPart) -> JSON {
        var object = part.schema.object ?? JSONObject()
        let text = [part.control?.label, part.control?.hint].compactMap(\.self).joined(separator: ". ")
        if !text.isEmpty { object["description"] = .string(text) }
        return .object(object)
    }

    private static let alert: JSON = {
        let texts = ["title", "description", "external_id", "url", "policy", "starts_at"]
        var properties: [(name: String, value: JSON)] = texts.map { ($0, type("string")) }
        properties += [
            ("severity", .members([("type", .string("string"))])),
            ("status", .members([("enum", .array([.string("firing"), .string("resolved")]))])),
            ("team", .members([("type", .array([.string("string"), .string("integer")]))])),
            ("team_id", .members([("type", .array([.string("string"), .string("integer")]))])),
            ("labels", type("object")),
        ]
        let one = JSON.members([
            ("type", .string("object")), ("properties", .members(properties)), ("required", .array([.string("title")])),
        ])
        return .members([
            ("oneOf", .array([one, .members([("type", .string("array")), ("items", one)])]))
        ])
    }()

    private static let problem = JSON.members([
        ("type", .string("object")),
        (
            "properties",
            .members([
                ("title", type("string")), ("status", type("integer")), ("detail", type("string")),
                ("errors", .members([("type", .string("array")), ("items", type("object"))])),
            ])
        ),
    ])

    private static func type(_ name: String) -> JSON { .members([("type", .string(name))]) }

    private static func reference(_ name: String) -> JSON {
        .members([("$ref", .string("#/components/schemas/\(name)"))])
    }
}
