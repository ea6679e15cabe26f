internal import Actors
internal import Database
internal import Domain
internal import Logging
internal import Providers
internal import Store
internal import Transport

extension Settings {
    private enum Stage: String, CaseIterable { case development, production }

    /// - Throws: `SettingsFaults` with all faults together.
    init(_ environment: Environment) throws {
        var asked: Set<String> = []
        try self.init({ environment[$0] }, asked: &asked)
        warnings += environment.warnings(known: asked.union(Settings.variables))
    }

    /// Who must have a second factor: everybody with a role, and those with higher ones.
    private enum FactorRequirement: String, CaseIterable {
        case nobody, admin, manager, responder, everyone

        var role: Role? {
            switch self {
            case .nobody: nil
            case .admin: .admin
            case .manager: .manager
            case .responder: .responder
            case .everyone: .viewer
            }
        }
    }

    /// - Throws: `SettingsFaults` with all faults together.
    init(_ lookUp: @escaping (String) -> String?) throws {
        var asked: Set<String> = []
        try self.init(lookUp, asked: &asked)
    }

    /// All variables that PagerPal reads. Each provider reads its own ones if something is set, so everything is.
    static let variables: Set<String> = {
        var asked: Set<String> = []
        _ = try? Settings({ _ in "https://a.example" }, asked: &asked)
        return asked
    }()

    private init(_ lookUp: @escaping (String) -> String?, asked: inout Set<String>) throws {
        var reader = SettingsReader(lookUp)
        defer { asked = reader.asked }
        isProduction = reader.choice("ENVIRONMENT", Stage.development) == .production
        host = reader.host("PAGERPAL_HOST", "127.0.0.1")
        port = reader.port("PAGERPAL_PORT", 8000)
        if let text = reader.text("DATABASE_URL") {
            do { database = try DatabaseURL(text) } catch { reader.fail("DATABASE_URL", "\(error)") }
        }
        baseURL = reader.address("PAGERPAL_BASE_URL") ?? "http://127.0.0.1:\(port)"
        allowedOrigins = reader.origins("ALLOWED_ORIGINS") ?? (isProduction ? [] : ["*"])
        secretKey = reader.text("SECRET_KEY").map { Secret($0) }
        previousSecretKey = reader.text("SECRET_KEY_PREVIOUS").map { Secret($0) }
        if let previousSecretKey, previousSecretKey.reveal() == secretKey?.reveal() {
            reader.fail("SECRET_KEY_PREVIOUS", "it is SECRET_KEY itself; set the key from before, or nothing")
        }
        if previousSecretKey != nil, secretKey == nil {
            reader.fail("SECRET_KEY", "set the new key; SECRET_KEY_PREVIOUS is only read with")
        }
        isSessionCookieSecure = reader.flag("SESSION_COOKIE_SECURE", false)
        secondFactorFrom = reader.choice("SECOND_FACTOR_REQUIRED", FactorRequirement.nobody).role
        tellsNewBrowsers = reader.flag("SIGN_IN_NOTICES", true)
        if let text = reader.text("DEFAULT_COUNTRY_CODE") {
            defaultCountry = CountryCode(text)
            if defaultCountry == nil { reader.fail("DEFAULT_COUNTRY_CODE", "write a country calling code like 385") }
        }
        passwordCost = reader.number("PASSWORD_COST", 15, in: 10...20)
        if let proxies = reader.ranges("TRUSTED_PROXIES") { trustedProxies = proxies }
        proxyUserHeader = Settings.proxyUserHeader(&reader)
        isSendingEnabled = reader.flag("NOTIFICATION_SENDING_ENABLED", false)
        dispatches = reader.flag("NOTIFICATION_RETRY_WORKER_ENABLED", true)
        escalates = reader.flag("ESCALATION_WORKER_ENABLED", true)
        leaseDuration = .seconds(reader.number("SCHEDULER_LEASE_SECONDS", 5, in: 1...60))
        bundlingWindow = .seconds(reader.number("NOTIFICATION_BUNDLING_SECONDS", 10, in: 0...300))
        retention.incidents = reader.retention("RETENTION_INCIDENT_DAYS", 400)
        retention.audit = reader.retention("RETENTION_AUDIT_DAYS", 730)
        retention.statistics = reader.retention("RETENTION_STATISTICS_DAYS", 3650)
        let seconds = reader.number("NOTIFICATION_PATIENCE_SECONDS", 5, in: 0...300)
        patience = seconds == 0 ? nil : .seconds(seconds)
        let budget = reader.number(
            "NOTIFICATION_BUDGET_PER_HOUR", MessageBudget.usual, in: 0...MessageBudget.range.upperBound)
        messagesPerHour = budget == 0 ? nil : budget
        let requests = reader.number("API_REQUESTS_PER_MINUTE", 3_000, in: 0...1_000_000)
        requestsPerMinute = requests == 0 ? nil : requests
        outboundHeartbeat = reader.address("OUTBOUND_HEARTBEAT_URL")
        twin = Settings.twin(&reader, isProduction: isProduction, baseURL: baseURL)
        logFormat = reader.choice("LOG_FORMAT", .text)
        logLevel = reader.choice("LOG_LEVEL", .info)
        companies = Settings.companies(&reader)
        arePasswordsOff = reader.flag("OIDC_ONLY", false)
        allowedHosts = (reader.text("ALLOWED_HOSTS") ?? "").split(separator: ",").compactMap {
            hostName($0.trimmingBlanks())
        }
        metricsToken = reader.text("METRICS_TOKEN").map { Secret($0) }
        areMetricsOpen = reader.flag("METRICS_OPEN", false)
        receiptToken = reader.text("INFOBIP_RECEIPT_TOKEN").map { Secret($0) }
        let surroundings = ProviderSurroundings(
            isProduction: isProduction, baseURL: baseURL,
            signingKeys: secretKey.map { SecretKeys($0, previous: previousSecretKey) })
        providers = []
        for setup in providerSetups {
            if let settings = setup.init(&reader, surroundings) { providers.append(settings) }
        }
        if isProduction { checkProduction(&reader) }
        warnings = reader.warnings
        guard reader.faults.isEmpty else { throw SettingsFaults(faults: reader.faults) }
    }

