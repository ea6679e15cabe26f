internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /notifications: the log of pages, and retries.
struct NotificationController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/notifications", .needs(.read), list)
        routes.page(.post, "/notifications/{id}/retry", .needs(.respond), retry)
    }

    private func list(_ request: WebRequest) async throws -> Response {
        let tab = NotificationListView.Tab(rawValue: request.query("state")) ?? .all
        var filter = PageFilter()
        filter.states = tab.states
        filter.channel = Channel(rawValue: request.query("channel"))
        filter.user = request.configuration.users[UserID(request.query("user"))]?.id
        let search = IncidentSearch({ request.query($0) }, request.configuration, request.reader).filter
        filter.team = search.teams.first
        if search.since != nil || search.until != nil {
            let start = search.since ?? Timestamp(seconds: 0)
            filter.sent = start..<max(search.until ?? request.now, start)
        }
        let hours = Set(request.query("hours").split(separator: "-").compactMap { Int($0) })
        if !hours.isEmpty, let user = filter.user.flatMap({ request.configuration.users[$0] }) {
            filter.hours = (hours, LocalClock(user.timeZone) ?? .utc)
        }
        filter.before = request.query("before").isEmpty ? nil : PageID(request.query("before"))
        filter.limit = 15
        let pages = try await services.store.pages(filter)
        let attempts = try await services.store.attempts(of: pages.map(\.page.id))
        let chosen = (["state"] + NotificationListView.filters).map { (name: $0, value: request.query($0)) }
        let start = Path("/notifications").with(chosen)
        let older =
            pages.count == filter.limit
            ? pages.last.map { start.with([("before", $0.page.id.rawValue)]) } : nil
        let mayRetry = request.may(.respond)
        return request.show(
            NotificationListView(
                .init(
                    rows: pages.map {
                        NotificationRow(
                            $0, attempts: attempts[$0.page.id] ?? [], to: request.user.id, request.configuration,
                            request.reader,
                            mayRetry: mayRetry)
                    },
                    tab: tab, filter: FormInput(Dictionary(chosen.map { ($0.name, [$0.value]) }, uniquingKeysWith: +)),
                    people: choices(request.configuration.users.values.map { ($0.id.rawValue, $0.name) }),
                    here: start.with([("before", request.query("before"))]),
                    newest: filter.before == nil ? nil : start, older: older)))
    }

    private func retry(_ request: WebRequest) async throws -> Response {
        let back = Path(untrusted: request.form["back"]) ?? "/notifications"
        let id = PageID(request.parameter("id"))
        guard let known = try await services.store.page(id) else { throw APIProblem.notFound("such notification") }
        guard let page = try await services.pages.retry(id) else {
            return request.go(
                to: back,
                saying: "This page is \(known.page.state.rawValue). Only what failed, was withheld or was cancelled "
                    + "can be sent again.", isBad: true)
        }
        let person = request.configuration.name(of: page.page.userID)
        let words = "A new page to \(person) by \(page.page.channel.name) is queued."
        return request.go(
            to: back,
            saying: services.settings.isSendingEnabled
                ? words : "\(words) Sending is disabled, so it will be withheld as well.")
    }
}

extension NotificationListView.Tab {
    fileprivate var states: Set<Page.State> {
        switch self {
        case .all: []
        case .waiting: [.queued, .claimed]
        case .sent: [.sent]
        case .delivered: [.delivered]
        case .failed: [.failed]
        case .withheld: [.withheld]
        case .cancelled: [.cancelled]
        }
    }
}
