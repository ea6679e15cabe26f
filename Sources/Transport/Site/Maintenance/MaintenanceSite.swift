internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages
internal import Senders

/// /maintenance: times in which nobody is paged.
struct MaintenanceSite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/maintenance", .needs(.read), list)
        routes.page(.get, "/maintenance/new", .needsTeam) { visit in
            let kind = MaintenanceForm.Kind(rawValue: visit.query("kind")) ?? .once
            return visit.show(NewMaintenancePage(visit.maintenanceForm(kind), visit.newWindow(kind)))
        }
        routes.page(.post, "/maintenance", .needsTeam, create)
        routes.page(.get, "/maintenance/{id}", .needs(.read)) { visit in
            let window = try visit.window()
            let kind = MaintenanceForm.Kind(rawValue: visit.query("kind")) ?? window.kind
            return visit.show(visit.page(window, kind, visit.input(of: window, as: kind)))
        }
        routes.page(.post, "/maintenance/{id}", .needsTeam, save)
        routes.page(.post, "/maintenance/{id}/end", .needsTeam, end)
        routes.page(.post, "/maintenance/{id}/delete", .needsTeam, delete)
    }

    /// What is on stands above what is to come, and what is over below.
    private func list(_ visit: Visit) async throws -> Response {
        let rows = visit.roster.maintenanceWindows.values.sorted {
            ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id)
        }
        .map { visit.row(of: $0) }
        let ordered =
            rows.filter { $0.until != nil } + rows.filter { $0.until == nil && !$0.isOver } + rows.filter(\.isOver)
        return visit.show(
            MaintenanceListPage(rows: ordered, mayCreate: visit.roster.admits(visit.user.id, .needsTeam)))
    }

    private func create(_ visit: Visit) async throws -> Response {
        let id: MaintenanceWindowID = services.configurator.identifiers.next()
        let (kind, faults) = try await visit.store(id)
        guard faults.isEmpty else {
            return visit.refuse(NewMaintenancePage(visit.maintenanceForm(kind), visit.form.with(faults)))
        }
        return visit.go(to: "/maintenance", saying: "“\(visit.form["name"].trimmingBlanks())” is planned.")
    }

    private func save(_ visit: Visit) async throws -> Response {
        let window = try visit.configurableWindow()
        let (kind, faults) = try await visit.store(window.id)
        guard faults.isEmpty else { return visit.refuse(visit.page(window, kind, visit.form.with(faults))) }
        return visit.go(to: "/maintenance/\(window.id)", saying: "Saved.")
    }

    private func end(_ visit: Visit) async throws -> Response {
        var window = try visit.configurableWindow()
        guard case .once(let from, let to) = window.span, from < visit.now, visit.now < to else {
            return visit.go(
                to: "/maintenance/\(window.id)", saying: "Only a single window that is on can be ended.", isBad: true)
        }
        window.span = .once(from: from, to: visit.now)
        try await services.configurator.change(by: visit.author) { [window] _ in [.saveMaintenanceWindow(window)] }
        return visit.go(to: "/maintenance", saying: "“\(window.name)” has ended. What still fires pages now.")
    }

    private func delete(_ visit: Visit) async throws -> Response {
        let window = try visit.configurableWindow()
        let faults = await visit.save { _ in [.deleteMaintenanceWindow(window.id)] }
        if let fault = faults.first {
            return visit.go(to: "/maintenance/\(window.id)", saying: fault.explanation, isBad: true)
        }
        return visit.go(to: "/maintenance", saying: "“\(window.name)” is deleted.")
    }
}

extension MaintenanceWindow {
    fileprivate var kind: MaintenanceForm.Kind {
        switch span {
        case .once: .once
        case .weekly: .weekly
        }
    }
}

extension Visit {
    fileprivate func window() throws(Problem) -> MaintenanceWindow {
        guard let window = roster.maintenanceWindows[MaintenanceWindowID(parameter("id"))] else {
            throw Problem.notFound("such maintenance window")
        }
        return window
    }

    /// The same, if the visitor may change it.
    fileprivate func configurableWindow() throws(Problem) -> MaintenanceWindow {
        let window = try window()
        try require(.configure(window.teamID))
        return window
    }

    fileprivate func page(
        _ window: MaintenanceWindow, _ kind: MaintenanceForm.Kind, _ input: FormInput
    ) -> MaintenancePage {
        let isOn = window.end(covering: now) != nil
        return MaintenancePage(
            .init(
                id: window.id.rawValue, row: row(of: window), mayEnd: isOn && window.kind == .once,
                mayConfigure: may(.configure(window.teamID)), form: maintenanceForm(kind), input: input))
    }

    fileprivate func row(of window: MaintenanceWindow) -> MaintenanceListPage.Row {
        let until = window.end(covering: now)
        var isOver = false
        if case .once(_, let to) = window.span { isOver = to <= now }
        let sources = window.sources.map { roster.source($0)?.name ?? "a deleted source" }.sorted()
        let labels = window.labels.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        let scope = [sources.joined(separator: ", "), labels.joined(separator: ", ")].filter { !$0.isEmpty }
        return MaintenanceListPage.Row(
            name: window.name, path: "/maintenance/\(window.id)", team: roster.teams[window.teamID]?.name ?? "",
            span: words(of: window.span), scope: scope.isEmpty ? "all alerts" : scope.joined(separator: "; "),
            until: until.map { reader.moment($0) }, isOver: isOver)
    }

    private func words(of span: MaintenanceWindow.Span) -> HTML {
        switch span {
        case .once(let from, let to): return reader.span(from, to)
        case .weekly(let weekly):
            let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            let days = weekly.weekdays.sorted().map { names[($0 - 1) % 7] }.joined(separator: ", ")
            return "\(days) \(clockWords(weekly.fromMinute)) to \(clockWords(weekly.toMinute)) in \(weekly.timeZone)"
        }
    }
}
