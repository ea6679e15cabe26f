internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import Store
internal import Transport

/// /setup: the first run. Its progress is derived from existing data, so that it can be interrupted and resumed.
struct SetupController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.open(.get, "/setup", welcome)
        routes.open(.post, "/setup", createAdministrator)
        routes.page(.get, "/setup/team", .needs(.administer)) {
            $0.show(SetupView(.team(FormInput(["name": "Operations"]))))
        }
        routes.page(.post, "/setup/team", .needs(.administer), createTeam)
        routes.page(.get, "/setup/contact", .needs(.administer)) { $0.show(SetupView(try await contact($0))) }
        routes.page(.post, "/setup/contact", .needs(.administer), addContact)
        routes.page(.post, "/setup/contact/{id}/code", .needs(.administer), sendCode)
        routes.page(.post, "/setup/contact/{id}/verify", .needs(.administer), verify)
        routes.page(.get, "/setup/source", .needs(.administer)) { $0.show(SetupView(source($0))) }
        routes.page(.post, "/setup/source", .needs(.administer), createSource)
        routes.page(.post, "/setup/alert", .needs(.administer), sendAlert)
        routes.page(.get, "/setup/incident", .needs(.administer), incident)
        routes.page(.post, "/setup/acknowledge", .needs(.administer), acknowledge)
        routes.page(.get, "/setup/next", .needs(.administer)) { $0.go(to: $0.nextSetupStep ?? "/setup/incident") }
    }

    private func welcome(_ guest: GuestRequest) async throws -> Response {
        guard try await services.accounts.isFresh() else { return guest.go(to: "/setup/next") }
        return guest.show(
            SetupView(.administrator(FormInput(["code": [guest.query("code")]]), needsCode: needsCode(guest))))
    }

    private func createAdministrator(_ guest: GuestRequest) async throws -> Response {
        guard try await services.accounts.isFresh() else { return alreadySetUp(guest) }
        let form = guest.form
        let (name, email) = (form["name"].trimmingBlanks(), form["email"].trimmingBlanks())
        let password = Secret(form["password"])
        var faults: [FieldFault] = []
        if needsCode(guest), !isSame(form["code"].trimmingBlanks().lowercased(), services.requestTokens.setUpCode) {
            services.accounts.trail.log("a wrong set-up code was typed", from: guest.origin.address)
            faults.append(FieldFault("code", "This is not the code. PagerPal writes it to its log when it starts."))
        }
        if name.isEmpty || name.count > ConfigurationLimits.name {
            faults.append(FieldFault("name", "Write your name."))
        }
        if let fault = Channel.email.definition.address.fault(in: email) { faults.append(FieldFault("email", fault)) }
        if let fault = PasswordHasher.fault(of: password) { faults.append(FieldFault("password", fault)) }
        let zone = form["time_zone"].trimmingBlanks()
        if !zone.isEmpty, LocalClock(zone) == nil {
            faults.append(
                FieldFault("time_zone", "There is no time zone “\(zone.prefix(60))”. Write it like Europe/Zagreb."))
        }
        guard faults.isEmpty else {
            return guest.refuse(SetupView(.administrator(form.with(faults), needsCode: needsCode(guest))))
        }
        guard
            let user = try await services.accounts.createFirst(
                name: name, email: email, password: password, timeZone: zone.isEmpty ? "UTC" : zone,
                clock: ClockForm(rawValue: form["clock"]) ?? .hours24)
        else {
            return alreadySetUp(guest)
        }
        let (session, key) = try await services.accounts.open(user.id, from: guest.origin)
        return try await guest.enter(session, key, at: "/setup/next")
    }

    /// Whether the first administrator must know the code: always in production, and otherwise unless the browser runs on the
    /// same host.
    private func needsCode(_ guest: GuestRequest) -> Bool {
        guard !services.settings.running.isProduction else { return true }
        let hosts = [guest.origin.address, guest.http.head.authority.flatMap(hostName) ?? ""]
        return !hosts.allSatisfy { host in host == "localhost" || isLoopbackAddress(host) }
    }

    private func alreadySetUp(_ guest: GuestRequest) -> Response {
        guest.go(to: "/login", saying: "There is an administrator already. Sign in.", isBad: true)
    }

    private func createTeam(_ request: WebRequest) async throws -> Response {
        let team = Team(
            id: services.configurator.identifiers.next(), name: request.form["name"].trimmingBlanks(),
            memberIDs: [request.user.id])
        let faults = await request.save { _ in [.save(team)] }
        guard faults.isEmpty else { return request.refuse(SetupView(.team(request.form.with(faults)))) }
        return request.go(to: "/setup/contact")
    }

    private func contact(_ request: WebRequest, _ input: FormInput? = nil) async throws -> SetupView.Stage {
        let waiting = request.configuration.contactMethods(of: request.user.id).last { $0.verifiedAt == nil }
        let isEnabled = services.settings.isSendingEnabled
        if input == nil, let waiting {
            return .code(id: waiting.id, address: waiting.address, FormInput(), isSendingEnabled: isEnabled)
        }
        let standard = FormInput(["channel": "email", "address": request.user.email])
        return .contact(
            input ?? standard, channels: request.channelChoices(), try await request.proof(at: "/setup/contact"),
            isSendingEnabled: isEnabled)
    }

    private func addContact(_ request: WebRequest) async throws -> Response {
        if let fault = try await request.proofFault() {
            return request.refuse(SetupView(try await contact(request, request.form.with([fault]))))
        }
        let (method, faults) = await request.addMethod(for: request.user.id)
        guard let method else {
            return request.refuse(SetupView(try await contact(request, request.form.with(faults))))
        }
        return try await request.sendCode(to: method, from: "/setup/contact")
    }

    private func sendCode(_ request: WebRequest) async throws -> Response {
        try await request.sendCode(to: try request.method(), from: "/setup/contact")
    }

    /// Confirms the code. On success it sends a test page, so that the user sees what pages look like.
    private func verify(_ request: WebRequest) async throws -> Response {
        let method = try request.method()
        if let fault = try await request.confirm(method) {
            let input = request.form.with([fault])
            let stage = SetupView.Stage.code(
                id: method.id, address: method.address, input, isSendingEnabled: services.settings.isSendingEnabled)
            return request.refuse(SetupView(stage))
        }
        return try await request.test(
            method, from: "/setup/source", saying: "Verified. A test page is on its way to \(method.address).")
    }

    private func source(_ request: WebRequest, _ input: FormInput? = nil) -> SetupView.Stage {
        if input == nil, let source = request.configuration.sources.values.min(by: { $0.id < $1.id }) {
            return .alert(
                id: source.id, name: source.name, key: request.freshSecret,
                setup: services.setup(of: source, key: request.freshSecret))
        }
        return .source(
            request.fields(of: AlertSource.self, isFirst: true),
            input ?? FormInput(["kind": "generic", "name": "My monitoring"]))
    }

    private func createSource(_ request: WebRequest) async throws -> Response {
        let (_, key, faults) = try await request.createSource()
        guard faults.isEmpty else { return request.refuse(SetupView(self.source(request, request.form.with(faults)))) }
        return request.go(to: "/setup/source", showing: key)
    }

    private func sendAlert(_ request: WebRequest) async throws -> Response {
        guard let source = request.configuration.sources.values.filter(\.isEnabled).min(by: { $0.id < $1.id }) else {
            return request.go(to: "/setup/source")
        }
        _ = try await services.sendTestAlert(from: source)
        return request.go(to: "/setup/incident")
    }

    private func newest() async throws -> Incident? {
        var filter = IncidentFilter()
        filter.limit = 1
        return try await services.store.incidents(filter).first
    }

    private func incident(_ request: WebRequest) async throws -> Response {
        guard let incident = try await newest() else { return request.go(to: "/setup/source") }
        var filter = PageFilter()
        filter.incident = incident.id
        let pages = try await services.store.pages(filter).map { record in
            "\(request.configuration.name(of: record.page.userID)) by \(record.page.channel.name) at \(record.page.address): \(record.page.state.rawValue)"
        }
        return request.show(
            SetupView(
                .incident(
                    number: incident.number, headline: incident.title, state: incident.state.name, paged: pages)))
    }

    private func acknowledge(_ request: WebRequest) async throws -> Response {
        guard let incident = try await newest() else { return request.go(to: "/setup/source") }
        _ = await services.directory.perform(CommandRequest(.acknowledge, by: request.author), on: incident.id)
        return request.go(to: "/setup/incident")
    }
}

extension WebRequest {
    /// The first incomplete step, or nil once a source exists.
    var nextSetupStep: Path? {
        if configuration.teams.isEmpty { return "/setup/team" }
        if configuration.sources.isEmpty {
            return configuration.contactMethods(of: user.id).contains(where: \.isUsable)
                ? "/setup/source" : "/setup/contact"
        }
        return nil
    }
}
