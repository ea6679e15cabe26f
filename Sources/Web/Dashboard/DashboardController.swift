internal import Domain
internal import Hummingbird
internal import Providers
internal import Store
internal import Transport

/// /dashboard.
struct DashboardController: Sendable {
    let services: Services
    private let coverage = CoverageCache()

    init(services: Services) { self.services = services }

    func add(to routes: RouteTable) {
        routes.page(.get, "/dashboard", .needs(.read), show)
    }

    private func show(_ request: WebRequest) async throws -> Response {
        var filter = IncidentFilter()
        filter.states = [.triggered, .acknowledged]
        filter.limit = 20
        filter.order = .urgent
        async let workers = workers(request)
        async let counts = services.store.openIncidentCounts()
        let open = try await services.store.incidents(filter)
        let rows = open.map { IncidentRow($0, request.configuration, request.reader) }
        return request.show(
            DashboardView(
                .init(
                    incidents: IncidentList(rows: rows, mayAct: request.may(.respond), back: "/dashboard"),
                    more: try await counts.words(of: filter.states, without: open.count), duties: request.duties(),
                    providers: await providers(request),
                    workers: try await workers, maintenance: request.runningMaintenance(),
                    warnings: warnings(request),
                    setup: request.may(.administer) ? request.nextSetupStep : nil)))
    }

    /// What will keep pages from being delivered in the next 30 days: the first warnings, and the number of others.
    private func warnings(_ request: WebRequest) -> [String] {
        let all = coverage.warnings(of: request.configuration, channels: services.channels, at: request.now)
        return all.prefix(8) + (all.count > 8 ? ["And \(all.count - 8) more."] : [])
    }

    private func providers(_ request: WebRequest) async -> [DashboardView.Health] {
        var all: [DashboardView.Health] = []
        for provider in services.providers {
            let health = await provider.gate.health
            let (tone, words) = health.words
            all.append(
                .init(
                    name: provider.name, tone: tone, words: words,
                    detail: health.state == .ok ? nil : health.lastFault))
        }
        return all
    }

    /// Those who have drills every week, and when they last acknowledged one.
    private func drills(_ request: WebRequest) async throws -> [DashboardView.Health] {
        let people = request.configuration.users.values.filter { $0.drillsWeekly && $0.isEnabled }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }.prefix(50)
        guard !people.isEmpty else { return [] }
        let records = try await services.store.drills()
        return people.map { person -> DashboardView.Health in
            let proven = records[person.id]?.provenAt
            let isFresh = proven.map { request.now - $0 < Drill.interval + .days(1) } ?? false
            let words = proven.map { "last proven \(relativeWords(from: request.now, to: $0))" } ?? "never proven"
            return .init(name: "Drill: \(person.name)", tone: isFresh ? .good : .doubtful, words: words)
        }
    }

    private func workers(_ request: WebRequest) async throws -> [DashboardView.Health] {
        let leases = try await services.store.leaseStatuses()
        let waiting = try await services.store.waitingPageCount()
        let duties = Lease.Duty.allCases.map { duty -> DashboardView.Health in
            guard let lease = leases[duty], lease.isHeld else {
                return .init(
                    name: duty.name, tone: .bad, words: "nobody",
                    detail: leases.filter { $0.key == duty }.problems.first ?? "")
            }
            let isOurs = lease.holder == services.settings.holder
            return .init(name: duty.name, tone: .good, words: "by \(isOurs ? "this process" : "another process")")
        }
        return try await duties + drills(request) + [
            .init(name: "Pages waiting", tone: waiting.number > 100 ? .doubtful : .good, words: waiting.words)
        ]
    }
}

extension WebRequest {
    /// The maintenance windows that apply now.
    func runningMaintenance() -> [DashboardView.Maintenance] {
        all(MaintenanceWindow.self, by: \.name).compactMap { window in
            window.end(covering: now).map { end in
                .init(
                    name: window.name, team: configuration.teams[window.teamID]?.name ?? "a deleted team",
                    until: reader.moment(end))
            }
        }
    }

    /// Who is on call now and next, for each team.
    func duties() -> [DashboardView.TeamDuty] {
        configuration.teams.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { team in
            let schedules = configuration.schedules.values.filter { $0.teamID == team.id }
            return DashboardView.TeamDuty(
                team: team.name, shifts: schedules.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { shift($0) })
        }
    }

    private func shift(_ schedule: Schedule) -> DashboardView.TeamDuty.Shift {
        let duty = configuration.duty(in: schedule, at: now)
        return .init(
            schedule: schedule.name, people: duty.people.map { configuration.name(of: $0) },
            until: duty.until.map { reader.moment($0) },
            next: duty.until == nil ? nil : duty.next.map { configuration.name(of: $0) })
    }
}
