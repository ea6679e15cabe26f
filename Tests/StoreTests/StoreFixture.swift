import Database
import Domain
import Store
import TestSupport

/// A store with the cast, on one of the databases, with a manual clock.
struct StoreFixture {
    let store: Store
    let time = ManualTime()
    let team = TestTeam()
    let configuration: Configuration

    init(_ kind: TestDatabase) async throws { try await self.init(try await kind.open()) }

    init(_ database: any Database) async throws {
        let time = time
        store = Store(
            database: database, identifiers: .counting(), leaseClock: .manual { time.now })
        _ = try await store.migrate(at: time.now)
        try await store.change(team.changes, at: time.now)
        configuration = try await store.configuration()
    }

    var now: Timestamp { time.now }

    func opening(_ key: String = "disk", team id: TeamID = "team-ops") -> Commit {
        let transition = Incident.open(
            id: store.identifiers.next(), event: team.event(key: key), severity: .critical, source: team.source,
            team: id,
            author: .source(team.source), at: now, configuration: configuration)
        return Commit(before: nil, transition: transition)
    }

    /// Opens an incident.
    func open(_ key: String = "disk", team id: TeamID = "team-ops") async throws -> Incident {
        guard case .committed(let incident) = await store.commit([opening(key, team: id)], at: now)[0] else {
            throw DatabaseError.closed
        }
        return incident
    }

    func change(_ incident: Incident, _ command: Command, lease: Lease? = nil) throws -> Commit {
        let transition = try incident.decide(command, by: .user(team.users[0]), at: now, configuration: configuration)
        return Commit(before: incident, transition: transition, lease: lease)
    }

    /// Decides and commits.
    func commit(_ incident: Incident, _ command: Command, by author: Author? = nil) async throws -> Incident {
        let transition = try incident.decide(
            command, by: author ?? .user(team.users[0]), at: now, configuration: configuration)
        let result = await store.commit([Commit(before: incident, transition: transition)], at: now)[0]
        guard case .committed(let after) = result else { throw DatabaseError.closed }
        return after
    }

    func lease(_ holder: String = "one", _ duty: Lease.Duty = .dispatch) async throws -> Lease? {
        try await store.acquireLease(duty, for: holder, lasting: .seconds(5))
    }

    func claim(_ lease: Lease, limit: Int = 10, window: Duration = .zero) async throws -> [ClaimedMessage] {
        let request = ClaimRequest(channels: [.email], provider: "test", limit: limit, bundlingWindow: window)
        guard case .claimed(let messages) = try await store.claim(request, under: lease, at: now) else { return [] }
        return messages
    }

    func record(
        _ message: ClaimedMessage, _ receipt: Receipt, _ next: DeliveryAttempt.Next, reportIn: Duration? = nil
    ) async throws -> [EndedPage] {
        let handOver = DeliveryAttempt(
            message: message, provider: "test", receipt: receipt, next: next, startedAt: now,
            duration: .milliseconds(5),
            receiptDueAt: reportIn.map { now + $0 }, people: ["ada": "Ada"])
        return try await store.record([handOver], at: now)
    }
}
