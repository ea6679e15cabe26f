internal import Actors
internal import Database
internal import Domain
internal import Logging
internal import Providers
internal import Store
internal import Transport

/// All settings, read once at the start and validated.
struct Settings: Sendable {
    enum LogFormat: String, CaseIterable { case text, json }

    var isProduction = false
    var host = "127.0.0.1"
    var port = 8000
    var database = DatabaseURL.sqlite(path: "data/pagerpal.db")
    /// Without a trailing slash.
    var baseURL = "http://127.0.0.1:8000"
    var allowedOrigins: [String] = ["*"]
    /// Nil in development, where it is generated and stored next to the database.
    var secretKey: Secret?
    /// The one before it, with which everything can still be read.
    var previousSecretKey: Secret?
    var isSessionCookieSecure = false
    /// scrypt's N as a power of two: 15 takes about 0.2 s and 32 MiB for each sign-in.
    var passwordCost = 15
    /// Users with this role or a higher one must have a second factor. Nil means that it is everyone's choice.
    var secondFactorFrom: Role?
    /// Whether users get a mail about a sign-in from a browser that is new to their account.
    var tellsNewBrowsers = true
    /// The country of telephone numbers in national form. Nil means that of each person's time zone.
    var defaultCountry: CountryCode?
    /// Addresses and networks of proxies whose `X-Forwarded-For` header is trusted.
    var trustedProxies: [AddressRange] = ["127.0.0.1", "::1"].compactMap { AddressRange($0) }
    var connectionLimits = ConnectionLimits()
    var isSendingEnabled = false
    var dispatches = true
    var escalates = true
    /// The settings of the configured providers.
    var providers: [any ProviderSetup] = []
    var receiptToken: Secret?
    /// The sign-in services of companies, in the order of their buttons.
    var companies: [IdentityProvider.Settings] = []
    /// Whether nobody signs in with a password, as long as there is such a service.
    var arePasswordsOff = false
    /// Sends requests to these services. Nil uses libcurl.
    var companySend: IdentityProvider.Send?
    /// The header in which a trusted proxy names who is signed in there.
    var proxyUserHeader: String?
    /// Names under which pages are shown, besides that of the base URL.
    var allowedHosts: [String] = []
    var metricsToken: Secret?
    var areMetricsOpen = false
    var leaseDuration: Duration = .seconds(5)
    /// After a message to a contact method, pages that come due within this time are bundled into the next message.
    var bundlingWindow: Duration = .seconds(10)
    /// How long finished things are kept.
    var retention = RetentionPolicy.usual
    /// How long an urgent page may wait for its provider before the person's next page is sent. Nil waits for ever.
    var patience: Duration? = Dispatcher.Settings.usualPatience
    var messagesPerHour: Int? = MessageBudget.usual
    /// Requests of one token to the API in a minute. Nil for no limit.
    var requestsPerMinute: Int? = 3_000
    /// An address elsewhere that is asked as long as all is well.
    var outboundHeartbeat: String?
    /// Another PagerPal elsewhere that this one watches.
    var twin: TwinWatch.Settings?
    var logLevel = Logger.Level.info
    var logFormat = LogFormat.text
    /// What is probably a mistake, but stops nothing.
    var warnings: [SettingsWarning] = []

    /// The settings of the dispatcher.
    var dispatch: Dispatcher.Settings {
        Dispatcher.Settings(
            isSendingEnabled: isSendingEnabled, bundlingWindow: bundlingWindow,
            patience: patience,
            // What is held back leaves as a bundle, so there is no budget without bundles.
            messagesPerHour: bundlingWindow == .zero ? nil : messagesPerHour, tellsOfTrouble: true)
    }

    /// Where the process itself reaches its server, for hints on the console.
    func localURL(port: Int) -> String {
        let host = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// What is set for Slack.
    var slack: SlackVendor? { providers.lazy.compactMap { $0 as? SlackVendor }.first }

    /// The channels that the providers serve.
    var channels: Set<Channel> { providers.reduce(into: []) { $0.formUnion($1.channels) } }
}

/// All faults of the settings together.
struct SettingsFaults: Error, CustomStringConvertible {
    /// The variable, and what to do about it.
    let faults: [(variable: String, advice: String)]

    var description: String {
        let lines = faults.map { "  \($0.variable): \($0.advice)" }
        return "PagerPal can't start with these settings:\n\(lines.joined(separator: "\n"))"
    }
}
