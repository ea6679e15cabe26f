import Actors
import Domain
import Providers
import Store
import Testing

@testable import App

@Suite struct SettingsTests {
    func read(_ variables: [String: String]) throws -> Settings { try Settings { variables[$0] } }

    func faults(_ variables: [String: String]) -> Set<String> {
        do {
            _ = try read(variables)
            return []
        } catch let error as SettingsFaults {
            return Set(error.faults.map(\.variable))
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `a twin is another PagerPal, over http only on this host or a private network in development`() throws {
        let twin = try #require(
            try read(["TWIN_URL": "https://b.example.com/pager/", "TWIN_TOKEN": "pgp_a", "TWIN_TEAM": "Ops"]).twin)
        #expect(twin.url == "https://b.example.com/pager" && twin.token.reveal() == "pgp_a" && twin.team == "Ops")
        #expect(twin.interval == .seconds(30) && twin.certificates == nil)
        #expect(faults(["TWIN_CA_FILE": "/etc/hostname"]) == ["TWIN_URL"])
        let production = ["ENVIRONMENT": "production", "TWIN_TOKEN": "pgp_a"]
        for (url, inDevelopment, inProduction) in [
            ("http://127.0.0.1:9000", true, true), ("http://10.1.2.3", true, false),
            ("http://[fd00::1]:80", true, false),
            ("http://8.8.8.8", false, false), ("http://pager.internal", false, false), ("https://10.1.2.3", true, true),
        ] {
            #expect(faults(["TWIN_URL": url, "TWIN_TOKEN": "pgp_a"]).isEmpty == inDevelopment, "\(url)")
            #expect(
                !faults(production.merging(["TWIN_URL": url]) { $1 }).contains("TWIN_URL") == inProduction, "\(url)")
        }
        #expect(
            faults(production.merging(["TWIN_URL": "https://b", "TWIN_TOKEN": "changeme"]) { $1 }).contains(
                "TWIN_TOKEN"))
    }

    @Test func `no settings at all make a valid development environment`() throws {
        let settings = try read([:])
        #expect(settings.port == 8000)
        #expect(settings.baseURL == "http://127.0.0.1:8000")
        #expect(settings.isSendingEnabled == false)
        #expect(settings.defaultCountry == nil)
        #expect(try read(["DEFAULT_COUNTRY_CODE": "+385"]).defaultCountry?.digits == "385")
        #expect(settings.leaseDuration == .seconds(5))
        #expect(settings.retention == RetentionPolicy.usual)
        #expect(RetentionPolicy.usual.incidents == .days(400) && RetentionPolicy.usual.audit == .days(730))
        #expect(RetentionPolicy.usual.statistics == .days(3650))
        #expect(try read(["RETENTION_INCIDENT_DAYS": "0"]).retention.incidents == nil)
        #expect(settings.channels == [.webhook, .slack, .teams, .discord])
    }

    @Test(arguments: [
        (["PAGERPAL_PORT": "80000"], ["PAGERPAL_PORT"]), (["ENVIRONMENT": "staging"], ["ENVIRONMENT"]),
        (["DEFAULT_COUNTRY_CODE": "hr"], ["DEFAULT_COUNTRY_CODE"]),
        (["DATABASE_URL": "mysql://x"], ["DATABASE_URL"]),
        (["NOTIFICATION_SENDING_ENABLED": "maybe"], ["NOTIFICATION_SENDING_ENABLED"]),
        (["TWIN_URL": "https://b.example.com"], ["TWIN_TOKEN"]), (["TWIN_TOKEN": "pgp_a"], ["TWIN_URL"]),
        (["TWIN_TEAM": "Operations"], ["TWIN_URL"]),
        (
            [
                "TWIN_URL": "http://b.example.com", "TWIN_TOKEN": "pgp_a\r\nX: y", "TWIN_INTERVAL_SECONDS": "0",
            ], ["TWIN_URL", "TWIN_TOKEN", "TWIN_INTERVAL_SECONDS"]
        ),
        (["TWIN_URL": "https://a:b@b.example.com", "TWIN_TOKEN": "pgp_a"], ["TWIN_URL"]),
        (["TWIN_URL": "http://127.0.0.1:8000/", "TWIN_TOKEN": "pgp_a"], ["TWIN_URL"]),
        (["SMTP_FROM": "a@b.c"], ["SMTP_HOST"]), (["SMTP_HOST": "mail"], ["SMTP_FROM"]),
        (["SMTP_HOST": "mail", "SMTP_FROM": "a@b.c", "SMTP_USER": "u"], ["SMTP_PASSWORD"]),
        (
            [
                "SMTP_HOST": "mail", "SMTP_FROM": "a@b.c", "SMTP_REPLY_TO": "a@b@c", "SMTP_EHLO_NAME": "a b",
                "SMTP_CA_FILE": "/nowhere/ca.pem", "TWIN_URL": "https://b", "TWIN_TOKEN": "pgp_a",
                "TWIN_CA_FILE": "/nowhere/ca.pem",
            ], ["SMTP_REPLY_TO", "SMTP_EHLO_NAME", "SMTP_CA_FILE", "TWIN_CA_FILE"]
        ),
        (["SLACK_SIGNING_SECRET": "8f742231b10e8888"], ["SLACK_BOT_TOKEN"]),
        (["SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "xoxb-1"], ["SLACK_SIGNING_SECRET"]),
        (["INFOBIP_API_KEY": "k"], ["INFOBIP_BASE_URL", "INFOBIP_SMS_SENDER"]),
        (["SCHEDULER_LEASE_SECONDS": "0", "LOG_LEVEL": "loud"], ["SCHEDULER_LEASE_SECONDS", "LOG_LEVEL"]),
        (["PAGERPAL_BASE_URL": "pager.example.com"], ["PAGERPAL_BASE_URL"]),
        (["PAGERPAL_BASE_URL": "http://::1:8000"], ["PAGERPAL_BASE_URL"]),
        (["PAGERPAL_BASE_URL": "https://p.example.com:99999"], ["PAGERPAL_BASE_URL"]),
        (["PAGERPAL_BASE_URL": "https://p.example.com?a=b"], ["PAGERPAL_BASE_URL"]),
        (["PAGERPAL_HOST": "http://127.0.0.1"], ["PAGERPAL_HOST"]),
        (["PAGERPAL_HOST": "127.0.0.1:80"], ["PAGERPAL_HOST"]),
        (["PAGERPAL_HOST": "a b"], ["PAGERPAL_HOST"]), (["PAGERPAL_PORT": "http://x"], ["PAGERPAL_PORT"]),
        (["ALLOWED_ORIGINS": "status.example.com"], ["ALLOWED_ORIGINS"]),
        (["ALLOWED_ORIGINS": "https://a.example.com/, https://b.example.com"], ["ALLOWED_ORIGINS"]),
        (["SMTP_HOST": "m", "SMTP_FROM": "a@b.c", "SMTP_RATE_PER_SECOND": "nan"], ["SMTP_RATE_PER_SECOND"]),
        (["SMTP_HOST": "m", "SMTP_FROM": "a@b.c", "SMTP_RATE_PER_SECOND": "1e-300"], ["SMTP_RATE_PER_SECOND"]),
        (["SMTP_HOST": "m", "SMTP_FROM": "a@b.c", "SMTP_RATE_PER_SECOND": "0x10"], ["SMTP_RATE_PER_SECOND"]),
        (
            ["RETENTION_INCIDENT_DAYS": "30", "RETENTION_AUDIT_DAYS": "-1", "RETENTION_STATISTICS_DAYS": "ten years"],
            ["RETENTION_INCIDENT_DAYS", "RETENTION_AUDIT_DAYS", "RETENTION_STATISTICS_DAYS"]
        ),
    ])
    func `all faults are reported at once, each with its variable`(variables: [String: String], expected: [String]) {
        #expect(faults(variables) == Set(expected))
    }

    @Test func `production refuses development defaults`() {
        let weak = [
            "ENVIRONMENT": "production", "SECRET_KEY": "changeme-changeme-changeme-changeme",
            "PAGERPAL_BASE_URL": "https://p.example.com",
            "INFOBIP_BASE_URL": "http://x.example.com", "INFOBIP_API_KEY": "your-key-here",
            "INFOBIP_SMS_SENDER": "Pager",
        ]
        #expect(
            faults(weak) == [
                "SECRET_KEY", "SESSION_COOKIE_SECURE", "INFOBIP_RECEIPT_TOKEN", "INFOBIP_BASE_URL", "INFOBIP_API_KEY",
            ])
        #expect(faults(["ENVIRONMENT": "production"]) == ["SECRET_KEY", "PAGERPAL_BASE_URL"])
        let others = [
            "METRICS_TOKEN": "changeme", "OIDC_ISSUER": "https://id.example.com", "OIDC_CLIENT_ID": "pagerpal",
            "OIDC_CLIENT_SECRET": "replace-me-please", "OIDC_PROVIDERS": "corp", "OIDC_EMAIL_DOMAINS": "example.com",
            "OIDC_CORP_ISSUER": "https://corp.example.com", "OIDC_CORP_CLIENT_ID": "pagerpal",
            "OIDC_CORP_CLIENT_SECRET": "your-secret", "OIDC_CORP_EMAIL_DOMAINS": "corp.example.com",
        ]
        #expect(
            faults(weak.merging(others) { $1 }).isSuperset(
                of: ["METRICS_TOKEN", "OIDC_CLIENT_SECRET", "OIDC_CORP_CLIENT_SECRET"]))
        let good = [
            "ENVIRONMENT": "production", "SECRET_KEY": "9f2c4e8b1d7a6035f4e8c2b9a7d1603f",
            "PAGERPAL_BASE_URL": "https://p.example.com",
            "SESSION_COOKIE_SECURE": "true",
        ]
        #expect(faults(good) == [])
    }

    @Test func `addresses are accepted as people write them`() throws {
        #expect(try read(["PAGERPAL_HOST": "::1"]).host == "::1")
        #expect(try read(["PAGERPAL_HOST": "[::]"]).host == "::")
        #expect(try read(["PAGERPAL_HOST": "[::]"]).localURL(port: 80) == "http://[::1]:80")
        #expect(try read(["PAGERPAL_HOST": "0.0.0.0"]).localURL(port: 80) == "http://127.0.0.1:80")
        #expect(try read(["PAGERPAL_BASE_URL": "http://[::1]:8000/"]).baseURL == "http://[::1]:8000")
        let origins = try read(["ALLOWED_ORIGINS": "https://a.example.com, http://localhost:3000"]).allowedOrigins
        #expect(origins == ["https://a.example.com", "http://localhost:3000"])
    }

    @Test func `the variable that Kubernetes sets for a Service is not used as the port`() throws {
        let settings = try read(["PAGERPAL_PORT": "tcp://10.0.0.1:8000"])
        #expect(settings.port == 8000)
        #expect(settings.warnings.map(\.variable) == ["PAGERPAL_PORT"])
    }

    @Test(arguments: [
        ("ALLOWED_ORIGINS", "*"), ("DATABASE_URL", "sqlite::memory:"), ("PAGERPAL_BASE_URL", "http://p.example.com"),
        ("SECRET_KEY", "short"), ("SESSION_COOKIE_SECURE", "false"), ("PASSWORD_COST", "10"),
    ])
    func `production refuses each weak setting`(variable: String, value: String) {
        let good = [
            "ENVIRONMENT": "production", "SECRET_KEY": "9f2c4e8b1d7a6035f4e8c2b9a7d1603f",
            "PAGERPAL_BASE_URL": "https://p.example.com", "SESSION_COOKIE_SECURE": "true",
        ]
        #expect(faults(good) == [])
        #expect(faults(good.merging([variable: value]) { $1 }) == [variable])
    }

    @Test func `example addresses in production are reported`() throws {
        let settings = try read([
            "ENVIRONMENT": "production", "SECRET_KEY": "9f2c4e8b1d7a6035f4e8c2b9a7d1603f",
            "PAGERPAL_BASE_URL": "https://pager.example.com", "SESSION_COOKIE_SECURE": "true",
            "SMTP_HOST": "mail.acme.test", "SMTP_FROM": "PagerPal <pager@example.com>",
        ])
        #expect(settings.warnings.map(\.variable) == ["PAGERPAL_BASE_URL", "SMTP_FROM"])
    }

    func mail(_ variables: [String: String]) throws -> SMTPSettings? {
        try read(variables).providers.compactMap { $0 as? SMTPSettings }.first
    }

    @Test func `mail on port 465 uses TLS from the start`() throws {
        let base = ["SMTP_HOST": "mail", "SMTP_FROM": "PagerPal <p@example.com>"]
        #expect(try mail(base)?.tls == .starttls)
        #expect(try mail(base.merging(["SMTP_PORT": "465"]) { $1 })?.tls == .tls)
        #expect(faults(base.merging(["SMTP_TLS": "maybe"]) { $1 }) == ["SMTP_TLS"])
    }

    @Test func `identifiers are UUIDs of version 7 that sort by time`() {
        let identifiers = Identifiers.uuids(time: .system)
        let ids = (0..<10_000).map { _ in identifiers.next(Incident.self).rawValue }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.count == 36 && Array($0)[14] == "7" && "89ab".contains(Array($0)[19]) })
    }
}
