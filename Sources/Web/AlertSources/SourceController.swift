internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import Store
internal import Transport

/// /alert-sources: the systems that may send alerts.
struct SourceController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/alert-sources", .needs(.read), list)
        routes.page(.get, "/alert-sources/new", .needsTeam) { request in
            request.show(request.newSource(FormInput(["kind": "generic"])))
        }
        routes.page(.post, "/alert-sources", .needsTeam, create)
        routes.page(.get, "/alert-sources/{id}", .needs(.read)) { request in
            request.show(try await page(request, try request.find(), key: request.freshSecret))
        }
        routes.page(.post, "/alert-sources/{id}", .needsTeam, save)
        routes.page(.post, "/alert-sources/{id}/regenerate", .needsTeam, regenerate)
        routes.page(.post, "/alert-sources/{id}/state", .needsTeam, setState)
        routes.page(.post, "/alert-sources/{id}/test", .needsTeam, test)
        routes.page(.post, "/alert-sources/{id}/delete", .needsTeam) {
            try await $0.delete(AlertSource.self, at: "/alert-sources", named: \.name)
        }
    }

    private func list(_ request: WebRequest) async throws -> Response {
        let configuration = request.configuration
        let seen = try await services.store.latestPayloads()
        let rows = request.all(AlertSource.self, by: \.name).map { source in
            SourceListView.Row(
                name: source.name, path: "/alert-sources/\(source.id)", kind: title(ofKind: source.kind),
                team: configuration.teams[source.teamID]?.name ?? "", maskedKey: source.maskedKey,
                isEnabled: source.isEnabled, seen: seen[source.id].map { request.reader.moment($0) })
        }
        return request.show(SourceListView(rows: rows, mayCreate: configuration.admits(request.user.id, .needsTeam)))
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let (source, key, faults) = try await request.createSource()
        guard faults.isEmpty else { return request.refuse(request.newSource(request.form.with(faults))) }
        return request.go(to: "/alert-sources/\(source.id)", showing: key)
    }

    private func save(_ request: WebRequest) async throws -> Response {
        let known: AlertSource = try request.findOwn()
        let (source, faults) = try await request.save(typed: known, isNew: false)
        guard faults.isEmpty else {
            return request.refuse(try await page(request, known, input: request.form.with(faults)))
        }
        return request.go(to: "/alert-sources/\(source.id)", saying: "Saved.")
    }

    private func regenerate(_ request: WebRequest) async throws -> Response {
        let key = services.keys.key()
        let source = try await request.update(AlertSource.self) { $0.setKey(key) }
        return request.go(to: "/alert-sources/\(source.id)", showing: key)
    }

    private func setState(_ request: WebRequest) async throws -> Response {
        let isEnabled = request.form["enabled"] == "yes"
        let source = try await request.update(AlertSource.self) { $0.isEnabled = isEnabled }
        return request.go(to: "/alert-sources/\(source.id)", saying: isEnabled ? "Enabled." : "Disabled.")
    }

    /// Sends a test alert for the source and redirects to its incident.
    private func test(_ request: WebRequest) async throws -> Response {
        let source = try request.findOwn(AlertSource.self)
        guard source.isEnabled else {
            return request.go(to: "/alert-sources/\(source.id)", saying: "Enable the source first.", isBad: true)
        }
        let number = try await services.sendTestAlert(from: source)
        return request.go(to: "/incidents/\(number)", saying: "The test alert opened this incident.")
    }

    private func page(
        _ request: WebRequest, _ source: AlertSource, input: FormInput? = nil, key: String? = nil
    ) async throws -> SourceView {
        await services.ingestServices.payloads.flush()
        let payloads = try await services.store.payloads(of: source.id)
        return SourceView(
            .init(
                name: source.name, path: source.id.rawValue, kind: title(ofKind: source.kind),
                team: request.configuration.teams[source.teamID]?.name ?? "", maskedKey: source.maskedKey,
                freshKey: key,
                isEnabled: source.isEnabled, setup: services.setup(of: source, key: key),
                mayConfigure: request.may(.configure(source.teamID)), fields: request.fields(of: AlertSource.self),
                input: input ?? FormInput(stored: source),
                keyRule: integration(ofKind: source.kind)?.fields.keySentence ?? "",
                lastKey: payloads.lazy.flatMap(\.results.entries).first { $0.dedupKey != nil }.map {
                    ($0.dedupKey ?? "", $0.keyParts)
                },
                payloads: payloads.prefix(8).map { SourceView.Payload($0, request.reader) }))
    }
}

/// The display name of a sender.
private func title(ofKind kind: String) -> String { integration(ofKind: kind)?.title ?? kind }

private func integration(ofKind kind: String) -> (any Integration.Type)? { Integrations.all.first { $0.kind == kind } }

extension WebRequest {
    fileprivate func newSource(_ input: FormInput) -> NewSourceView {
        NewSourceView(fields: fields(of: AlertSource.self, isFirst: true), input: input)
    }

    /// Creates the source from the form.
    ///
    /// - Returns: the source, its key and the faults.
    func createSource() async throws -> (AlertSource, key: String, [FieldFault]) {
        let key = services.keys.key()
        var source = AlertSource(id: services.configurator.identifiers.next(), name: "", teamID: "")
        source.setKey(key)
        let (saved, faults) = try await save(typed: source, isNew: true)
        return (saved, key, faults)
    }
}
