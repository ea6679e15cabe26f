internal import Database
package import Domain
package import Logging
internal import Store

/// Looks at another PagerPal elsewhere at intervals. If it goes quiet, an incident opens, and it ends when the other is
/// well again. Runs only under the lease of the dispatch duty, so there is one look at a time.
package struct TwinWatch: DutyCompanion {
    package struct Settings: Sendable {
        /// The twin's base URL, without a trailing slash.
        package var url: String
        /// A token of the twin that may read.
        package var token: Secret
        /// The team that is paged, by name or id. Nil tells the administrators.
        package var team: String?
        package var interval: Duration
        /// A file with certificates to trust instead of the system's.
        package var certificates: String?

        package static let usualInterval: Duration = .seconds(30)

        package init(
            url: String, token: Secret, team: String? = nil, interval: Duration = usualInterval,
            certificates: String? = nil
        ) {
            self.url = url
            self.token = token
            self.team = team
            self.interval = interval
            self.certificates = certificates
        }
    }

    /// GETs a path of the twin, with a token if it is given. The description of an error contains no secrets.
    package typealias Fetch = @Sendable (_ path: String, _ token: Secret?) async throws -> TwinAnswer

    package struct Source: Sendable {
        let settings: Settings
        let fetch: Fetch

        package init(_ settings: Settings, fetch: @escaping Fetch) {
            self.settings = settings
            self.fetch = fetch
        }
    }

    /// What the administrators are told of has a name, so that it is told once.
    private static let alarm = "twin"

    private let settings: Settings
    private let fetch: Fetch
    private let ingest: Ingest
    private let context: IncidentContext
    private let eventBus: EventBus
    private let logger: Logger

    package init(
        source: Source, ingest: Ingest, context: IncidentContext, eventBus: EventBus, logger: Logger
    ) {
        settings = source.settings
        fetch = source.fetch
        self.ingest = ingest
        self.context = context
        self.eventBus = eventBus
        self.logger = logger
    }

    package func run(under held: HeldLease) async {
        var vigil = TwinVigil()
        let part = DutyPart(
            name: "twin watch", trouble: "the twin can't be watched", time: context.time, logger: logger)
        await part.run(under: held) {
            let fault = await TwinWatch.fault(fetch, token: settings.token)
            // Only what was stored counts as told. The rest follows with the next look.
            var next = vigil
            let step = next.look(fault, at: context.time.now())
            if held.isValid, !Task.isCancelled, await tell(step) { vigil = next }
            return .time(settings.interval)
        }
    }

    /// Looks once. Nil if the twin is well.
    package static func fault(_ fetch: Fetch, token: Secret) async -> TwinFault? {
        do {
            if let fault = TwinFault(health: try await fetch("/health", nil)) { return fault }
            return TwinFault(status: try await fetch("/api/v1/status", token))
        } catch {
            return .silent(reason: Clean.title("\(error)"))
        }
    }

    /// Returns whether it was stored. A failure must not stop paging.
    private func tell(_ step: TwinVigil.Step) async -> Bool {
        do {
            switch step {
            case .nothing: return true
            case .tell(let fault, let since): try await tell(Twin.event(fault, of: settings.url, since: since))
            case .tellEnd: try await end(Twin.recovery(of: settings.url))
            }
            return true
        } catch {
            logger.warning("what became of the twin can't be stored", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func tell(_ event: AlertEvent) async throws {
        logger.warning("the twin is in trouble", metadata: ["text": "\(event.title)"])
        if let team { return try await receive(event, team) }
        let now = context.time.now()
        let isOurs = try await context.store.beginAlarm(
            TwinWatch.alarm, unlessSince: now - TroubleWatch.interval, telling: "PagerPal: \(event.title).",
            to: waysToAdministrators, at: now)
        if isOurs { eventBus.publish(.pages(dueAt: now)) }
    }

    private func end(_ event: AlertEvent) async throws {
        if let team { try await receive(event, team) }
        let now = context.time.now()
        let isOurs = try await context.store.endAlarm(
            TwinWatch.alarm, telling: "PagerPal: \(event.title).", to: waysToAdministrators, at: now)
        if isOurs { eventBus.publish(.pages(dueAt: now)) }
    }

    private func receive(_ event: AlertEvent, _ team: TeamID) async throws {
        if case .failed(let reason) = await ingest.receive([event], from: Twin.source(of: team))[0] {
            throw NotStored(reason: reason)
        }
    }

    private struct NotStored: Error {
        let reason: String
    }

    /// The team to page. Without one, and if it is gone, the administrators are told.
    private var team: TeamID? {
        guard let name = settings.team else { return nil }
        let team = context.configuration.current.team(named: name)
        if team == nil {
            logger.warning(
                "there is no such team; the administrators are told instead", metadata: ["TWIN_TEAM": "\(name)"])
        }
        return team?.id
    }

    private var waysToAdministrators: [ContactMethod] {
        context.configuration.current.waysToAdministrators(avoiding: [])
    }
}
