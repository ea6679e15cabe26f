internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import Transport

/// /maintenance: times in which nobody is paged.
struct MaintenanceController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/maintenance", .needs(.read), list)
        routes.page(.get, "/maintenance/new", .needsTeam) { request in
            let kind = MaintenanceForm.Kind(rawValue: request.query("kind")) ?? .once
            return request.show(NewMaintenanceView(request.maintenanceForm(kind), request.newWindow(kind)))
        }
        routes.page(.post, "/maintenance", .needsTeam, create)
        routes.page(.get, "/maintenance/{id}", .needs(.read)) { request in
            let window = try request.find(MaintenanceWindow.self)
            let kind = MaintenanceForm.Kind(rawValue: request.query("kind")) ?? window.kind
            return request.show(request.page(window, kind, request.input(of: window, as: kind)))
        }
        routes.page(.post, "/maintenance/{id}", .needsTeam, save)
        routes.page(.post, "/maintenance/{id}/end", .needsTeam, end)
        routes.page(.post, "/maintenance/{id}/delete", .needsTeam) {
            try await $0.delete(MaintenanceWindow.self, at: "/maintenance", named: \.name)
        }
    }

    /// Lists active windows first, then upcoming ones, then past ones.
    private func list(_ request: WebRequest) async throws -> Response {
        let rows = request.all(MaintenanceWindow.self, by: \.name).map { request.row(of: $0) }
        let ordered =
            rows.filter { $0.until != nil } + rows.filter { $0.until == nil && !$0.isOver } + rows.filter(\.isOver)
        return request.show(
            MaintenanceListView(rows: ordered, mayCreate: request.configuration.admits(request.user.id, .needsTeam)))
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let id: MaintenanceWindowID = services.configurator.identifiers.next()
        let (kind, faults) = try await request.store(id)
        guard faults.isEmpty else {
            return request.refuse(NewMaintenanceView(request.maintenanceForm(kind), request.form.with(faults)))
        }
        return request.go(to: "/maintenance", saying: "“\(request.form["name"].trimmingBlanks())” is planned.")
    }

    private func save(_ request: WebRequest) async throws -> Response {
        let window = try request.findOwn(MaintenanceWindow.self)
        let (kind, faults) = try await request.store(window.id)
        guard faults.isEmpty else { return request.refuse(request.page(window, kind, request.form.with(faults))) }
        return request.go(to: "/maintenance/\(window.id)", saying: "Saved.")
    }

    private func end(_ request: WebRequest) async throws -> Response {
        var window = try request.findOwn(MaintenanceWindow.self)
        guard case .once(let from, let to) = window.span, from < request.now, request.now < to else {
            return request.go(
                to: "/maintenance/\(window.id)", saying: "Only a single window that is on can be ended.", isBad: true)
        }
        window.span = .once(from: from, to: request.now)
        try await services.configurator.change(by: request.author) { [window] _ in [.save(window)] }
        return request.go(to: "/maintenance", saying: "“\(window.name)” has ended. What still fires pages now.")
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

extension WebRequest {
    fileprivate func page(
        _ window: MaintenanceWindow, _ kind: MaintenanceForm.Kind, _ input: FormInput
    ) -> MaintenanceView {
        let isOn = window.end(covering: now) != nil
        return MaintenanceView(
            .init(
                id: window.id.rawValue, row: row(of: window), mayEnd: isOn && window.kind == .once,
                mayConfigure: may(.configure(window.teamID)), form: maintenanceForm(kind), input: input))
    }

    fileprivate func row(of window: MaintenanceWindow) -> MaintenanceListView.Row {
        let until = window.end(covering: now)
        var isOver = false
        if case .once(_, let to) = window.span { isOver = to <= now }
        let sources = window.sources.map { configuration.source($0)?.name ?? "a deleted source" }.sorted()
        let labels = window.labels.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        let scope = [sources.joined(separator: ", "), labels.joined(separator: ", ")].filter { !$0.isEmpty }
        return MaintenanceListView.Row(
            name: window.name, path: "/maintenance/\(window.id)", team: configuration.teams[window.teamID]?.name ?? "",
            span: words(of: window.span), scope: scope.isEmpty ? "all alerts" : scope.joined(separator: "; "),
            until: until.map { reader.moment($0) }, isOver: isOver)
    }

    private func words(of span: MaintenanceWindow.Span) -> HTML {
        switch span {
        case .once(let from, let to): return reader.span(from, to)
        case .weekly(let weekly):
            let days = weekly.hours.weekdays.sorted().map(\.shortName).joined(separator: ", ")
            return "\(days) \(reader.words(weekly.hours)) in \(weekly.timeZone)"
        }
    }
}
