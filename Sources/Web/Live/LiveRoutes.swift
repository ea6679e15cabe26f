internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle
internal import Store
internal import Synchronization
internal import Transport

/// GET /events sends changes as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
///
/// An event says only which kind of thing changed, and the web page then fetches its content again. So nothing is lost
/// when events coincide, and the buffer of a slow client holds at most one event of each kind.
struct LiveRoutes: Sendable {
    private static let heartbeat: Duration = .seconds(20)
    /// After an event, further changes are collected for this long. A storm has thousands of changes in a second.
    private static let pause: Duration = .milliseconds(250)
    private static let listeners = 500
    private static let listenersPerUser = 100
    /// How often a connection checks that its session has not ended.
    private static let sessionCheck: Duration = .seconds(20)

    let services: Services
    private let count = LiveCount()

    init(services: Services) { self.services = services }

    func add(to routes: RouteTable) {
        routes.page(.get, "/events", .needs(.read), listen)
        // How many incidents nobody has acknowledged, for the title and the icon of every tab.
        routes.page(.get, "/events/count", .needs(.read)) { request in
            let counts = try await request.services.store.openIncidentCounts([.triggered])
            return Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: counts.words(of: [.triggered]))))
        }
    }

    /// Proxies must pass each event on at once, unchanged.
    private static let headers: HTTPFields = {
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store, no-transform"]
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        return headers
    }()

    private func listen(_ request: WebRequest) async throws -> Response {
        guard request.http.method != .head else { return Response(status: .ok, headers: LiveRoutes.headers) }
        let user = request.user.id
        guard count.enter(user, limit: LiveRoutes.listeners, perUser: LiveRoutes.listenersPerUser) else {
            throw APIProblem(.serviceUnavailable, "Too many listeners", "Reload the page later.")
        }
        let pending = Pending()
        let number = services.eventBus.subscribe { announcement in
            switch announcement {
            case .incidents: pending.add("incidents")
            case .pages: pending.add("pages")
            case .configuration: pending.add("configuration")
            case .escalation, .heartbeat, .leaseFree, .posts: break
            }
        }
        let (services, count) = (services, count)
        let (asked, vouched) = (request.http, request.vouched)
        let body = ResponseBody { writer in
            defer {
                services.eventBus.unsubscribe(number)
                count.leave(user)
            }
            try await writer.write(ByteBuffer(string: ": listening\nretry: 2000\n\n"))
            var checkedAt = services.time.monotonic()
            // The first change is told at once.
            var isFirst = true
            while let kinds = await pending.next(
                after: isFirst ? .zero : LiveRoutes.pause, within: LiveRoutes.heartbeat, services.time)
            {
                isFirst = false
                // Stop if the session has ended. Checking at each event would cost a query for each listener.
                if services.time.monotonic() - checkedAt >= LiveRoutes.sessionCheck {
                    guard try await services.session(of: asked, vouched: vouched) != nil else { break }
                    checkedAt = services.time.monotonic()
                }
                let words = kinds.isEmpty ? ["alive"] : kinds
                let text = words.map { "event: \($0)\ndata: \n\n" }.joined()
                try await writer.write(ByteBuffer(string: text))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: LiveRoutes.headers, body: body)
    }
}

/// The kinds of changes since the last event was sent.
private final class Pending: Sendable {
    private let kinds = Mutex<Set<String>>([])
    private let wake = WakeUp()

    func add(_ kind: String) {
        kinds.withLock { _ = $0.insert(kind) }
        wake.signal()
    }

    /// Waits for a change, at most for `length`, then takes all of them. Returns nil when the process stops.
    ///
    /// - Parameter pause: how long to collect changes before.
    func next(after pause: Duration, within length: Duration, _ time: TimeSource) async -> [String]? {
        let isOver = await cancelWhenGracefulShutdown {
            if pause > .zero { try? await time.sleep(pause) }
            await self.wake.wait(until: time.monotonic() + length, time)
            return Task.isCancelled
        }
        return isOver
            ? nil
            : kinds.withLock { kinds in
                defer { kinds = [] }
                return kinds.sorted()
            }
    }
}

/// Counts the listeners.
private final class LiveCount: Sendable {
    private let counts = Mutex<[UserID: Int]>([:])

    func enter(_ user: UserID, limit: Int, perUser: Int) -> Bool {
        counts.withLock { counts in
            guard counts.values.reduce(0, +) < limit, counts[user, default: 0] < perUser else { return false }
            counts[user, default: 0] += 1
            return true
        }
    }

    func leave(_ user: UserID) {
        counts.withLock { counts in
            let left = counts[user, default: 1] - 1
            counts[user] = left > 0 ? left : nil
        }
    }
}
