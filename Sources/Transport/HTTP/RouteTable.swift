internal import Actors
internal import Database
internal import Domain
package import HTTPTypes
package import Hummingbird
internal import Synchronization

/// Registers routes with their access, and records the methods of each path to tell 405 from 404.
package struct RouteTable {
    package typealias Handler = @Sendable (Request, RouteContext) async throws -> Response
    package typealias ErrorPage = @Sendable (APIProblem) -> Response

    package let router = Router(context: RouteContext.self, options: .autoGenerateHeadEndpoints)
    package let paths = KnownPaths()
    let requests = RequestTally()
    package let services: Services

    /// - Parameter errorPage: renders an error for a browser.
    package init(services: Services, errorPage: @escaping ErrorPage) {
        self.services = services
        router.add(middleware: CrossOriginMiddleware(allowed: services.settings.allowedOrigins))
        router.add(
            middleware: RequestMiddleware(
                paths: paths, tally: requests, services: services,
                isSecure: services.settings.baseURL.hasPrefix("https://"),
                errorPage: errorPage))
    }

    /// Adds a route of the API, or one that checks its own keys.
    ///
    /// - Parameters:
    ///   - path: with parameters in braces, like `/api/v1/incidents/{number}`.
    ///   - access: checked before the handler runs. The handler finds the user in `context.caller`.
    ///   - forTeams: whether the handler limits what it shows and changes to the teams of a token that is bound to some. Other
    ///     routes refuse such tokens.
    package func on(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access = .proof, forTeams: Bool = false,
        _ handler: @escaping Handler
    ) {
        let services = services
        let kind = ConfigurationSubject.Kind(inPath: path)
        add(method, path, access) { request, context in
            var context = context
            if let kind, let id = context.parameters.get("id") {
                // People may type a thing's number in place of its id.
                context.coreContext.parameters["id"] = services.configuration.current.id(kind, id)[...]
            }
            switch access {
            case .anyone: break
            case .proof:
                // Senders wait ten seconds at most, and send again. A frozen database must not keep them longer.
                return try await DatabaseDeadline.within(.seconds(9)) { try await handler(request, context) }
            case .needs, .needsTeam:
                let caller = try await services.caller(of: request, forTeams: forTeams)
                return try await services.counted(caller) {
                    let configuration = services.configuration.current
                    if !method.isSafe { try caller.require(access.changes) }
                    guard configuration.admits(caller.user.id, access) else {
                        throw APIProblem.notAllowed(access, configuration)
                    }
                    var context = context
                    context.caller = caller
                    guard let key = try IdempotencyKey(request, of: caller, services) else {
                        return try await handler(request, context)
                    }
                    return try await key.answer(request) { try await handler($0, context) }
                }
            }
            return try await handler(request, context)
        }
    }

    package func add(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ handler: @escaping Handler
    ) {
        router.on(RouterPath(path), method: method, use: handler)
        paths.add(method, path, access)
    }
}

extension ConfigurationSubject.Kind {
    /// The kind whose id a path contains: `/api/v1/teams/{id}`.
    fileprivate init?(inPath path: String) {
        let kinds: [String: ConfigurationSubject.Kind] = [
            "teams": .team, "users": .user, "contact-methods": .contactMethod, "schedules": .schedule,
            "escalation-policies": .escalationPolicy, "alert-sources": .alertSource, "heartbeats": .heartbeat,
            "maintenance-windows": .maintenanceWindow, "team-channels": .teamChannel,
            "message-templates": .messageTemplate,
        ]
        let parts = path.split(separator: "/")
        guard path.hasPrefix("/api/v1/"), parts.count >= 4, parts[3] == "{id}", let kind = kinds[String(parts[2])]
        else { return nil }
        self = kind
    }
}

extension HTTPRequest.Method {
    /// Whether the method only reads.
    package var isSafe: Bool { self == .get || self == .head }
}

/// The existing paths with their methods and access.
package final class KnownPaths: Sendable {
    package struct Entry: Sendable {
        package let path: String
        package let method: HTTPRequest.Method
        package let access: Access
        fileprivate let segments: [Substring]
    }

    private let known = Mutex<[Entry]>([])

    package var entries: [Entry] { known.withLock { $0 } }

    package func add(_ method: HTTPRequest.Method, _ path: String, _ access: Access) {
        let segments = path.split(separator: "/")
        known.withLock { $0.append(Entry(path: path, method: method, access: access, segments: segments)) }
    }

    /// Returns the methods of a path, or an empty list if the path does not exist.
    func methods(of path: String) -> Set<HTTPRequest.Method> {
        let asked = path.split(separator: "/")
        let found = entries.filter { entry in
            entry.segments.count == asked.count
                && zip(entry.segments, asked).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        return Set(found.map(\.method)).union(found.contains { $0.method == .get } ? [.head] : [])
    }

    /// Returns the access for reading a path without parameters, or nil if there is no such path.
    package func access(toRead path: String) -> Access? {
        entries.first { $0.method == .get && $0.path == path }?.access
    }
}
