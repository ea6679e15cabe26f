internal import Actors
internal import Database
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Providers
internal import Store

/// /health for orchestrators and /api/v1/status for operators.
struct StatusRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/health", .anyone) { _, _ in await health() }
        routes.on(.get, "/health/ready", .anyone) { _, _ in await health() }
        routes.on(.get, "/health/live", .anyone) { _, _ in .json(["status": "ok"]) }
        routes.on(.get, "/api/v1/status") { request, _ in try await status(request) }
    }

    /// Returns 200 while the process serves requests, reaches its database and performs its duties. A duty that no
    /// process performs is reported but does not make this process unhealthy, because it still accepts alerts.
    private func health() async -> Response {
        struct Health: Encodable {
            let status, version, database: String
            var duties: [String: String]?
            var problems: [String]?
        }
        do {
            let leases = try await services.store.leaseStatuses()
            let stalls = services.dutyHealth.current
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
        var providers: [StatusAnswer.Provider] = []
        for provider in services.providers {
            providers.append(StatusAnswer.Provider(provider, health: await provider.gate.health))
        }
        return .json(
            StatusAnswer(
                version: services.settings.version, process: services.settings.holder,
                sendingEnabled: services.settings.isSendingEnabled,
                duties: Dictionary(
                    uniqueKeysWithValues: Lease.Duty.allCases.map { duty in
                        (duty.rawValue, StatusAnswer.Duty(leases[duty], process: services.settings.holder))
                    }),
                problems: leases.problems + services.problems,
                notifications: Dictionary(uniqueKeysWithValues: depths.map { ($0.key.rawValue, $0.value) }),
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
    let sendingEnabled: Bool
    let duties: [String: Duty]
    /// Describes duties that no process performs, clocks that differ and rows that can't be read.
    let problems: [String]
    let notifications: [String: Int]
    let incidents: [String: Int]
    /// What must still follow a failed page or a changed configuration.
    let followUps: FollowUps
    /// The number of requests with a wrong source key since this process started.
    let refusedKeys: Int
    let providers: [Provider]
}
