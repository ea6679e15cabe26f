internal import Actors
internal import Database
internal import Domain
internal import Foundation
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Providers
internal import ServiceLifecycle
internal import Store
internal import Transport
internal import UnixSignals
internal import Web

/// The parts of a running PagerPal, wired together. Tests build it with their own clock and providers.
struct Assembly: Sendable {
    let store: Store
    let configuration: ConfigurationCache
    let directory: IncidentDirectory
    let eventBus: EventBus
    let configurator: Configurator
    let services: Services
    let supervisor: Supervisor
    let recorder: AttemptRecorder
    let changeListener: ChangeListener
    let payloads: PayloadLog
    /// Nil if the administrators are not told of trouble.
    let watch: ProcessWatch?
    /// Nil in tests that set all clocks manually.
    let clock: DatabaseClock?
    let connectionLimits: ConnectionLimits
    let logger: Logger

    /// - Parameters:
    ///   - providers: nil creates those that the settings describe.
    ///   - given: the providers of posts; nil takes those of pages, or creates others.
    ///   - telegram: where the bot's updates come from; nil is Telegram, if the settings have a bot.
    ///   - host: the host's clocks. Once the database's time has been read, it takes precedence.
    ///   - fetch: fetches SNS's certificates and confirmations; nil uses the Internet.
    init(
        settings: Settings, database: any Database, secret: Secret, providers: [any Provider]? = nil,
        posters given: [any Provider]? = nil, telegram: TelegramListener.Source? = nil,
        time host: TimeSource = .system, leaseClock: Store.LeaseClock = .database, identifiers: Identifiers? = nil,
        keys: KeyGenerator = .system, fetch: Subscriptions.Fetch? = nil,
        dispatch: Dispatcher.Settings? = nil, logger: Logger
    ) {
        let identifiers = identifiers ?? .uuids(time: host)
        let (holder, client) = (identifiers.next(Assembly.self).rawValue, CurlClient())
        store = Store(database: database, identifiers: identifiers, leaseClock: leaseClock)
        logDamagedRows(of: store, logger)
        clock = databaseClock(store, leaseClock, host, logger)
        let time = clock?.time ?? host
        // Those of posts are others, so that a broken channel of a team takes nothing from a page.
        let posters = given ?? providers ?? makeProviders(settings.providers, time: time)
        let providers = providers ?? makeProviders(settings.providers, time: time)
        eventBus = EventBus()
        configuration = ConfigurationCache(store: store)
        let commits = CommitQueue(store: store, eventBus: eventBus, time: time)
        let context = IncidentContext(store: store, commits: commits, configuration: configuration, time: time)
        directory = IncidentDirectory(context: context)
        let followUps = FollowUpWorker(context: context, directory: directory, eventBus: eventBus, logger: logger)
        configurator = Configurator(context: context, followUps: followUps)
        recorder = AttemptRecorder(store: store, time: time, logger: logger)
        let links = AcknowledgementLinks(secret: secret, baseURL: settings.baseURL)
        let composer = messageComposer(store, links, baseURL: settings.baseURL)
        let sending = dispatch ?? settings.dispatch
        let poster = channelPoster(posters, sending, baseURL: settings.baseURL, context, eventBus, logger)
        let pages = PageQueue(context: context, directory: directory, eventBus: eventBus, followUps: followUps)
        let replies = ReplyDesk(context: context, directory: directory, configurator: configurator, pages: pages)
        let listener = (telegram ?? settings.telegramSource).map {
            TelegramListener(source: $0, replies: replies, context: context, logger: logger)
        }
        watch = processWatch(posters, sending, clock, context, eventBus, logger)
        let dispatcher = Dispatcher(
            providers: providers, settings: sending, composer: composer, context: context,
            directory: directory, eventBus: eventBus, followUps: followUps, recorder: recorder,
            beat: outboundBeat(settings.outboundHeartbeat, fetch, client),
            companions: [poster] + (listener.map { [$0] } ?? []),
            logger: logger)
        let ingest = Ingest(directory: directory, context: context)
        let heartbeatReceiver = HeartbeatReceiver(context: context, ingest: ingest, eventBus: eventBus)
        let heartbeats = heartbeatClock(heartbeatReceiver, context, eventBus, logger)
        let (dutyHealth, drills) = (DutyHealth(), DrillDesk(ingest: ingest, context: context, logger: logger))
        let escalation = EscalationClock(
            store: store, directory: directory, eventBus: eventBus, time: time, logger: logger)
        supervisor = Supervisor(
            holder: holder,
            settings: settings.supervision, store: store, clock: escalation, heartbeats: heartbeats,
            handoffs: HandoffClock(context: context, eventBus: eventBus, logger: logger),
            followUps: FollowUpClock(context: context, worker: followUps, logger: logger),
            retention: RetentionClock(policy: settings.retention, store: store, time: time, logger: logger),
            drills: drills, dispatcher: dispatcher, health: dutyHealth, eventBus: eventBus, time: time, logger: logger)
        changeListener = changes(context, directory, eventBus, logger)
        payloads = PayloadLog(store: store, time: time, logger: logger)
        services = Services(
            store: store, directory: directory, ingest: ingest,
            ingestServices: IngestServices(
                payloads: payloads, heartbeats: heartbeatReceiver,
                subscriptions: subscriptions(store, time, fetch, client, logger)),
            configuration: configuration, configurator: configurator, pages: pages, drills: drills, replies: replies,
            verification: Verification(context: context, configurator: configurator, pages: pages, keys: keys),
            channelVerification: ChannelVerification(
                context: context, configurator: configurator, poster: poster, keys: keys),
            providers: providers, links: links, company: settings.identityProvider(client, time: time),
            accounts: accounts(context, configurator, pages, settings, secret, keys, logger),
            requestTokens: RequestTokens(secret: secret), dutyHealth: dutyHealth, clock: clock, eventBus: eventBus,
            keys: keys, time: time, seal: SecretSeal(secret: secret),
            rateLimits: RateLimits(limit: settings.requestsPerMinute), settings: settings.forServices(holder: holder))
        (connectionLimits, self.logger) = (settings.connectionLimits, logger)
    }

