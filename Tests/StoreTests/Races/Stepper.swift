import Database
import Foundation
import Synchronization
import TestSupport

/// Runs several transactions on real connections, one statement at a time, in an order that a test chooses.
final class Stepper: Sendable {
    private enum Phase { case idle, waiting, running }

    private let phases: Mutex<[Phase]>
    private let gates: [DispatchSemaphore]
    private let isOpen = Mutex(true)
    private let observer: any Database

    /// - Parameter observer: sees which connections wait for locks.
    init(actors: Int, observer: any Database) {
        phases = Mutex([Phase](repeating: .idle, count: actors))
        gates = (0..<actors).map { _ in DispatchSemaphore(value: 0) }
        self.observer = observer
    }

    /// Stops before a statement until it is this actor's turn. Called on a thread of the database.
    fileprivate func pass(_ actor: Int) {
        guard isOpen.withLock({ !$0 }) else { return }
        phases.withLock { $0[actor] = .waiting }
        gates[actor].wait()
    }

    /// One place where the order could go on in several ways.
    struct Choice {
        let chosen: Int
        let count: Int
    }

    /// Runs the operations. At each step it follows the prefix, and then goes on with the same actor as long as it can.
    ///
    /// - Parameter switches: how often the order may leave an actor that could go on.
    /// - Returns: the choices that were made, and whether all of them waited for each other.
    func run(
        _ operations: [@Sendable () async throws -> Void], prefix: [Int], switches: Int
    ) async throws -> (trail: [Choice], hadDeadlock: Bool) {
        isOpen.withLock { $0 = false }
        phases.withLock { $0 = $0.map { _ in .running } }
        defer { isOpen.withLock { $0 = true } }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for (actor, operation) in operations.enumerated() {
                group.addTask {
                    defer { self.phases.withLock { $0[actor] = .idle } }
                    try await operation()
                }
            }
            let result = try await self.steer(prefix, switches)
            try await group.waitForAll()
            return result
        }
    }

    private func steer(_ prefix: [Int], _ switches: Int) async throws -> (trail: [Choice], hadDeadlock: Bool) {
        var trail: [Choice] = []
        var last: Int?
        var left = switches
        var hadDeadlock = false
        var stuckSince: ContinuousClock.Instant?
        while true {
            let ready = try await settled()
            if ready.isEmpty {
                if phases.withLock({ $0.allSatisfy { $0 == .idle } }) { return (trail, hadDeadlock) }
                // The server shows a lock as awaited for a moment after it was granted.
                if ContinuousClock.now - (stuckSince ?? .now) > .milliseconds(500) { hadDeadlock = true }
                stuckSince = stuckSince ?? .now
                continue
            }
            stuckSince = nil
            // The present actor first. Leaving it while it could go on uses up a switch.
            let isPresentReady = last.map { ready.contains($0) } ?? false
            var order = ready.filter { $0 == last } + ready.filter { $0 != last }
            if isPresentReady && left == 0 { order = Array(order.prefix(1)) }
            let chosen = trail.count < prefix.count ? min(prefix[trail.count], order.count - 1) : 0
            trail.append(Choice(chosen: chosen, count: order.count))
            if isPresentReady && chosen > 0 { left -= 1 }
            let actor = order[chosen]
            last = actor
            phases.withLock { $0[actor] = .running }
            gates[actor].signal()
        }
    }

    /// Waits until each actor is at a statement, has ended, or waits for a lock.
    ///
    /// - Returns: the actors that can make a step.
    private func settled() async throws -> [Int] {
        let started = ContinuousClock.now
        while true {
            let before = phases.withLock { $0 }
            let running = before.count { $0 == .running }
            let blocked = running == 0 ? 0 : try await blocked()
            if blocked == running && phases.withLock({ $0 }) == before {
                return before.indices.filter { before[$0] == .waiting }
            }
            guard ContinuousClock.now - started < Patience.limit else { throw Stuck() }
            await Task.yield()
        }
    }

    struct Stuck: Error {}

    private func blocked() async throws -> Int {
        try await observer.run(
            """
            SELECT COUNT(*) AS count FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        ).rows[0].get("count")
    }

    /// Tries the orders one after another.
    ///
    /// - Parameters:
    ///   - limit: the maximum number of orders.
    ///   - run: runs one order and returns its choices.
    /// - Returns: the number of orders, and whether these were all.
    static func explore(
        limit: Int, _ run: (_ prefix: [Int]) async throws -> [Choice]
    ) async throws -> (orders: Int, isComplete: Bool) {
        var prefix: [Int] = []
        for order in 1...limit {
            let trail = try await run(prefix)
            guard let last = trail.lastIndex(where: { $0.chosen + 1 < $0.count }) else { return (order, true) }
            prefix = trail[..<last].map(\.chosen) + [trail[last].chosen + 1]
        }
        return (limit, false)
    }
}

/// A database whose statements, and whose COMMIT, wait for their turn.
final class SteppedDatabase: Database {
    private let base: any Database
    private let stepper: Stepper
    private let actor: Int

    init(_ base: any Database, _ stepper: Stepper, actor: Int) {
        self.base = base
        self.stepper = stepper
        self.actor = actor
    }

    var dialect: Dialect { base.dialect }

    func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await base.read(workload) { [stepper, actor] (connection) throws(DatabaseError) in
            try body(SteppedConnection(connection, stepper, actor))
        }
    }

    func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try await base.write(workload) { [stepper, actor] (connection) throws(DatabaseError) in
            let value = try body(SteppedConnection(connection, stepper, actor))
            stepper.pass(actor)
            return value
        }
    }

    func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await write(workload) { (connection) throws(DatabaseError) in try connection.batch([statement])[0] }
    }

    func notifications() -> AsyncStream<DatabaseNotification> { base.notifications() }

    func foreignChangeCounter() async throws(DatabaseError) -> Int64? { try await base.foreignChangeCounter() }

    func close() async { await base.close() }
}

private final class SteppedConnection: Connection {
    private let base: any Connection
    private let stepper: Stepper
    private let actor: Int

    init(_ base: any Connection, _ stepper: Stepper, _ actor: Int) {
        self.base = base
        self.stepper = stepper
        self.actor = actor
    }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] {
        stepper.pass(actor)
        return try base.query(statement)
    }

    func execute(_ statement: SQL) throws(DatabaseError) -> Int {
        stepper.pass(actor)
        return try base.execute(statement)
    }

    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        guard !statements.isEmpty else { return [] }
        stepper.pass(actor)
        return try base.batch(statements)
    }

    func script(_ text: String) throws(DatabaseError) { try base.script(text) }

    /// A notification is sent with the COMMIT.
    func notify(_ payload: String) throws(DatabaseError) { try base.notify(payload) }
}
