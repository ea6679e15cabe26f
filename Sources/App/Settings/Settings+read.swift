internal import Database
internal import Domain
internal import Logging
internal import Providers

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
        logFormat = reader.choice("LOG_FORMAT", .text)
        logLevel = reader.choice("LOG_LEVEL", .info)
        readInfobip(&reader)
        readSMTP(&reader)
        if isProduction { checkProduction(&reader) }
        guard reader.faults.isEmpty else { throw SettingsFaults(faults: reader.faults) }
    }

    private mutating func readInfobip(_ reader: inout SettingsReader) {
        let address = reader.address("INFOBIP_BASE_URL")
        let key = reader.text("INFOBIP_API_KEY")
        let senders = ["INFOBIP_SMS_SENDER", "INFOBIP_WHATSAPP_SENDER", "INFOBIP_VOICE_SENDER"].map { reader.text($0) }
        receiptToken = reader.text("INFOBIP_RECEIPT_TOKEN").map { Secret($0) }
        guard address != nil || key != nil || senders.contains(where: { $0 != nil }) else { return }
        if reader.text("INFOBIP_BASE_URL") == nil { reader.fail("INFOBIP_BASE_URL", "set it, since Infobip is used") }
        if key == nil { reader.fail("INFOBIP_API_KEY", "set it, since Infobip is used") }
        if senders.allSatisfy({ $0 == nil }) {
            reader.fail("INFOBIP_SMS_SENDER", "set at least one of the SMS, WhatsApp and voice senders")
        }
        if isProduction, receiptToken == nil {
            reader.fail(
                "INFOBIP_RECEIPT_TOKEN", "set a long random text: it proves that delivery reports are Infobip's")
        }
        guard let address, let key else { return }
        if isProduction, !address.hasPrefix("https://"), !isLoopback(address) {
            reader.fail("INFOBIP_BASE_URL", "use https:// in production")
        }
        var limits = InfobipSettings.defaultLimits
        limits.perSecond = reader.rate("INFOBIP_RATE_PER_SECOND", limits.perSecond)
        limits.burst = reader.number("INFOBIP_BURST", limits.burst, in: 1...1000)
        let reports = receiptToken.map { Secret("\(baseURL)/api/v1/receipts/infobip?token=\($0.reveal())") }
        infobip = InfobipSettings(
            baseURL: address, apiKey: Secret(key), smsSender: senders[0], whatsAppSender: senders[1],
            whatsAppTemplate: reader.text("INFOBIP_WHATSAPP_TEMPLATE"), voiceSender: senders[2], reportURL: reports,
            limits: limits)
    }

    private mutating func readSMTP(_ reader: inout SettingsReader) {
        let host = reader.text("SMTP_HOST")
        let others = ["SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM", "SMTP_TLS"]
        guard let host else {
            if others.contains(where: { reader.text($0) != nil }) {
                reader.fail("SMTP_HOST", "set it, since e-mail is used")
            }
            return
        }
        let port = reader.number("SMTP_PORT", 587, in: 1...65535)
        let tls = reader.choice("SMTP_TLS", port == 465 ? CurlRequest.MailTLS.tls : .starttls)
        let user = reader.text("SMTP_USER")
        let password = reader.text("SMTP_PASSWORD")
        if user != nil && password == nil { reader.fail("SMTP_PASSWORD", "set it, since SMTP_USER is set") }
        if user == nil && password != nil { reader.fail("SMTP_USER", "set it, since SMTP_PASSWORD is set") }
        let from = reader.text("SMTP_FROM")
        if from.flatMap({ MailAddress($0) }) == nil {
            reader.fail("SMTP_FROM", "set the sender, like PagerPal <pager@example.com>")
        }
        if isProduction, tls == .none, user != nil, !isLoopback(host) {
            reader.fail("SMTP_TLS", "use starttls or tls: the password would travel in the clear")
        }
        var limits = SMTPSettings.defaultLimits
        limits.perSecond = reader.rate("SMTP_RATE_PER_SECOND", limits.perSecond)
        limits.burst = reader.number("SMTP_BURST", limits.burst, in: 1...1000)
        smtp = SMTPSettings(
            host: host, port: port, user: user, password: password.map { Secret($0) }, from: from ?? "", tls: tls,
            limits: limits)
    }

    /// Production does not start with what was fine for a first look.
    private func checkProduction(_ reader: inout SettingsReader) {
        switch secretKey?.reveal() {
        case nil:
            reader.fail(
                "SECRET_KEY", "set a random text of at least 32 bytes, like the output of: openssl rand -hex 32")
        case .some(let key) where key.utf8.count < 32: reader.fail("SECRET_KEY", "use at least 32 bytes")
        case .some(let key) where isPlaceholder(key):
            reader.fail("SECRET_KEY", "it is a placeholder; use a random text")
        case .some: break
        }
        for (variable, secret) in [
            ("INFOBIP_API_KEY", infobip?.apiKey), ("INFOBIP_RECEIPT_TOKEN", receiptToken),
            ("SMTP_PASSWORD", smtp?.password),
        ] {
            if let secret, isPlaceholder(secret.reveal()) {
                reader.fail(variable, "it is a placeholder; use the real one")
            }
        }
        if passwordCost < 14 { reader.fail("PASSWORD_COST", "use 14 or more: less is quickly guessed") }
        if reader.text("PAGERPAL_BASE_URL") == nil {
            reader.fail("PAGERPAL_BASE_URL", "set the public address: links in pages need it")
        }
        if baseURL.hasPrefix("https://") && !isSessionCookieSecure {
            reader.fail("SESSION_COOKIE_SECURE", "set it to true, since the base URL is https")
        }
    }
}

private func isPlaceholder(_ secret: String) -> Bool {
    let text = secret.lowercased()
    return ["change", "placeholder", "example", "secret", "replace", "your-", "xxxx", "dummy", "todo"].contains {
        text.hasPrefix($0) || text.contains("\($0)me") || text.contains("\($0)-me") || text.contains("\($0)_me")
    } || Set(text).count < 6
}

private func isLoopback(_ address: String) -> Bool {
    let host = address.replacing("http://", with: "").prefix { $0 != ":" && $0 != "/" }
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]"
}
