package import Actors
package import Domain
package import Providers
package import Store

/// What the routes work with. They read through the store and write through the actors.
package struct Services: Sendable {
    package var store: Store
    package var directory: IncidentDirectory
    package var ingest: Ingest
    package var ingestServices: IngestServices
    package var configuration: ConfigurationCache
    package var configurator: Configurator
    package var pages: PageQueue
    package var verification: Verification
    package var providers: [any Provider]
    package var links: AcknowledgementLinks
    package var accounts: Accounts
    package var requestTokens: RequestTokens
    package var dutyHealth: DutyHealth
    /// Nil where a test moves all clocks by hand.
    package var clock: DatabaseClock?
    package var eventBus: EventBus
    package var keys: KeyGenerator
    package var time: TimeSource
    package var settings: Settings

    package init(
        store: Store, directory: IncidentDirectory, ingest: Ingest, ingestServices: IngestServices,
        configuration: ConfigurationCache,
        configurator: Configurator, pages: PageQueue, verification: Verification, providers: [any Provider],
        links: AcknowledgementLinks, accounts: Accounts, requestTokens: RequestTokens,
        dutyHealth: DutyHealth, clock: DatabaseClock?, eventBus: EventBus, keys: KeyGenerator, time: TimeSource,
        settings: Settings
    ) {
        self.store = store
        self.directory = directory
        self.ingest = ingest
        self.ingestServices = ingestServices
        self.configuration = configuration
        self.configurator = configurator
        self.pages = pages
        self.verification = verification
        self.providers = providers
        self.links = links
        self.accounts = accounts
        self.requestTokens = requestTokens
        self.dutyHealth = dutyHealth
        self.clock = clock
        self.eventBus = eventBus
        self.keys = keys
        self.time = time
        self.settings = settings
    }

    /// Clocks that differ and rows that can't be read, in words.
    package var problems: [String] {
        let damaged = store.damagedRows.all
        let rows =
            damaged.isEmpty
            ? []
            : [
                "\(damaged.count) rows can't be read and are left out, the first in \(damaged[0].table). "
                    + "See /settings and the log."
            ]
        return (clock?.problems ?? []) + rows
    }

    /// What the routes need of the settings.
    package struct Settings: Sendable {
        /// Without a slash at the end.
        package var baseURL: String
        package var version: String
        /// Names this process in `/api/v1/status`.
        package var holder: String
        package var receiptToken: Secret?
        package var isSendingEnabled: Bool
        /// Empty: none; `*`: any.
        package var allowedOrigins: [String]
        /// Whether cookies travel over https only.
        package var isCookieSecure: Bool
        /// Addresses of proxies whose `X-Forwarded-For` is believed.
        package var trustedProxies: Set<String>
        /// What /settings shows besides.
        package var running: Running

        package init(
            baseURL: String, version: String, holder: String, receiptToken: Secret?, isSendingEnabled: Bool,
            allowedOrigins: [String] = [], isCookieSecure: Bool = false, trustedProxies: Set<String> = [],
            running: Running
        ) {
            self.baseURL = baseURL
            self.version = version
            self.holder = holder
            self.receiptToken = receiptToken
            self.isSendingEnabled = isSendingEnabled
            self.allowedOrigins = allowedOrigins
            self.isCookieSecure = isCookieSecure
            self.trustedProxies = trustedProxies
            self.running = running
        }
    }

    /// How this process was started, without anything secret.
    package struct Running: Sendable {
        package var isProduction: Bool
        /// The database's address without its password.
        package var database: String
        package var leaseDuration: Duration
        package var escalates: Bool
        package var dispatches: Bool
        package var bundlingWindow: Duration

        package init(
            isProduction: Bool, database: String, leaseDuration: Duration, escalates: Bool, dispatches: Bool,
            bundlingWindow: Duration
        ) {
            self.isProduction = isProduction
            self.database = database
            self.leaseDuration = leaseDuration
            self.escalates = escalates
            self.dispatches = dispatches
            self.bundlingWindow = bundlingWindow
        }
    }
}
