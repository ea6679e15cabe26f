internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import Store

/// /api/v1/heartbeats/{id}, with a token in place of the id, receives signals from monitored jobs. GET, POST and HEAD
/// do the same, so that anything that can open a URL can send a beat: `curl`, a browser, a health check.
struct BeatRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let path = "/api/v1/heartbeats/{id}"
        // A token in place of the id is a beat. Anything else needs a caller who may read.
        routes.on(.get, path) { request, context in
            if context.parameters.get("id")?.hasPrefix(Heartbeat.tokenPrefix) == true {
                return try await beat(request, context)
            }
            let caller = try await services.caller(of: request, .read, forTeams: true)
            return try await ResourceRoutes(kind: HeartbeatResource(keys: services.keys), services: services)
                .show(request, context, to: caller)
        }
        for method in [HTTPRequest.Method.post, .head] {
            routes.on(method, path) { request, context in try await beat(request, context) }
        }
        routes.on(.get, "\(path)/beats") { request, context in try await log(request, context) }
        for method in [HTTPRequest.Method.get, .post, .head] {
            routes.on(method, "\(path)/{signal}") { request, context in try await beat(request, context) }
        }
    }

    /// The latest signals of a monitor, for those who may read it.
    private func log(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try await services.caller(of: request, .read, forTeams: true)
        let id = HeartbeatID(context.parameters.get("id") ?? "")
        guard let monitor = services.configuration.current.heartbeats[id], caller.sees(monitor.teamID) else {
            throw APIProblem.notFound("such heartbeat")
        }
        let items = try await services.store.signals(of: id).map { heard in
            BeatAnswer(
                at: heard.at.rfc3339, signal: heard.signal.rawValue, address: heard.address, userAgent: heard.agent,
                late: heard.isLate)
        }
        return .json(ListAnswer(items: items, next: nil))
    }

    /// Handles `/start`, `/fail` or an exit status: 0 is a beat, anything else a failure.
    func beat(_ request: Request, _ context: RouteContext) async throws -> Response {
        let word = context.parameters.get("signal") ?? "beat"
        guard let signal = Heartbeat.Signal(rawValue: word) ?? UInt8(word).map({ $0 == 0 ? .beat : .fail }) else {
            throw APIProblem.notFound("signal “\(word.prefix(20))”. Send start, fail or an exit status")
        }
        let token = context.parameters.get("id") ?? ""
        guard token.hasPrefix(Heartbeat.tokenPrefix),
            let monitor = try await services.configuration.heartbeat(token: token)
        else {
            services.ingestServices.refusedKeys.add()
            throw APIProblem.notFound("such heartbeat")
        }
        let body = signal == .fail ? String(decoding: try await request.payloadBody(), as: UTF8.self) : ""
        do {
            let state = try await services.ingestServices.heartbeats.hear(
                signal, of: monitor, report: Clean.text(body), from: services.address(of: request, context),
                agent: Clean.text(request.headers[.userAgent] ?? ""))
            return .json(["status": state.status.rawValue])
        } catch {
            throw APIProblem.unavailable(error.reason)
        }
    }
}

/// A signal of a monitor in JSON.
private struct BeatAnswer: Encodable {
    let at, signal, address, userAgent: String
    let late: Bool
}
