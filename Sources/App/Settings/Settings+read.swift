internal import Database
internal import Domain
internal import Logging
internal import Providers
internal import Store

extension Settings {
    private enum Environment: String, CaseIterable { case development, production }

    /// - Throws: `SettingsFaults` with all faults together.
    init(_ lookUp: @escaping (String) -> String?) throws {
        var reader = SettingsReader(lookUp)
        isProduction = reader.choice("ENVIRONMENT", Environment.development) == .production
        host = reader.text("PAGERPAL_HOST") ?? "127.0.0.1"
        port = reader.number("PAGERPAL_PORT", 8000, in: 0...65535)
        if let text = reader.text("DATABASE_URL") {
            do { database = try DatabaseURL(text) } catch { reader.fail("DATABASE_URL", "\(error)") }
        }
        baseURL = reader.address("PAGERPAL_BASE_URL") ?? "http://127.0.0.1:\(port)"
        let origins = reader.text("ALLOWED_ORIGINS")?.split(separator: ",").map { $0.trimmingBlanks() }
        allowedOrigins = origins ?? (isProduction ? [] : ["*"])
        secretKey = reader.text("SECRET_KEY").map { Secret($0) }
        isSessionCookieSecure = reader.flag("SESSION_COOKIE_SECURE", false)
        passwordCost = reader.number("PASSWORD_COST", 15, in: 10...20)
        if let proxies = reader.text("TRUSTED_PROXIES") {
            trustedProxies = Set(proxies.split(separator: ",").map { $0.trimmingBlanks() })
        }
        isSendingEnabled = reader.flag("NOTIFICATION_SENDING_ENABLED", false)
        dispatches = reader.flag("NOTIFICATION_RETRY_WORKER_ENABLED", true)
        escalates = reader.flag("ESCALATION_WORKER_ENABLED", true)
        leaseDuration = .seconds(reader.number("SCHEDULER_LEASE_SECONDS", 5, in: 1...60))
        bundlingWindow = .seconds(reader.number("NOTIFICATION_BUNDLING_SECONDS", 10, in: 0...300))
        retention.incidents = reader.retention("RETENTION_INCIDENT_DAYS", 400)
        retention.audit = reader.retention("RETENTION_AUDIT_DAYS", 730)
        logFormat = reader.choice("LOG_FORMAT", .text)
        logLevel = reader.choice("LOG_LEVEL", .info)
        receiptToken = reader.text("INFOBIP_RECEIPT_TOKEN").map { Secret($0) }
        let surroundings = ProviderSurroundings(isProduction: isProduction, baseURL: baseURL)
        providers = []
        for setup in providerSetups {
            if let settings = setup.init(&reader, surroundings) { providers.append(settings) }
        }
        if isProduction { checkProduction(&reader) }
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
        for (variable, secret) in secrets where isPlaceholder(secret.reveal()) {
            reader.fail(variable, "it is a placeholder; use the real one")
        }
        if passwordCost < 14 { reader.fail("PASSWORD_COST", "use 14 or more: lower values are too quick to guess") }
        if reader.text("PAGERPAL_BASE_URL") == nil {
            reader.fail("PAGERPAL_BASE_URL", "set the public URL: links in pages need it")
        }
        if baseURL.hasPrefix("https://") && !isSessionCookieSecure {
            reader.fail("SESSION_COOKIE_SECURE", "set it to true, because the base URL uses https")
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
