internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import Store
internal import Transport

/// /alert-sources: who may send alerts.
struct SourceController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/alert-sources", .needs(.read), list)
        routes.page(.get, "/alert-sources/new", .needsTeam) { request in
            request.show(NewSourceView(request.sourceForm(), FormInput(["kind": "generic"])))
        }
        routes.page(.post, "/alert-sources", .needsTeam, create)
        routes.page(.get, "/alert-sources/{id}", .needs(.read)) { request in
            request.show(try await page(request, try request.source(), input: nil))
        }
        routes.page(.post, "/alert-sources/{id}", .needsTeam, save)
        routes.page(.post, "/alert-sources/{id}/regenerate", .needsTeam, regenerate)
        routes.page(.post, "/alert-sources/{id}/state", .needsTeam, setState)
        routes.page(.post, "/alert-sources/{id}/test", .needsTeam, test)
        routes.page(.post, "/alert-sources/{id}/delete", .needsTeam, delete)
    }

    private func list(_ request: WebRequest) async throws -> Response {
        let configuration = request.configuration
        let sources = configuration.sources.values.sorted {
            ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id)
        }
        let rows = sources.map { source in
            SourceListView.Row(
                name: source.name, path: "/alert-sources/\(source.id)", kind: title(ofKind: source.kind),
                team: configuration.teams[source.teamID]?.name ?? "", maskedKey: source.maskedKey,
                isEnabled: source.isEnabled)
        }
        return request.show(SourceListView(rows: rows, mayCreate: configuration.admits(request.user.id, .needsTeam)))
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let team = TeamID(request.form["team"])
        if request.configuration.teams[team] != nil { try request.require(.configure(team)) }
        let (source, key, faults) = await request.createSource()
        guard faults.isEmpty else {
            return request.refuse(NewSourceView(request.sourceForm(), request.form.with(faults)))
        }
        return request.show(try await page(request, source, input: nil, key: key), status: .created)
    }

    private func save(_ request: WebRequest) async throws -> Response {
        var source = try request.configurableSource()
        let form = request.form
        try request.require(.configure(TeamID(form["team"])))
        source.name = form["name"].trimmingBlanks()
        source.kind = form["kind"]
        source.teamID = TeamID(form["team"])
        source.policyID = form["policy"].isEmpty ? nil : PolicyID(form["policy"])
        source.defaultSeverity = Severity(rawValue: form["severity"]) ?? source.defaultSeverity
        var faults: [FieldFault] = []
        let longest = 60 * 24 * 365
        if let minutes = Int(form["reopen"].isEmpty ? "0" : form["reopen"]), (0...longest).contains(minutes) {
            source.reopenWindow = .minutes(minutes)
        } else {
            faults.append(FieldFault("reopen", "Write a number of minutes, 0 to \(longest)."))
        }
        if form["silence"].isEmpty {
            source.autoResolveAfter = nil
        } else if let minutes = Int(form["silence"]), (1...longest).contains(minutes) {
            source.autoResolveAfter = .minutes(minutes)
        } else {
            faults.append(FieldFault("silence", "Write a number of minutes, 1 to \(longest), or nothing."))
        }
        if faults.isEmpty { faults = await request.save { [source] _ in [.saveSource(source)] } }
        guard faults.isEmpty else {
            let known = try request.source()
            return request.refuse(try await page(request, known, input: form.with(faults)))
        }
        return request.go(to: "/alert-sources/\(source.id)", saying: "Saved.")
    }

    private func regenerate(_ request: WebRequest) async throws -> Response {
        let id = try request.configurableSource().id
        let key = services.keys.key()
        let after = try await services.configurator.change(by: request.author) {
            configuration throws(ConfigurationFault) in
            guard var source = configuration.sources[id] else { throw .missing("such alert source") }
            source.take(key)
            return [.saveSource(source)]
        }
        guard let source = after.sources[id] else { throw APIProblem.notFound("such alert source") }
        return request.show(try await page(request, source, input: nil, key: key))
    }

    private func setState(_ request: WebRequest) async throws -> Response {
        let id = try request.configurableSource().id
        let isEnabled = request.form["enabled"] == "yes"
        try await services.configurator.change(by: request.author) { configuration throws(ConfigurationFault) in
            guard var source = configuration.sources[id] else { throw .missing("such alert source") }
            source.isEnabled = isEnabled
            return [.saveSource(source)]
        }
        return request.go(to: "/alert-sources/\(id)", saying: isEnabled ? "Enabled." : "Disabled.")
    }

    /// An alert as the source would send it, on to its incident.
    private func test(_ request: WebRequest) async throws -> Response {
        let source = try request.configurableSource()
        guard source.isEnabled else {
            return request.go(to: "/alert-sources/\(source.id)", saying: "Enable the source first.", isBad: true)
        }
        let number = try await services.sendTestAlert(from: source)
        return request.go(to: "/incidents/\(number)", saying: "The test alert opened this incident.")
    }

    private func delete(_ request: WebRequest) async throws -> Response {
        let source = try request.configurableSource()
        let faults = await request.save { _ in [.deleteSource(source.id)] }
        if let fault = faults.first {
            return request.go(to: "/alert-sources/\(source.id)", saying: fault.explanation, isBad: true)
        }
        return request.go(to: "/alert-sources", saying: "“\(source.name)” is deleted.")
    }

    private func page(
        _ request: WebRequest, _ source: AlertSource, input: FormInput?, key: String? = nil
    ) async throws -> SourceView {
        await services.ingestServices.payloads.flush()
        let payloads = try await services.store.payloads(of: source.id)
        return SourceView(
            .init(
                name: source.name, path: source.id.rawValue, kind: title(ofKind: source.kind),
                team: request.configuration.teams[source.teamID]?.name ?? "", maskedKey: source.maskedKey,
                freshKey: key,
                isEnabled: source.isEnabled, setup: services.setup(of: source, key: key),
                mayConfigure: request.may(.configure(source.teamID)), form: request.sourceForm(),
                input: input ?? FormInput(stored: source),
                payloads: payloads.prefix(8).map { SourceView.Payload($0, request.reader) }))
    }
}

