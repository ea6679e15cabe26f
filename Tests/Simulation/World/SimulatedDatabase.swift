import Database
import Domain

/// The database as one process sees it, across a network.
final class SimulatedDatabase: Database, @unchecked Sendable {
    /// PostgreSQL's ways, in SQLite's words.
    let dialect = Dialect(
        name: "postgres", now: "(SELECT now FROM sim_clock)", lockForShare: "", lockForUpdate: "", lockFreeRows: "",
        bytewise: "COLLATE BINARY", rowSource: .values)
    private unowned let process: Process
    private let world: World

    init(_ process: Process, _ world: World) {
        self.process = process
        self.world = world
    }

    func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try await call(workload, writes: false, body) }

    func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try await call(workload, writes: true, body) }

    func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try await call(workload, writes: true) { (connection) throws(DatabaseError) in
            try connection.batch([statement])[0]
        }
    }

    func notifications() -> AsyncStream<DatabaseNotification> { process.listen() }

    func foreignChangeCounter() async throws(DatabaseError) -> Int64? { nil }

    func close() async {}

    /// The call goes on without its caller: a transaction on its way still runs when the process dies.
    private func call<Value: Sendable>(
        _ workload: Workload, writes: Bool, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        if process.isClosed { throw .closed }
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<Value, DatabaseError>, Never>) in
            world.network.send(from: process, workload, writes: writes, body) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}

/// The network between the processes and the database.
final class Network: @unchecked Sendable {
    private let world: World
    private var losses: [(host: Int, workload: Plan.Workload, fate: Plan.Fate)] = []
    private var strands: [(host: Int, workload: Plan.Workload, freeze: Duration, arrival: Duration)] = []
    /// Whether nothing fails any more.
    private var isHealed = false
    /// Transactions on their way, which wait for a new epoch.
    private var stranded: [() -> Void] = []
    private var cutUntil: [Int: Int64] = [:]
    private var slowUntil: Int64 = 0
    private var slowness: Int64 = 0
    /// Counts outages and cuts: an answer under way during one is lost.
    private var breaks: [Int: Int] = [:]

    init(_ world: World) { self.world = world }

    private var now: Int64 { world.scheduler.now }

    func isCut(_ host: Int) -> Bool { !world.server.isUp || (cutUntil[host] ?? 0) > now }

    func lose(_ host: Int, _ workload: Plan.Workload, _ fate: Plan.Fate) { losses.append((host, workload, fate)) }

    func strand(_ host: Int, _ workload: Plan.Workload, freeze: Duration, arrival: Duration) {
        if !isHealed { strands.append((host, workload, freeze, arrival)) }
    }

    /// Lets stranded transactions arrive, because a lease has a new epoch.
    func releaseStranded() {
        for arrive in stranded { arrive() }
        stranded = []
    }

    func cut(_ host: Int, for duration: Duration) {
        cutUntil[host] = max(cutUntil[host] ?? 0, now + duration.microseconds)
        interrupt(host)
    }

    /// How often the connections of a process's host were lost.
    func breaks(ofProcess number: Int) -> Int { breaks[world.processes[number].host] ?? 0 }

    func interrupt(_ host: Int) { breaks[host, default: 0] += 1 }

    func slowDown(for duration: Duration, upTo longest: Duration) {
        slowUntil = now + duration.microseconds
        slowness = longest.microseconds
    }

    /// Everything works again.
    func heal() {
        isHealed = true
        losses = []
        strands = []
        releaseStranded()
        cutUntil = [:]
        slowUntil = 0
    }

    private var latency: Duration {
        let longest = slowUntil > now ? slowness : 3_000
        return .microseconds(200 + world.draw(Int(longest)))
    }

    /// Sends a transaction and calls back with the answer, or with the error of a lost one.
    func send<Value: Sendable>(
        from process: Process, _ workload: Workload, writes: Bool,
        _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value,
        then answer: @escaping (Result<Value, DatabaseError>) -> Void
    ) {
        let host = process.host
        let seen = breaks[host] ?? 0
        let generation = world.server.generation
        let fate = writes ? takeLoss(host, workload) : nil
        func fail(_ why: String, after pause: Duration) {
            world.scheduler.after(pause) { answer(.failure(.unavailable(why))) }
        }
        func execute() -> Result<Value, DatabaseError> {
            Result { () throws(DatabaseError) in
                guard self.world.server.generation == generation else { throw .unavailable("the server is gone") }
                return try self.world.server.execute(process.number, writes: writes, body)
            }
        }
        if writes, let strand = takeStrand(host, workload) {
            world.scheduler.after(.zero) { self.world.freeze(host, strand.freeze) }
            return stranded.append {
                self.world.scheduler.after(strand.arrival) {
                    answer(self.world.server.isUp ? execute() : .failure(.unavailable("the connection was lost")))
                }
            }
        }
        world.scheduler.after(latency) { [self] in
            // What a process has sent may still arrive long after it froze or died.
            if writes, process.isDead || process.isFrozen, world.draw(3) == 0 {
                return world.scheduler.after(.milliseconds(500 + world.draw(14_000))) {
                    answer(self.world.server.isUp ? execute() : .failure(.unavailable("the connection was lost")))
                }
            }
            guard !isCut(host), breaks[host] ?? 0 == seen else {
                return fail("the connection was lost", after: .milliseconds(1 + world.draw(400)))
            }
            switch fate {
            case nil: break
            case .neverRan: return fail("the request was lost", after: .milliseconds(20 + world.draw(2000)))
            case .committed:
                _ = execute()
                return fail("the answer was lost", after: .milliseconds(1 + world.draw(2000)))
            case .late(let delay):
                world.scheduler.after(delay) { _ = execute() }
                return fail("no answer came in time", after: .milliseconds(1 + world.draw(50)))
            }
            let result = execute()
            world.scheduler.after(latency) { [self] in
                guard breaks[host] ?? 0 == seen else { return answer(.failure(.unavailable("the answer was lost"))) }
                answer(result)
            }
        }
    }

    private func takeStrand(_ host: Int, _ workload: Workload) -> (freeze: Duration, arrival: Duration)? {
        guard let index = strands.firstIndex(where: { $0.host == host && $0.workload == workload.planned })
        else { return nil }
        let strand = strands.remove(at: index)
        world.trouble(host, "stranded transaction", until: 75_000_000)
        return (strand.freeze, strand.arrival)
    }

    private func takeLoss(_ host: Int, _ workload: Workload) -> Plan.Fate? {
        guard let index = losses.firstIndex(where: { $0.host == host && $0.workload == workload.planned })
        else { return nil }
        world.trouble(host, "lost answer", until: 75_000_000)
        return losses.remove(at: index).fate
    }
}

extension Workload {
    /// What a plan calls it. Nil for work that no plan disturbs.
    fileprivate var planned: Plan.Workload? {
        switch self {
        case .lease: .lease
        case .commit: .commit
        case .dispatch: .dispatch
        case .interactive, .report, .migration: nil
        }
    }
}