    /// The web server.
    func application(
        host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let limit = min(OpenFiles.connections(ofLimit: OpenFiles.raiseLimit()), connectionLimits.connections)
        let connections = Connections(maximum: limit, logger: logger)
        return Application(
            router: buildRoutes(services).router,
            server: connectionLimits.server(
                isTrusted: services.settings.isTrustedProxy, handlers: [ConnectionActivity(connections)]),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "PagerPal",
                availableConnectionsDelegate: connections),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
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
        typealias Configuration = ServiceGroupConfiguration.ServiceConfiguration
        let listening = WakeUp()
        let server = application(host: host, port: port) { port in
            listening.signal()
            await onRunning(port)
        }
        let clocks = clock.map { [Configuration(service: $0, serviceName: "database clock")] } ?? []
        let watches = watch.map { [Configuration(service: $0, serviceName: "process watch")] } ?? []
        var configuration = ServiceGroupConfiguration(
            services: clocks + [
                Configuration(service: payloads, serviceName: "payload log"),
                Configuration(service: changeListener, serviceName: "change listener"),
                Configuration(service: recorder, serviceName: "attempt recorder"),
            ] + watches + [
                Configuration(
                    service: DelayedService(service: supervisor, start: listening), serviceName: "supervisor"),
                Configuration(
                    service: server, successTerminationBehavior: .gracefullyShutdownGroup, serviceName: "server"),
            ],
            gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        return ServiceGroup(configuration: configuration)
    }
}

/// A service that starts after a signal.
private struct DelayedService: Service {
    let service: any Service
    let start: WakeUp

