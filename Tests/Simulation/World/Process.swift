import Actors
import Database
import Domain
import Logging
import Providers
import ServiceLifecycle
import Store
import TestSupport

/// One run of the application on a host, from its start until it ends or dies.
final class Process: @unchecked Sendable {
    /// Counts all processes of the simulation.
    let number: Int
    let host: Int
    let executor: NodeExecutor
    let world: World
    private(set) var engine: Engine?
    private(set) var group: ServiceGroup?
    private var task: Task<Void, Never>?
    private var listener: AsyncStream<DatabaseNotification>.Continuation?
    /// Whether it will never run again.
    var isDead = false
    var isFrozen = false
    /// Whether its tasks only unwind.
    private(set) var isClosed = false
    private(set) var hasEnded = false
    /// Whether it answers requests.
    private(set) var isServing = false
    private var numbers: SeededNumbers

    init(_ number: Int, on host: Int, _ world: World) {
        self.number = number
        self.host = host
        self.world = world
        executor = NodeExecutor(world.scheduler)
        numbers = SeededNumbers(seed: world.plan.seed &+ UInt64(number + 1) &* 7919)
    }

    var isAlive: Bool { !isDead && !hasEnded }

    /// The clocks of its host.
    var clocks: TimeSource {
        let (world, host) = (world, host)
        let drift = world.plan.drifts[host]
        let start = Int64(1_000_000) * Int64(1_000 + host * 500)
        return TimeSource(
            now: { Template.start + .microseconds(world.scheduler.now + world.wallOffsets[host].microseconds) },
            monotonic: {
                let now = world.scheduler.now
                return .microseconds(start + now + now * drift / 1_000_000)
            },
            sleepUntil: { instant in
                let passed = instant.microseconds - start
                // Rounded up, so that nobody wakes a moment too early.
                try await world.scheduler.sleep(until: passed - passed * drift / (1_000_000 + drift) + 1)
            },
            random: { self.draw() })
    }

    private func provider(_ channels: Set<Channel>, _ time: TimeSource) -> any Provider {
        SimulatedProvider(channels: channels, time: time, process: self, world: world)
    }

    private func draw() -> Double { Double(numbers.next() >> 11) / Double(1 << 53) }

    func start() {
        let database = SimulatedDatabase(self, world)
        let identifiers = Identifiers.uuids(time: clocks, random: { self.numbers.next() })
        let engine = Engine(world.plan.engineSettings(host: host), dependencies(database, identifiers))
        self.engine = engine
        task = Task(executorPreference: executor) { [self] in
            await begin(engine)
            if let group, !isClosed {
                isServing = true
                try? await group.run()
            }
            isServing = false
            hasEnded = true
            listener?.finish()
        }
    }

    /// What a process of the simulation has instead of a network, vendors and chance.
    private func dependencies(_ database: any Database, _ identifiers: Identifiers) -> Engine.Dependencies {
        return Engine.Dependencies(
            database: database, identifiers: identifiers,
            keys: KeyGenerator(key: { identifiers.next(Engine.self).rawValue }, random: { $0.lowerBound }),
            host: clocks,
            pageProviders: { time in [Channel.sms, .email, .telegram].map { self.provider([$0], time) } },
            // Administrators are told over those of posts when nobody dispatches.
            postProviders: { time in [self.provider([.webhook, .sms, .email, .telegram], time)] },
            links: Engine.Links(
                acknowledgement: { "https://pager.example/a/\($0)" }, code: { $0 },
                incident: { "https://pager.example/incidents/\($0)" }),
            telegram: world.bot.source,
            logger: Logger(label: "simulation") { [world, number] _ in world.logHandler(number) })
    }

    /// Reads what a process needs before it serves. While the database can't be reached, it tries again.
    private func begin(_ engine: Engine) async {
        while !isClosed {
            do {
                try await engine.clock?.read()
                try await engine.configuration.reload()
                group = ServiceGroup(
                    configuration: ServiceGroupConfiguration(services: engine.services(), logger: engine.logger))
                return
            } catch {
                try? await clocks.sleep(.milliseconds(500))
            }
        }
    }

    func listen() -> AsyncStream<DatabaseNotification> {
        let (stream, continuation) = AsyncStream<DatabaseNotification>.makeStream()
        listener = continuation
        return stream
    }

    func hear(_ notification: DatabaseNotification) { if !isDead { listener?.yield(notification) } }

    /// Runs a request that came from outside.
    func serve(_ body: @escaping @Sendable (Engine) async -> Void) {
        guard let engine, isServing, isAlive else { return }
        Task(executorPreference: executor) { await body(engine) }
    }

    /// Tells it to end.
    func stop() {
        guard let group else { return }
        isServing = false
        Task(executorPreference: executor) { await group.triggerGracefulShutdown() }
    }

    /// Ends all its tasks, so that nothing of it stays in memory. Nothing that it does any more counts.
    func close() {
        isClosed = true
        isDead = true
        world.scheduler.letGo(executor)
        let task = task
        Task(executorPreference: executor) { task?.cancel() }
        listener?.finish()
    }

    var isUnwound: Bool { hasEnded }
}

extension Plan {
    fileprivate func engineSettings(host: Int) -> Engine.Settings {
        Engine.Settings(
            supervision: Supervisor.Settings(leaseDuration: lease),
            dispatch: Dispatcher.Settings(
                bundlingWindow: bundlingWindow, patience: patience, tellsOfTrouble: true),
            hostName: "host \(host)")
    }
}
