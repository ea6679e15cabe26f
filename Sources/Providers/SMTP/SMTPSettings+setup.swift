package import Domain

extension SMTPSettings: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let others = [
            "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM", "SMTP_TLS", "SMTP_REPLY_TO", "SMTP_EHLO_NAME",
            "SMTP_CA_FILE", "SMTP_OAUTH_TOKEN_URL", "SMTP_OAUTH_CLIENT_ID", "SMTP_OAUTH_CLIENT_SECRET",
            "SMTP_OAUTH_REFRESH_TOKEN", "SMTP_OAUTH_SCOPE",
        ]
        guard let host = reader.text("SMTP_HOST") else {
            if others.contains(where: { reader.text($0) != nil }) {
                reader.fail("SMTP_HOST", "set it to send e-mail")
            }
            return nil
        }
        let port = reader.number("SMTP_PORT", 587, in: 1...65535)
        let tls = reader.choice("SMTP_TLS", port == 465 ? CurlRequest.MailTLS.tls : .starttls)
        let user = reader.text("SMTP_USER")
        let password = reader.text("SMTP_PASSWORD")
        let oauth = OAuthSettings(&reader, surroundings)
        if oauth != nil && user == nil { reader.fail("SMTP_USER", "set it to the mailbox that sends") }
        if oauth != nil && password != nil {
            reader.fail("SMTP_PASSWORD", "leave it out, since a token takes its place")
        }
        if oauth != nil && tls == .none { reader.fail("SMTP_TLS", "use starttls or tls, since a token is a secret") }
        if user != nil && password == nil && oauth == nil {
            reader.fail("SMTP_PASSWORD", "set it, since SMTP_USER is set")
        }
        if user == nil && password != nil { reader.fail("SMTP_USER", "set it, since SMTP_PASSWORD is set") }
        let from = reader.text("SMTP_FROM")
        if from.flatMap({ MailAddress($0) }) == nil {
            reader.fail("SMTP_FROM", "set the sender, such as PagerPal <pager@example.com>")
        }
        if surroundings.isProduction, tls == .none, user != nil, !isLoopback(host) {
            reader.fail("SMTP_TLS", "use starttls or tls: otherwise the password is sent unencrypted")
        }
        let replyTo = reader.text("SMTP_REPLY_TO")
        if let replyTo, MailAddress(replyTo) == nil {
            reader.fail("SMTP_REPLY_TO", "use one mail address, such as ops@example.com")
        }
        let ehloName = reader.text("SMTP_EHLO_NAME")
        if let ehloName, ehloName.wholeMatch(of: /[A-Za-z0-9.-]{1,255}/) == nil {
            reader.fail("SMTP_EHLO_NAME", "use this host's name, such as pager.example.com")
        }
        let certificates = reader.certificates("SMTP_CA_FILE")
        var limits = SMTPSettings.defaultLimits
        limits.perSecond = reader.rate("SMTP_RATE_PER_SECOND", limits.perSecond)
        limits.burst = reader.number("SMTP_BURST", limits.burst, in: 1...1000)
        self.init(
            host: host, port: port, user: user, password: password.map { Secret($0) }, from: from ?? "", tls: tls,
            limits: limits, certificates: certificates, replyTo: replyTo, ehloName: ehloName, oauth: oauth)
    }

    package var channels: Set<Channel> { [.email] }
    package var credentials: [(variable: String, secret: Secret)] {
        [
            ("SMTP_PASSWORD", password), ("SMTP_OAUTH_CLIENT_SECRET", oauth?.clientSecret),
            ("SMTP_OAUTH_REFRESH_TOKEN", oauth?.refreshToken),
        ].compactMap { variable, secret in secret.map { (variable: variable, secret: $0) } }
    }

    package func makeProvider(for channel: Channel, time: TimeSource) -> any Provider {
        SMTPProvider(settings: self, time: time)
    }
}

extension OAuthSettings {
    /// Nil if nothing is set.
    init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let url = reader.vendorAddress("SMTP_OAUTH_TOKEN_URL", surroundings)
        let (client, secret) = (reader.text("SMTP_OAUTH_CLIENT_ID"), reader.text("SMTP_OAUTH_CLIENT_SECRET"))
        let (refresh, scope) = (reader.text("SMTP_OAUTH_REFRESH_TOKEN"), reader.text("SMTP_OAUTH_SCOPE"))
        guard let url else {
            if client != nil || secret != nil || refresh != nil || scope != nil {
                reader.fail("SMTP_OAUTH_TOKEN_URL", "set it to where access tokens are given out")
            }
            return nil
        }
        guard let client else {
            reader.fail("SMTP_OAUTH_CLIENT_ID", "set it to the application's id")
            return nil
        }
        if secret == nil && refresh == nil {
            reader.fail("SMTP_OAUTH_CLIENT_SECRET", "set it, or SMTP_OAUTH_REFRESH_TOKEN")
        }
        self.init(
            tokenURL: url, clientID: client, clientSecret: secret.map { Secret($0) },
            refreshToken: refresh.map { Secret($0) }, scope: scope)
    }
}
