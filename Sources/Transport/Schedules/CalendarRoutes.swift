internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Store

/// Calendar subscriptions behind secret links that users can revoke: GET /calendar/{token}.ics.
struct CalendarRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/calendar/{file}", .proof) { _, context in try await show(context) }
        // Some calendar programs send a HEAD request first.
        routes.on(.head, "/calendar/{file}", .proof) { _, context in
            let answer = try await show(context)
            return Response(status: answer.status, headers: answer.headers)
        }
        for kind in ["schedules", "users"] {
            let path = "/api/v1/\(kind)/{id}/calendar"
            routes.on(.post, path, .needs(.read)) { _, context in try await create(context, kind) }
            routes.on(.delete, path, .needs(.read)) { _, context in try await revoke(context, kind) }
        }
    }

    private func show(_ context: RouteContext) async throws -> Response {
        let file = context.parameters.get("file") ?? ""
        guard file.hasSuffix(".ics"),
            let subject = try await services.store.calendar(hash: sha256(String(file.dropLast(4))))
        else {
            throw APIProblem.notFound("such calendar. Its link may have been revoked")
        }
        let (configuration, now) = (services.configuration.current, services.time.now())
        let calendar: ICalendar? =
            switch subject {
            case .schedule(let id): configuration.schedules[id].map { configuration.calendar(of: $0, at: now) }
            case .user(let id): configuration.isPresent(id) ? configuration.calendar(of: id, at: now) : nil
            }
        guard let calendar else { throw APIProblem.notFound("such calendar any more") }
        return Response(
            status: .ok,
            headers: [.contentType: "text/calendar; charset=utf-8", .cacheControl: "private, max-age=300"],
            body: .init(byteBuffer: ByteBuffer(string: calendar.text)))
    }

    /// Creates a link and shows it once. The previous link stops working.
    private func create(_ context: RouteContext, _ kind: String) async throws -> Response {
        let subject = try subject(context, kind)
        let token = services.keys.key()
        let link = CalendarLink(
            id: services.configurator.identifiers.next(), hash: sha256(token), subject: subject,
            createdBy: try context.signedIn.user.id)
        try await services.store.replace(link, at: services.time.now())
        return .json(["url": "\(services.settings.baseURL)/calendar/\(token).ics"], status: .created)
    }

    private func revoke(_ context: RouteContext, _ kind: String) async throws -> Response {
        let subject = try subject(context, kind)
        guard try await services.store.revokeCalendar(of: subject) else { throw APIProblem.notFound("calendar link") }
        return Response(status: .noContent)
    }

    private func subject(_ context: RouteContext, _ kind: String) throws -> CalendarLink.Subject {
        let caller = try context.signedIn
        let (id, configuration) = (context.parameters.get("id") ?? "", services.configuration.current)
        if kind == "schedules", let schedule = configuration.schedules[ScheduleID(id)] {
            try caller.require(.override(schedule.teamID), configuration)
            return .schedule(schedule.id)
        }
        if kind == "users", configuration.users[UserID(id)] != nil {
            try caller.require(.edit(UserID(id)), configuration)
            return .user(UserID(id))
        }
        throw APIProblem.notFound(kind == "users" ? "such user" : "such schedule")
    }
}
