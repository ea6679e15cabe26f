internal import Actors
internal import Database
internal import Domain
internal import Foundation
internal import Hummingbird
internal import Logging
internal import NIOPosix
internal import Providers
internal import ServiceLifecycle
internal import Store
internal import Transport
internal import UnixSignals
internal import Web

/// A running PagerPal: the engine, and what only a real process has. Tests build it with their own clock and providers.
struct Assembly: Sendable {
    let engine: Engine
    let services: Services
    let connectionLimits: ConnectionLimits

    var store: Store { engine.store }
    var configuration: ConfigurationCache { engine.configuration }

    /// - Parameters:
    ///   - providers: nil creates those that the settings describe.
    ///   - posters: the providers of posts; nil takes those of pages, or creates others.
    ///   - telegram: where the bot's updates come from; nil is Telegram, if the settings have a bot.
    ///   - slack: sends answers to people in Slack; nil uses the Internet.
    ///   - host: the host's clocks. Once the database's time has been read, it takes precedence.
    ///   - twin: asks the other PagerPal that the settings name; nil uses the network.
    ///   - fetch: fetches SNS's certificates and confirmations; nil uses the Internet.
    init(
        settings: Settings, database: any Database, secrets: SecretKeys, providers: [any Provider]? = nil,
        posters: [any Provider]? = nil, telegram: TelegramListener.Source? = nil,
        slack: SlackAnswers.Send? = nil, twin: TwinWatch.Fetch? = nil, time host: TimeSource = .system,
        leaseClock: Store.LeaseClock = .database, identifiers: Identifiers? = nil,
        keys: KeyGenerator = .system, fetch: Subscriptions.Fetch? = nil,
        dispatch: Dispatcher.Settings? = nil, logger: Logger
    ) {
        let client = CurlClient()
        let links = AcknowledgementLinks(secrets: secrets, baseURL: settings.baseURL)
        engine = Engine(
            settings.forEngine(dispatch: dispatch),
            Engine.Dependencies(
                database: database, identifiers: identifiers ?? .uuids(time: host), keys: keys, host: host,
                leaseClock: leaseClock,
                pageProviders: { providers ?? makeProviders(settings.providers, time: $0) },
                postProviders: { posters ?? providers ?? makeProviders(settings.providers, time: $0) },
                links: engineLinks(links, baseURL: settings.baseURL), telegram: telegram ?? settings.telegramSource,
                slack: slack ?? { try await $0.send(through: client) },
                beat: outboundBeat(settings.outboundHeartbeat, fetch, client),
                twin: settings.twin.map { TwinWatch.Source($0, fetch: twin ?? $0.fetch(client)) }, logger: logger))
        let subscriptions = Subscriptions(
            store: engine.store, time: engine.time, logger: logger,
            fetch: fetch ?? { try await client.fetch($0, limit: $1) })
        services = Services(
            engine: engine,
            ingestServices: IngestServices(
                payloads: engine.payloads, heartbeats: engine.heartbeats, subscriptions: subscriptions),
            links: links, companies: settings.identityProviders(client, time: engine.time),
            accounts: accounts(engine, settings, secrets, keys), requestTokens: RequestTokens(secrets: secrets),
            keys: keys, seal: SecretSeal(secrets: secrets),
            rateLimits: RateLimits(limit: settings.requestsPerMinute),
            settings: settings.forServices(holder: engine.holder))
        connectionLimits = settings.connectionLimits
    }

    /// The web server.
    func application(
        host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        // The event loops open their files before those are counted.
        let loops = MultiThreadedEventLoopGroup.singleton
        let limit = OpenFiles.connections(ofLimit: OpenFiles.raiseLimit(), open: OpenFiles.count())
        let connections = Connections(maximum: min(limit, connectionLimits.connections), logger: engine.logger)
        return Application(
            router: buildRoutes(services).router,
            server: connectionLimits.server(
                isTrusted: services.settings.isTrustedProxy, handlers: [ConnectionActivity(connections)]),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "PagerPal",
                availableConnectionsDelegate: connections),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            eventLoopGroupProvider: .shared(loops), logger: engine.logger)
    }

    /// Runs everything until SIGTERM or SIGINT. Then the server stops, work in flight ends, and the leases are
    /// returned.
    func run(host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        do {
            try await group(host: host, port: port, signals: [.sigterm, .sigint], onRunning: onRunning).run()
        } catch {
            await store.database.close()
            throw error
        }
        await store.database.close()
    }

    /// All long-lived tasks. They stop in the reverse order. Duties begin when the server listens, so that a process
    /// whose port is taken takes no lease.
    func group(
        host: String, port: Int, signals: [UnixSignal] = [], onRunning: @escaping @Sendable (Int) async -> Void
    ) -> ServiceGroup {
        let listening = WakeUp()
        let server = application(host: host, port: port) { port in
            listening.signal()
            await onRunning(port)
        }
        var configuration = ServiceGroupConfiguration(
            services: engine.services(dutiesAfter: listening) + [
                .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup, serviceName: "server")
            ],
            gracefulShutdownSignals: signals, logger: engine.logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        return ServiceGroup(configuration: configuration)
    }
}