    /// Refuses settings in production that are acceptable only for evaluation.
    private func checkProduction(_ reader: inout SettingsReader) {
        switch secretKey?.reveal() {
        case nil:
            reader.fail(
                "SECRET_KEY", "set a random text of at least 32 bytes, such as the output of: openssl rand -hex 32")
        case .some(let key) where key.utf8.count < 32: reader.fail("SECRET_KEY", "use at least 32 bytes")
        case .some(let key) where isPlaceholder(key):
            reader.fail("SECRET_KEY", "it is a placeholder; use a random text")
        case .some: break
        }
        var secrets = providers.flatMap(\.credentials)
        if let receiptToken { secrets.append(("INFOBIP_RECEIPT_TOKEN", receiptToken)) }
        if let twin { secrets.append(("TWIN_TOKEN", twin.token)) }
        if let metricsToken { secrets.append(("METRICS_TOKEN", metricsToken)) }
        secrets += companies.map { ($0.variable("OIDC_CLIENT_SECRET"), $0.secret) }
            .filter { !$0.1.reveal().isEmpty }
        for (variable, secret) in secrets where isPlaceholder(secret.reveal()) {
            reader.fail(variable, "it is a placeholder; use the real one")
        }
        if passwordCost < 14 { reader.fail("PASSWORD_COST", "use 14 or more: lower values are too quick to guess") }
        if reader.text("PAGERPAL_BASE_URL") == nil {
            reader.fail("PAGERPAL_BASE_URL", "set the public URL: links in pages need it")
        }
        if baseURL.hasPrefix("http://"), !isLoopback(baseURL) {
            reader.fail("PAGERPAL_BASE_URL", "use https:// in production, with TLS in a proxy; see docs/deployment.md")
        }
        if baseURL.hasPrefix("https://") && !isSessionCookieSecure {
            reader.fail("SESSION_COOKIE_SECURE", "set it to true, because the base URL uses https")
        }
        if allowedOrigins.contains("*") {
            reader.fail("ALLOWED_ORIGINS", "name the origins instead of *, or leave it empty")
        }
        if database == .sqlite(path: ":memory:") {
            reader.fail("DATABASE_URL", "use a file or PostgreSQL: a database in memory is lost at every restart")
        }
        for variable in ["PAGERPAL_BASE_URL", "SMTP_FROM", "SMTP_HOST", "ALLOWED_ORIGINS"] {
            if let text = reader.text(variable), text.contains(/(^|[.@\/])example\.(com|org|net)/) {
                reader.warn(variable, "it is an example address; set your own")
            }
        }
    }
}

extension SettingsReader {
    /// Days for which something is kept. 0 keeps it for ever, which is nil.
    fileprivate mutating func retention(_ variable: String, _ standard: Int) -> Duration? {
        let days = number(variable, standard, in: 0...36_500)
        // A resolved incident can be reopened for up to 30 days.
        if (1...30).contains(days) { fail(variable, "use 31 days or more, or 0 to keep everything") }
        return days == 0 ? nil : .days(days)
    }
}

private func isPlaceholder(_ secret: String) -> Bool {
    let text = secret.lowercased()
    return ["change", "placeholder", "example", "secret", "replace", "your-", "xxxx", "dummy", "todo"].contains {
        text.hasPrefix($0) || text.contains("\($0)me") || text.contains("\($0)-me") || text.contains("\($0)_me")
    } || Set(text).count < 6
}
