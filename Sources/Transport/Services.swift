package import Actors
package import Domain
package import Providers
package import Store

/// The services that routes use. Routes read through the store and write through the actors.
package final class Services: Sendable {
    package let store: Store
    package let directory: IncidentDirectory
    package let ingest: Ingest
    package let ingestServices: IngestServices
    package let configuration: ConfigurationCache
    package let configurator: Configurator
    package let pages: PageQueue
    package let drills: DrillDesk
    package let replies: ReplyDesk
    package let buttons: ButtonDesk
    package let slackAnswers: SlackAnswers
    package let verification: Verification
    package let channelVerification: ChannelVerification
    package let providers: [any Provider]
    package let links: AcknowledgementLinks
    /// The sign-in services of companies.
    package let companies: IdentityProviders
    package let accounts: Accounts
    package let requestTokens: RequestTokens
    package let dutyHealth: DutyHealth
    /// Nil in tests that set all clocks manually.
    package let clock: DatabaseClock?
    package let eventBus: EventBus
    package let keys: KeyGenerator
    package let time: TimeSource
    /// Encrypts what is stored and has to be read again.
    package let seal: SecretSeal
    package let rateLimits: RateLimits
    package let settings: Settings

    package init(
        engine: Engine, ingestServices: IngestServices, links: AcknowledgementLinks, companies: IdentityProviders,
        accounts: Accounts, requestTokens: RequestTokens, keys: KeyGenerator, seal: SecretSeal,
        rateLimits: RateLimits, settings: Settings
    ) {
        store = engine.store
        directory = engine.directory
        ingest = engine.ingest
        self.ingestServices = ingestServices
        configuration = engine.configuration
        configurator = engine.configurator
        pages = engine.pages
        drills = engine.drills
        replies = engine.replies
        buttons = engine.buttons
        slackAnswers = engine.slackAnswers
        verification = engine.verification
        channelVerification = engine.channelVerification
        providers = engine.providers
        self.links = links
        self.companies = companies
        self.accounts = accounts
        self.requestTokens = requestTokens
        dutyHealth = engine.dutyHealth
        clock = engine.clock
        eventBus = engine.eventBus
        self.keys = keys
        time = engine.time
        self.seal = seal
        self.rateLimits = rateLimits
        self.settings = settings
    }

    /// Describes clocks that differ and rows that can't be read.
    package var problems: [String] {
        let damaged = store.damagedRows.all
        let rows =
            damaged.isEmpty
            ? []
            : [
                "\(damaged.count) rows can't be read and are ignored, the first one in \(damaged[0].table). "
                    + "See /settings and the log."
            ]
        return (clock?.problems ?? []) + rows + [settings.running.diskProblem()].compactMap(\.self)
    }

    /// The settings that routes need.
    package struct Settings: Sendable {
        /// Without a trailing slash.
        package var baseURL: String
        package var version: String
        /// Identifies this process in `/api/v1/status`.
        package var holder: String
        package var receiptToken: Secret?
        /// Proves that calls come from Slack. Nil if its buttons are not set up.
        package var slackSigningSecret: Secret?
        package var isSendingEnabled: Bool
        /// Empty for none, `*` for any.
        package var allowedOrigins: [String]
        /// Whether cookies are sent over HTTPS only.
        package var isCookieSecure: Bool
        /// Addresses of proxies whose `X-Forwarded-For` header is trusted.
        package var trustedProxies: [AddressRange]
        /// Users with this role or a higher one must have a second factor.
        package var secondFactorFrom: Role?
        /// How telephone numbers in national form are understood.
        package var numbers: NationalNumbers
        /// The lower-case names under which pages are shown.
        package var hosts: Set<String>
        /// Opens /metrics to programs on other hosts.
        package var metricsToken: Secret?
        /// Whether everybody may read /metrics.
        package var areMetricsOpen: Bool
        /// The header in which a trusted proxy names who is signed in there.
        package var proxyUserHeader: String?
        /// Further values for /settings.
        package var running: Running

        package init(
            baseURL: String, version: String, holder: String, receiptToken: Secret?,
            slackSigningSecret: Secret? = nil, isSendingEnabled: Bool,
            allowedOrigins: [String] = [], isCookieSecure: Bool = false, trustedProxies: [AddressRange] = [],
            secondFactorFrom: Role? = nil, numbers: NationalNumbers = NationalNumbers(), hosts: Set<String> = [],
            metricsToken: Secret? = nil, areMetricsOpen: Bool = false,
            proxyUserHeader: String? = nil, running: Running
        ) {
            self.baseURL = baseURL
            self.version = version
            self.holder = holder
            self.receiptToken = receiptToken
            self.slackSigningSecret = slackSigningSecret
            self.isSendingEnabled = isSendingEnabled
            self.allowedOrigins = allowedOrigins
            self.isCookieSecure = isCookieSecure
            self.trustedProxies = trustedProxies
            self.secondFactorFrom = secondFactorFrom
            self.numbers = numbers
            self.hosts = hosts
            self.metricsToken = metricsToken
            self.areMetricsOpen = areMetricsOpen
            self.proxyUserHeader = proxyUserHeader
            self.running = running
        }

        /// Whether a user must have a second factor.
        package func needsFactor(_ user: User) -> Bool { secondFactorFrom.map { user.role >= $0 } ?? false }

        /// Whether an address is that of a trusted proxy. A Unix socket is one of this host.
        package func isTrustedProxy(_ address: String) -> Bool {
            address == "unix" || trustedProxies.contains { $0.contains(address) }
        }
    }

    /// How this process was started, without secrets.
    package struct Running: Sendable {
        package var isProduction: Bool
        /// The database URL without its password.
        package var database: String
        package var leaseDuration: Duration
        package var escalates: Bool
        package var dispatches: Bool
        package var bundlingWindow: Duration
        package var retention: RetentionPolicy
        /// The address of another PagerPal that this one watches.
        package var twin: String?
        /// Says that the database's disk is nearly full.
        package var diskProblem: @Sendable () -> String?

        package init(
            isProduction: Bool, database: String, leaseDuration: Duration, escalates: Bool, dispatches: Bool,
            bundlingWindow: Duration, retention: RetentionPolicy, twin: String? = nil,
            diskProblem: @escaping @Sendable () -> String? = { nil }
        ) {
            self.isProduction = isProduction
            self.database = database
            self.leaseDuration = leaseDuration
            self.escalates = escalates
            self.dispatches = dispatches
            self.bundlingWindow = bundlingWindow
            self.diskProblem = diskProblem
            self.retention = retention
            self.twin = twin
        }
    }
}