private func engineLinks(_ links: AcknowledgementLinks, baseURL: String) -> Engine.Links {
    Engine.Links(
        acknowledgement: { links.address(ofMessage: $0) }, code: { links.code(for: $0) },
        incident: { "\(baseURL)/incidents/\($0)" })
}

/// Asks the operator's address elsewhere. It may be in a private network.
private func outboundBeat(
    _ url: String?, _ fetch: Subscriptions.Fetch?, _ client: CurlClient
) -> OperatorWatch.Beat? {
    guard let url else { return nil }
    if let fetch { return { _ = try await fetch(url, 0) } }
    return {
        let answer = try await client.perform(
            CurlRequest(
                url: url, kind: .http(method: "GET", headers: [], body: nil), reach: .anywhere, timeout: .seconds(10),
                responseLimit: 10_000))
        guard (200..<300).contains(answer.status) else { throw CurlError.refused(status: answer.status, reply: "") }
    }
}

private func accounts(_ engine: Engine, _ settings: Settings, _ secrets: SecretKeys, _ keys: KeyGenerator) -> Accounts {
    Accounts(
        store: engine.store, configuration: engine.configuration, configurator: engine.configurator,
        pages: engine.pages, passwords: PasswordHasher(rounds: 1 << settings.passwordCost, keys: keys),
        seal: SecretSeal(secrets: secrets), party: RelyingParty(baseURL: settings.baseURL),
        challenges: PasskeyChallenges(secrets: secrets, keys: keys, time: engine.time),
        trail: SecurityTrail(store: engine.store, time: engine.time, logger: engine.logger),
        tellsNewBrowsers: settings.tellsNewBrowsers && engine.providers.contains { $0.channels.contains(.email) },
        keys: keys,
        time: engine.time)
}

extension Settings {
    /// - Parameter given: used instead of these settings' own.
    fileprivate func forEngine(dispatch given: Dispatcher.Settings?) -> Engine.Settings {
        Engine.Settings(
            supervision: Supervisor.Settings(
                leaseDuration: leaseDuration, escalates: escalates, dispatches: dispatches),
            dispatch: given ?? dispatch, retention: retention, hostName: ProcessInfo.processInfo.hostName)
    }

    /// What people write to the Telegram bot, if there is one and it is read.
    fileprivate var telegramSource: TelegramListener.Source? {
        let bot = providers.lazy.compactMap { $0 as? TelegramVendor }.first { $0.polls }
        return bot.map { TelegramListener.Source(TelegramInbox($0)) }
    }

    /// The settings that routes need.
    fileprivate func forServices(holder: String) -> Services.Settings {
        Services.Settings(
            baseURL: baseURL, version: PagerPal.release, holder: holder, receiptToken: receiptToken,
            slackSigningSecret: slack?.signingSecret, isSendingEnabled: isSendingEnabled,
            allowedOrigins: allowedOrigins, isCookieSecure: isSessionCookieSecure,
            trustedProxies: trustedProxies, secondFactorFrom: secondFactorFrom,
            numbers: NationalNumbers(country: defaultCountry),
            hosts: Set(allowedHosts + [hostName(baseURL)].compactMap(\.self)), metricsToken: metricsToken,
            areMetricsOpen: areMetricsOpen, proxyUserHeader: proxyUserHeader,
            running: Services.Running(
                isProduction: isProduction, database: database.redacted, leaseDuration: leaseDuration,
                escalates: escalates, dispatches: dispatches, bundlingWindow: bundlingWindow,
                retention: retention, twin: twin?.url, diskProblem: { [database] in database.diskProblem }))
    }
}
