internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages
internal import Store

/// /notifications: the log of pages, and one more try.
struct NotificationSite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/notifications", .needs(.read), list)
        routes.page(.post, "/notifications/{id}/retry", .needs(.respond), retry)
    }

    private func list(_ visit: Visit) async throws -> Response {
        let tab = NotificationListPage.Tab(rawValue: visit.query("state")) ?? .all
        var filter = PageFilter()
        filter.states = tab.states
        filter.channel = Channel(rawValue: visit.query("channel"))
        filter.user = visit.roster.users[UserID(visit.query("user"))]?.id
        filter.before = visit.query("before").isEmpty ? nil : PageID(visit.query("before"))
        filter.limit = 15
        let pages = try await services.store.pages(filter)
        let attempts = try await services.store.attempts(of: pages.map(\.page.id))
        let chosen = ["state", "channel", "user"].map { (name: $0, value: visit.query($0)) }
        let start = Path("/notifications").with(chosen)
        let older =
            pages.count == filter.limit
            ? pages.last.map { start.with([("before", $0.page.id.rawValue)]) } : nil
        let mayRetry = visit.may(.respond)
        return visit.show(
            NotificationListPage(
                .init(
                    rows: pages.map {
                        NotificationRow(
                            $0, attempts: attempts[$0.page.id] ?? [], visit.roster, visit.reader, mayRetry: mayRetry)
                    },
                    tab: tab, filter: FormInput(Dictionary(chosen.map { ($0.name, [$0.value]) }, uniquingKeysWith: +)),
                    people: choices(visit.roster.users.values.map { ($0.id.rawValue, $0.name) }),
                    here: start.with([("before", visit.query("before"))]),
                    newest: filter.before == nil ? nil : start, older: older)))
    }

    private func retry(_ visit: Visit) async throws -> Response {
        let back = Path(untrusted: visit.form["back"]) ?? "/notifications"
        let id = PageID(visit.parameter("id"))
        guard let known = try await services.store.page(id) else { throw Problem.notFound("such notification") }
        guard let page = try await services.pages.retry(id) else {
            return visit.go(
                to: back,
                saying: "This page is \(known.page.state.rawValue). Only what failed, was withheld or was cancelled "
                    + "can be sent again.", isBad: true)
        }
        let person = visit.roster.name(of: page.page.userID)
        let words = "A new page to \(person) by \(page.page.channel.name) is queued."
        return visit.go(
            to: back,
            saying: services.settings.isSendingEnabled
                ? words : "\(words) Sending is disabled, so it will be withheld as well.")
    }
}

extension NotificationListPage.Tab {
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
