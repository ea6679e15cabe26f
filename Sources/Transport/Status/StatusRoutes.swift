internal import Actors
internal import Database
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Providers
internal import Store

/// /health for orchestrators and /api/v1/status for operators.
struct StatusRoutes: Sendable {
    package let services: Services
    private let writing = WriteCheck()

    package init(services: Services) { self.services = services }

    package func add(to routes: RouteTable) {
        for path in ["/health", "/health/ready"] {
            routes.on(.get, path, .anyone) { _, context in
                await DatabaseDeadline.within(StatusRoutes.patience) { await health(context) }
            }
        }
        routes.on(.get, "/health/live", .anyone) { _, _ in .json(["status": "ok"]) }
        routes.on(.get, "/api/v1/status") { request, _ in try await status(request) }
        routes.on(.get, "/api/v1/system/jobs", .needs(.read)) { _, _ in try await jobs() }
    }

    /// The duties in the words of the old API.
    private func jobs() async throws -> Response {
        struct Job: Encodable {
            let name, title: String
            /// Whether this process takes part.
            let enabled: Bool
            let holder: String?
            let isOurs: Bool
            let epoch: Int64
            /// The last renewal of the lease: the holder was at work then.
            let lastRunAt, expiresAt: String?
        }
        let leases = try await services.store.leaseStatuses()
        let running = services.settings.running
        let jobs = Lease.Duty.allCases.map { duty in
            let isEnabled =
                switch duty {
                case .escalation: running.escalates
                case .dispatch: running.dispatches
                }
            let status = StatusAnswer.Duty(leases[duty], process: services.settings.holder)
            let lastRun = leases[duty].flatMap { $0.epoch > 0 ? $0.expiresAt - running.leaseDuration : nil }
            return Job(
                name: duty.rawValue, title: duty.name, enabled: isEnabled, holder: status.holder,
                isOurs: status.isOurs, epoch: status.epoch,
                lastRunAt: lastRun.flatMap { $0.seconds > 0 ? $0.rfc3339 : nil },
                expiresAt: status.expiresAt)
        }
        return .json(ListAnswer(items: jobs, next: nil))
    }

    /// Checks of health wait two or three seconds, and a late answer is none.
    static let patience: Duration = .milliseconds(1500)

    private struct Health: Encodable {
        let status: String
        var service = "pagerpal"
        let version, database: String
        var duties: [String: String]?
        var problems: [String]?
    }

    /// Returns 200 while the process serves requests, reaches its database, can write to it, and performs its duties. A
    /// duty that no process performs is reported but does not make this process unhealthy, because it still accepts
    /// alerts.
    private func health(_ context: RouteContext) async -> Response {
        do {
            let leases = try await services.store.leaseStatuses()
            let stalls = services.dutyHealth.current
            if let error = await writing.fault(services.store, services.time) {
                context.logger.error("the database accepts no changes", metadata: ["error": "\(error)"])
                return .json(
                    Health(
                        status: "unavailable", version: services.settings.version, database: "accepts no changes",
                        problems: [
                            "The database accepts no changes, so alerts can't be stored. The log says why: "
                                + "a full disk, a file that is read-only, or a database that is locked."
                        ]), status: .serviceUnavailable)
            }
            let problems =
                leases.problems + services.problems
                + stalls.map { "\($0.duty.rawValue): the \($0.part) makes no progress: \($0.reason)" }
            return .json(
                Health(
                    status: !stalls.isEmpty ? "failing" : problems.isEmpty ? "ok" : "degraded",
                    version: services.settings.version, database: "ok",
                    duties: leases.words(process: services.settings.holder), problems: problems),
                status: stalls.isEmpty ? .ok : .serviceUnavailable)
        } catch {
            writing.expire()
            context.logger.error("the database can't be read", metadata: ["error": "\(error)"])
            return .json(
                Health(status: "unavailable", version: services.settings.version, database: "unreachable"),
                status: .serviceUnavailable)
        }
    }

    private func status(_ request: Request) async throws -> Response {
        _ = try await services.caller(of: request)
        let leases = try await services.store.leaseStatuses()
        let depths = try await services.store.queueDepths()
        let counts = try await services.store.incidentCounts()
        let followUps = try await services.store.followUpBacklog()
        let now = services.time.now()
        let oldest = try await services.store.oldestDuePage(at: now)
        var providers: [StatusAnswer.Provider] = []
        for provider in services.providers {
            providers.append(StatusAnswer.Provider(provider, health: await provider.gate.health))
        }
        return .json(
            StatusAnswer(
                version: services.settings.version, process: services.settings.holder, now: now.rfc3339,
                sendingEnabled: services.settings.isSendingEnabled,
                duties: Dictionary(
                    uniqueKeysWithValues: Lease.Duty.allCases.map { duty in
                        (duty.rawValue, StatusAnswer.Duty(leases[duty], process: services.settings.holder))
                    }),
                problems: leases.problems + services.problems,
                notifications: Dictionary(uniqueKeysWithValues: depths.map { ($0.key.rawValue, $0.value) }),
                oldestDueAt: oldest?.rfc3339,
                incidents: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }),
                followUps: .init(waiting: followUps.count, oldestAt: followUps.oldest?.rfc3339),
                refusedKeys: services.ingestServices.refusedKeys.count, providers: providers))
    }
}

/// The system's status in JSON.
struct StatusAnswer: Encodable {
    /// Which process performs a duty, and when its lease expires if it is not renewed.
    struct Duty: Encodable {
        let holder: String?
        let epoch: Int64
        let expiresAt: String?
        let isOurs: Bool

        init(_ lease: LeaseStatus?, process: String) {
            let held = lease.flatMap { $0.isHeld ? $0 : nil }
            holder = held?.holder
            epoch = lease?.epoch ?? 0
            expiresAt = held?.expiresAt.rfc3339
            isOurs = held?.holder == process
        }
    }

    struct Provider: Encodable {
        let name: String
        package let channels: [String]
        let state: String
        let triesAgainAt, lastSuccessAt, lastFailureAt, lastFault: String?
        let accepted, failed, running: Int

        init(_ provider: any Providers.Provider, health: ProviderHealth) {
            name = provider.name
            channels = provider.channels.map(\.rawValue).sorted()
            state = health.state.rawValue
            triesAgainAt = health.triesAgainAt?.rfc3339
            lastSuccessAt = health.lastSuccessAt?.rfc3339
            lastFailureAt = health.lastFailureAt?.rfc3339
            lastFault = health.lastFault
            accepted = health.accepted
            failed = health.failed
            running = health.running
        }
    }

    struct FollowUps: Encodable {
        let waiting: Int
        let oldestAt: String?
    }

    let version: String
    let process: String
    /// By the clock that all processes go by.
    let now: String
    let sendingEnabled: Bool
    let duties: [String: Duty]
    /// Describes duties that no process performs, clocks that differ and rows that can't be read.
    let problems: [String]
    let notifications: [String: Int]
    /// When the page was due that has waited longest, other than those that a telephone number's budget may hold back.
    let oldestDueAt: String?
    let incidents: [String: Int]
    /// What must still follow a failed page or a changed configuration.
    let followUps: FollowUps
    /// The number of requests with a wrong source key since this process started.
    let refusedKeys: Int
    let providers: [Provider]
}