/// A sender's name for people.
private func title(ofKind kind: String) -> String { Integrations.all.first { $0.kind == kind }?.title ?? kind }

extension FormInput {
    fileprivate init(stored source: AlertSource) {
        self.init([
            "name": source.name, "kind": source.kind, "team": source.teamID.rawValue,
            "policy": source.policyID?.rawValue ?? "", "severity": source.defaultSeverity.rawValue,
            "reopen": String(source.reopenWindow.components.seconds / 60),
            "silence": source.autoResolveAfter.map { String($0.components.seconds / 60) } ?? "",
        ])
    }
}

extension WebRequest {
    /// What can be chosen by this visitor.
    func sourceForm() -> SourceForm {
        let teams = configuration.teams.values.filter { may(.configure($0.id)) }.map { ($0.id.rawValue, $0.name) }
        return SourceForm(
            kinds: Integrations.all.map { Field.Choice($0.kind, $0.title) }, teams: choices(teams),
            policies: choices(configuration.policies.values.map { ($0.id.rawValue, $0.name) }),
            severities: Severity.allCases.reversed().map { Field.Choice($0.rawValue, $0.rawValue) })
    }

    /// Creates the source that was typed.
    ///
    /// - Returns: its key, and what is wrong.
    func createSource() async -> (AlertSource, key: String, [FieldFault]) {
        let key = services.keys.key()
        var source = AlertSource(
            id: services.configurator.identifiers.next(), name: form["name"].trimmingBlanks(), kind: form["kind"],
            teamID: TeamID(form["team"]))
        source.take(key)
        return (source, key, await save { [source] _ in [.saveSource(source)] })
    }

    /// The source that the path names.
    fileprivate func source() throws(APIProblem) -> AlertSource {
        guard let source = configuration.sources[SourceID(parameter("id"))] else {
            throw APIProblem.notFound("such alert source")
        }
        return source
    }

    /// The same, if the visitor may change it.
    fileprivate func configurableSource() throws(APIProblem) -> AlertSource {
        let source = try source()
        try require(.configure(source.teamID))
        return source
    }
}