    func run() async throws {
        await cancelWhenGracefulShutdown { await start.wait() }
        guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
        try await service.run()
    }
}

private func messageComposer(_ store: Store, _ links: AcknowledgementLinks, baseURL: String) -> MessageComposer {
    MessageComposer(
        store: store, acknowledgementLink: { links.address(ofMessage: $0) }, linkCode: { links.code(for: $0) },
        incidentLink: { "\(baseURL)/incidents/\($0)" })
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

private func logDamagedRows(of store: Store, _ logger: Logger) {
    store.damagedRows.onNew { row in
        logger.error(
            "a row can't be read and is ignored",
            metadata: ["table": "\(row.table)", "id": "\(row.id)", "reason": "\(row.reason)"])
    }
}

private func databaseClock(
    _ store: Store, _ leaseClock: Store.LeaseClock, _ host: TimeSource, _ logger: Logger
) -> DatabaseClock? {
    switch leaseClock {
    case .database: DatabaseClock(store: store, host: host, logger: logger)
    case .manual: nil
    }
}

private func heartbeatClock(
    _ receiver: HeartbeatReceiver, _ context: IncidentContext, _ eventBus: EventBus, _ logger: Logger
) -> HeartbeatClock {
    HeartbeatClock(
        store: context.store, configuration: context.configuration, heartbeats: receiver, eventBus: eventBus,
        time: context.time, logger: logger)
}

/// Hears what other processes change.
private func changes(
    _ context: IncidentContext, _ directory: IncidentDirectory, _ eventBus: EventBus, _ logger: Logger
) -> ChangeListener {
    ChangeListener(
        store: context.store, configuration: context.configuration, directory: directory, eventBus: eventBus,
        time: context.time, logger: logger)
}

/// Shows incidents in the channels of teams.
private func channelPoster(
    _ providers: [any Provider], _ sending: Dispatcher.Settings, baseURL: String, _ context: IncidentContext,
    _ eventBus: EventBus, _ logger: Logger
) -> ChannelPoster {
    ChannelPoster(
        providers: providers, composer: PostComposer { "\(baseURL)/incidents/\($0)" },
        isSendingEnabled: sending.isSendingEnabled, retry: sending.retry, context: context, eventBus: eventBus,
        logger: logger)
}

/// Nil if the administrators are not told of trouble.
private func processWatch(
    _ providers: [any Provider], _ sending: Dispatcher.Settings, _ clock: DatabaseClock?, _ context: IncidentContext,
    _ eventBus: EventBus, _ logger: Logger
) -> ProcessWatch? {
    guard sending.tellsOfTrouble && sending.isSendingEnabled else { return nil }
    return ProcessWatch(
        providers: providers, clocks: { clock?.problems ?? [] }, host: ProcessInfo.processInfo.hostName,
        context: context, eventBus: eventBus, logger: logger)
}

/// - Parameter fetch: nil uses the Internet.
private func subscriptions(
    _ store: Store, _ time: TimeSource, _ fetch: Subscriptions.Fetch?, _ client: CurlClient, _ logger: Logger
) -> Subscriptions {
    Subscriptions(
        store: store, time: time, logger: logger, fetch: fetch ?? { try await client.fetch($0, limit: $1) })
}

private func accounts(
    _ context: IncidentContext, _ configurator: Configurator, _ pages: PageQueue, _ settings: Settings,
    _ secret: Secret, _ keys: KeyGenerator, _ logger: Logger
) -> Accounts {
    Accounts(
        store: context.store, configuration: context.configuration, configurator: configurator, pages: pages,
        passwords: PasswordHasher(rounds: 1 << settings.passwordCost, keys: keys), seal: SecretSeal(secret: secret),
        trail: SecurityTrail(store: context.store, time: context.time, logger: logger), keys: keys,
        time: context.time)
}

extension Settings {
    fileprivate var supervision: Supervisor.Settings {
        Supervisor.Settings(leaseDuration: leaseDuration, escalates: escalates, dispatches: dispatches)
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
            isSendingEnabled: isSendingEnabled, allowedOrigins: allowedOrigins, isCookieSecure: isSessionCookieSecure,
            trustedProxies: trustedProxies, secondFactorFrom: secondFactorFrom,
            numbers: NationalNumbers(country: defaultCountry),
            hosts: Set(allowedHosts + [hostName(baseURL)].compactMap(\.self)), metricsToken: metricsToken,
            areMetricsOpen: areMetricsOpen,
            running: Services.Running(
                isProduction: isProduction, database: database.redacted, leaseDuration: leaseDuration,
                escalates: escalates, dispatches: dispatches, bundlingWindow: bundlingWindow,
                retention: retention, diskProblem: { [database] in database.diskProblem }))
    }
}
