internal import Actors
internal import Database
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import Providers
internal import Store
internal import Transport

/// /settings: the settings and status of this PagerPal, and a test of each provider.
struct SettingsController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/settings", .needs(.administer), show)
        routes.page(.post, "/settings/test", .needs(.administer), sendTest)
    }

    private func show(_ request: WebRequest) async throws -> Response {
        var providers: [SettingsView.ProviderCard] = []
        for provider in services.providers.flatMap(\.vendors) {
            providers.append(card(of: provider, await provider.gate.health, request))
        }
        let served = services.providers.reduce(into: Set<Channel>()) { $0.formUnion($1.channels) }
        return request.show(
            SettingsView(
                .init(
                    providers: providers, missing: Channel.allCases.filter { !served.contains($0) }.map(\.name),
                    workers: try await workers(request), system: try await system(), limits: limits)))
    }

    /// Sends a test page to one of the user's own contact methods.
    private func sendTest(_ request: WebRequest) async throws -> Response {
        let id = ContactMethodID(request.form["method"])
        guard let method = request.configuration.contactMethods[id], method.userID == request.user.id else {
            throw APIProblem.notFound("such contact method of yours")
        }
        let words = "A test by \(method.channel.name) to \(method.channel.shown(method.address)) is queued."
        return try await request.test(
            method, from: "/settings",
            saying: services.settings.isSendingEnabled
                ? "\(words) What became of it stands among the notifications."
                : "\(words) Sending is disabled, so it will be withheld.")
    }

    private func card(
        of provider: any Provider, _ health: ProviderHealth, _ request: WebRequest
    ) -> SettingsView.ProviderCard {
        let (tone, words) = health.words
        let limits = provider.gate.limits
        let methods = request.configuration.contactMethods(of: request.user.id).filter {
            provider.channels.contains($0.channel)
        }
        return SettingsView.ProviderCard(
            name: provider.name, channels: provider.channels.map(\.name).sorted().joined(separator: ", "),
            tone: tone, words: words, fault: health.state == .ok ? nil : health.lastFault,
            lastSuccess: health.lastSuccessAt.map { request.reader.moment($0) },
            lastFailure: health.lastFailureAt.map { request.reader.moment($0) },
            triesAgain: health.triesAgainAt.map { request.reader.moment($0) }, accepted: health.accepted,
            failed: health.failed, running: health.running,
            limits: "\(shortNumber(limits.perSecond)) a second, \(limits.burst) at once after a pause, "
                + "\(limits.concurrency) under way",
            methods: methods.map { Field.Choice($0.id.rawValue, "\($0.channel.name), \($0.channel.shown($0.address))") }
        )
    }

    private func workers(_ request: WebRequest) async throws -> [SettingsView.Fact] {
        let leases = try await services.store.leaseStatuses()
        let running = services.settings.running
        let duties = Lease.Duty.allCases.map { duty -> SettingsView.Fact in
            guard let lease = leases[duty], lease.isHeld else { return .init(duty.name, status(.bad, "nobody")) }
            let isOurs = lease.holder == services.settings.holder
            return .init(
                duty.name,
                """
                \(status(.good, isOurs ? "this process" : "another process")) <span class="quiet">\(lease.holder)</span>, \
                epoch \(Int(lease.epoch)), until \(request.reader.exact(lease.expiresAt)) unless it is renewed
                """)
        }
        let rows = services.store.damagedRows.all.prefix(20)
        let damaged: HTML =
            rows.isEmpty
            ? "none"
            : "\(status(.bad, "left out")) \(rows.map { "\($0.table) \($0.id): \($0.reason)" }.joined(separator: "; "))"
        let clocks: HTML =
            services.clock.map { clock in
                clock.problems.isEmpty
                    ? "\(status(.good, "agrees")) with the database's"
                    : "\(status(.bad, "differs")) \(clock.problems.joined(separator: " "))"
            } ?? "—"
        return duties + [
            .init("Clock of this host", clocks),
            .init("Rows that can't be read", damaged),
            .init("A lease lasts", "\(length(running.leaseDuration))", variable: "SCHEDULER_LEASE_SECONDS"),
            .init("This process", "\(services.settings.holder)"),
            .init("Escalates", onOff(running.escalates), variable: "ESCALATION_WORKER_ENABLED"),
            .init("Dispatches", onOff(running.dispatches), variable: "NOTIFICATION_RETRY_WORKER_ENABLED"),
        ]
    }

    private func system() async throws -> [SettingsView.Fact] {
        let (settings, running) = (services.settings, services.settings.running)
        let database = services.store.database.dialect.name == "sqlite" ? "SQLite" : "PostgreSQL"
        let schema: HTML =
            switch try await services.store.schemaState() {
            case .current(let number): "\(status(.good, "up to date")) at step \(number)"
            case .behind(let has, let needs): status(.bad, "at step \(has), needs \(needs): run pagerpal migrate")
            case .ahead(let has, let knows):
                status(.bad, "at step \(has), newer than this program, which knows \(knows)")
            }
        return [
            .init("Version", "\(settings.version)"),
            .init("Environment", running.isProduction ? "production" : "development", variable: "ENVIRONMENT"),
            .init(
                "Database", "\(database), <span class=\"quiet\">\(running.database)</span>", variable: "DATABASE_URL"),
            .init("Schema", schema),
            .init("Address", "\(settings.baseURL)", variable: "PAGERPAL_BASE_URL"),
            .init(
                "Sending",
                settings.isSendingEnabled ? status(.good, "on") : status(.doubtful, "off: pages are withheld"),
                variable: "NOTIFICATION_SENDING_ENABLED"),
            .init("Twin", running.twin.map { "watches \($0)" } ?? "none", variable: "TWIN_URL"),
            .init("Sign-in", "\(waysIn.joined(separator: ", "))", variable: "OIDC_PROVIDERS"),
            .init("Secure cookies", onOff(settings.isCookieSecure), variable: "SESSION_COOKIE_SECURE"),
            .init(
                "Delivery reports", settings.receiptToken == nil ? "not accepted" : "accepted, with a token",
                variable: "INFOBIP_RECEIPT_TOKEN"),
            .init(
                "API's origins",
                settings.allowedOrigins.isEmpty ? "none" : "\(settings.allowedOrigins.joined(separator: ", "))",
                variable: "ALLOWED_ORIGINS"),
        ]
    }

    private var waysIn: [String] {
        (services.companies.replacePasswords ? [] : ["password"]) + services.companies.all.map(\.settings.name)
    }

    private func kept(_ duration: Duration?) -> HTML { duration.map { "\(length($0))" } ?? "for ever" }

    private var limits: [SettingsView.Fact] {
        let retry = RetryPolicy()
        return [
            .init(
                "One message",
                "what comes within \(length(services.settings.running.bundlingWindow)) for the same contact method",
                variable: "NOTIFICATION_BUNDLING_SECONDS"),
            .init(
                "Resolved incidents are kept", kept(services.settings.running.retention.incidents),
                variable: "RETENTION_INCIDENT_DAYS"),
            .init(
                "The audit log is kept", kept(services.settings.running.retention.audit),
                variable: "RETENTION_AUDIT_DAYS"),
            .init(
                "Reports count what was deleted for", kept(services.settings.running.retention.statistics),
                variable: "RETENTION_STATISTICS_DAYS"),
            .init("Tries of a page", "\(retry.attempts)"),
            .init("Body of a request", "\(Payload.Limits.body / 1024) KiB"),
            .init("Entries of a page of the API", "\(IncidentFilter.Limits.list)"),
            .init("Session", "\(length(Accounts.sessionLength)) after it was used last"),
            .init(
                "Code for a contact method",
                "\(length(Verification.Limits.lifetime)), \(Verification.Limits.tries) tries"),
        ]
    }
}

extension ProviderHealth {
    /// The status of a provider in a few words.
    var words: (Tone, String) {
        switch state {
        case .ok: lastSuccessAt == nil ? (.idle, "not used yet") : (.good, "sending")
        case .degraded: (.doubtful, "last try failed")
        case .failing: (.bad, "failing")
        }
    }
}

private func onOff(_ isOn: Bool) -> HTML { isOn ? "yes" : "no" }

/// `10`, `2.5`.
private func shortNumber(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
}
