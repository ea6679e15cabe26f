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
    private(set) var parts: Parts?
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

    private func draw() -> Double { Double(numbers.next() >> 11) / Double(1 << 53) }

    func start() {
        let database = SimulatedDatabase(self, world)
        let identifiers = Identifiers.uuids(time: clocks, random: { self.numbers.next() })
        let parts = Parts(database: database, time: clocks, identifiers: identifiers, process: self, world: world)
        self.parts = parts
        task = Task(executorPreference: executor) { [self] in
            await begin(parts)
            if let group, !isClosed {
                isServing = true
                try? await group.run()
            }
            isServing = false
            hasEnded = true
            listener?.finish()
        }
    }

    /// Reads what a process needs before it serves. While the database can't be reached, it tries again.
    private func begin(_ parts: Parts) async {
        while !isClosed {
            do {
                try await parts.clock.read()
                try await parts.configuration.reload()
                group = parts.group()
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
    func serve(_ body: @escaping @Sendable (Parts) async -> Void) {
        guard let parts, isServing, isAlive else { return }
        Task(executorPreference: executor) { await body(parts) }
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

/// The parts of the application, wired as in a real process.
struct Parts: Sendable {
    let holder: String
    let store: Store
    let configuration: ConfigurationCache
    let directory: IncidentDirectory
    let ingest: Ingest
    let pages: PageQueue
    let configurator: Configurator
    let clock: DatabaseClock
    private let listener: ChangeListener
    private let recorder: AttemptRecorder
    private let supervisor: Supervisor
    private let logger: Logger

    init(database: any Database, time host: TimeSource, identifiers: Identifiers, process: Process, world: World) {
        let logger = Logger(label: "simulation") { _ in world.logHandler(process.number) }
        self.logger = logger
        holder = identifiers.next(Parts.self).rawValue
        store = Store(database: database, identifiers: identifiers)
        clock = DatabaseClock(store: store, host: host, logger: logger)
        let time = clock.time
        let eventBus = EventBus()
        configuration = ConfigurationCache(store: store)
        let commits = CommitQueue(store: store, eventBus: eventBus, time: time)
        let context = IncidentContext(store: store, commits: commits, configuration: configuration, time: time)
        directory = IncidentDirectory(context: context)
        let followUps = FollowUpWorker(context: context, directory: directory, eventBus: eventBus, logger: logger)
        configurator = Configurator(context: context, followUps: followUps)
        recorder = AttemptRecorder(store: store, time: time, logger: logger)
        let composer = MessageComposer(
            store: store, acknowledgementLink: { "https://pager.example/a/\($0)" }, linkCode: { $0 },
            incidentLink: { "https://pager.example/incidents/\($0)" })
        let providers = [Channel.sms, .email].map {
            SimulatedProvider(channel: $0, time: time, process: process, world: world)
        }
        let dispatcher = Dispatcher(
            providers: providers,
            settings: Dispatcher.Settings(bundlingWindow: world.plan.bundlingWindow, patience: world.plan.patience),
            composer: composer, context: context, directory: directory, eventBus: eventBus, followUps: followUps,
            recorder: recorder, logger: logger)
        ingest = Ingest(directory: directory, context: context)
        let receiver = HeartbeatReceiver(context: context, ingest: ingest, eventBus: eventBus)
        supervisor = Supervisor(
            holder: holder, settings: Supervisor.Settings(leaseDuration: world.plan.lease), store: store,
            clock: EscalationClock(store: store, directory: directory, eventBus: eventBus, time: time, logger: logger),
            heartbeats: HeartbeatClock(
                store: store, configuration: configuration, heartbeats: receiver, eventBus: eventBus, time: time,
                logger: logger),
            handoffs: HandoffClock(context: context, eventBus: eventBus, logger: logger),
            followUps: FollowUpClock(context: context, worker: followUps, logger: logger),
            retention: RetentionClock(policy: .usual, store: store, time: time, logger: logger),
            drills: DrillDesk(ingest: ingest, context: context, logger: logger),
            dispatcher: dispatcher, health: DutyHealth(), eventBus: eventBus, time: time, logger: logger)
        listener = ChangeListener(
            store: store, configuration: configuration, directory: directory, eventBus: eventBus, time: time,
            logger: logger)
        pages = PageQueue(context: context, directory: directory, eventBus: eventBus, followUps: followUps)
    }

    /// The long-lived tasks, in the order of a real process.
    func group() -> ServiceGroup {
        ServiceGroup(services: [clock, listener, recorder, supervisor], logger: logger)
    }
}
