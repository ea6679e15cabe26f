import Actors
import Database
import Domain
import Logging
import TestSupport

/// One simulation: hosts with their processes, the database, the network, providers, people and monitoring systems.
final class World: @unchecked Sendable {
    let plan: Plan
    let scheduler: Scheduler
    let server: Server
    private(set) var history: History!
    private(set) var network: Network!
    private(set) var providers: ProviderWorld!
    private(set) var people: People!
    private(set) var senders: Senders!
    private(set) var bot: SimulatedBot!
    private(set) var processes: [Process] = []
    /// The process that runs on each host now.
    private var running: [Int: Process] = [:]
    private(set) var wallOffsets: [Duration]
    private var ambushes: [(moment: Plan.Moment, after: Duration, ambush: Plan.Ambush)] = []
    private var claims = 0
    private var failures = 0
    private var deafUntil: [Int: Int64] = [:]
    private var numbers: SeededNumbers
    /// Nothing that happens after this counts.
    private(set) var isOver = false
    let keepsLog: Bool

    init(_ plan: Plan, _ template: Template, planted: PlantedFault?, keepsLog: Bool) throws(DatabaseError) {
        self.plan = plan
        self.keepsLog = keepsLog
        scheduler = Scheduler(seed: plan.seed)
        server = try Server(template, scheduler, planted: planted)
        wallOffsets = plan.wallOffsets
        numbers = SeededNumbers(seed: plan.seed &+ 1)
        history = History(self)
        network = Network(self)
        providers = ProviderWorld(self)
        people = People(self)
        senders = Senders(self)
        bot = SimulatedBot(self)
        server.onCommit = { [unowned self] in committed($0) }
        server.onLook = { [unowned self] in history.looked($0, $1, excluded: $2) }
    }

    /// A random number from 0 to below a bound.
    func draw(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(numbers.next() % UInt64(bound)) }

    // MARK: - The run

    /// Runs the whole plan, then undoes everything.
    func run() throws -> Outcome {
        for host in 0..<plan.hosts { scheduler.after(.milliseconds(draw(1500))) { self.boot(host) } }
        for step in plan.steps {
            if case .failover(let tail, _) = step.action {
                // Earlier in the list than the failover, so that an empty tail works too.
                scheduler.after(max(.zero, step.at - tail)) { self.markTail() }
            }
            scheduler.after(step.at) { self.perform(step.action) }
        }
        scheduler.after(plan.horizon) { self.heal() }
        let end = (plan.horizon + plan.settling).microseconds
        watch()
        var hasEnded = false
        scheduler.at(end) { hasEnded = true }
        do {
            try scheduler.run { hasEnded || self.history.violation != nil }
            if history.violation == nil { try history.finish() }
        } catch let fault as Scheduler.Fault {
            history.violate(.progress, "the simulation is \(fault)")
        }
        let outcome = Outcome(
            violation: history.violation, hash: history.hash, log: history.log, jobs: scheduler.jobs,
            statements: server.statements, commits: server.commits, counts: history.counts)
        isOver = true
        unwind()
        try server.end()
        return outcome
    }

    /// Ends all tasks, so that nothing of the simulation stays in memory.
    private func unwind() {
        for process in processes { process.close() }
        let limit = scheduler.jobs + 200_000
        try? scheduler.run { self.processes.allSatisfy(\.isUnwound) || self.scheduler.jobs > limit }
    }

    /// Checks at intervals what must have happened by then.
    private func watch() {
        scheduler.after(.seconds(5)) { [self] in
            guard !isOver else { return }
            history.checkPromptness()
            watch()
        }
    }

    // MARK: - Processes

    func anyProcess() -> Process? {
        let able = processes.filter { $0.isServing && $0.isAlive && !$0.isFrozen }
        return able.isEmpty ? nil : able[draw(able.count)]
    }

    /// The process of a host, or another one when that takes no requests.
    func servingProcess(on host: Int) -> Process? {
        if let process = running[host], process.isServing, process.isAlive { return process }
        return anyProcess()
    }

    private func boot(_ host: Int) {
        guard !isOver, running[host] == nil || running[host]?.isAlive == false else { return }
        let process = Process(processes.count, on: host, self)
        processes.append(process)
        running[host] = process
        history.note("host \(host) starts process \(process.number)")
        process.start()
    }

    private func committed(_ commit: Server.Commit) {
        guard !isOver else { return }
        history.committed(commit)
        for process in processes where process.isAlive {
            let host = process.host
            guard !network.isCut(host), (deafUntil[host] ?? 0) <= scheduler.now else { continue }
            for notice in commit.notices {
                scheduler.after(.microseconds(100 + draw(3000))) { process.hear(.payload(notice)) }
            }
        }
    }

    /// A process has claimed messages.
    func claimed(_ incidents: Set<IncidentID>, by process: Process) {
        defer { claims += 1 }
        spring(.claim(claims), incidents, process)
    }

    /// A process has stored that pages failed.
    func failed(_ incidents: Set<IncidentID>, by process: Process) {
        defer { failures += 1 }
        spring(.failure(failures), incidents, process)
    }

    private func spring(_ moment: Plan.Moment, _ incidents: Set<IncidentID>, _ process: Process) {
        for (planned, after, ambush) in ambushes where planned == moment {
            scheduler.after(after) { [self] in
                switch ambush {
                case .act(let person, let deed, let host):
                    for incident in incidents.sorted() { people.act(person, deed, on: incident, host) }
                case .kill(let down): if running[process.host] === process { kill(process.host, down) }
                case .stop(let down): if running[process.host] === process { stop(process.host, down) }
                case .freeze(let duration): if running[process.host] === process { freeze(process.host, duration) }
                case .cut(let duration): cut(process.host, duration)
                case .strand(let length, let arrival):
                    network.strand(process.host, .dispatch, freeze: length, arrival: arrival)
                }
            }
        }
    }

    // MARK: - What happens

    /// Marks a time in which the promises about time need not hold.
    func trouble(_ host: Int?, _ what: String, until pause: Int64) {
        history.trouble(host, until: scheduler.now + pause)
        history.note("trouble: \(what)\(host.map { " of host \($0)" } ?? "")")
    }

    private func perform(_ action: Plan.Action) {
        guard !isOver else { return }
        let lease = plan.lease.microseconds
        switch action {
        case .alert(let source, let key, let status, let severity, let host):
            senders.send(source, keys: [key], status, severity, host)
        case .alerts(let source, let keys, let host): senders.send(source, keys: keys, .firing, .critical, host)
        case .act(let person, let deed, let incident, let host): people.act(person, deed, ordinal: incident, host)
        case .write(let person, let word, let incident): people.write(person, word, ordinal: incident)
        case .react(let person, let message, let after, let deed, let host):
            people.expect(person, message, after, deed, host)
        case .ambush(let moment, let after, let ambush): ambushes.append((moment, after, ambush))
        case .strand(let host, let workload, let length, let arrival):
            network.strand(host, workload, freeze: length, arrival: arrival)
        case .kill(let host, let down): kill(host, down)
        case .stop(let host, let down): stop(host, down)
        case .freeze(let host, let duration): freeze(host, duration)
        case .outage(let duration):
            trouble(nil, "outage for \(duration)", until: duration.microseconds + lease + 8_000_000)
            server.isUp = false
            for host in 0..<plan.hosts { network.interrupt(host) }
            scheduler.after(duration) { self.restore() }
        case .failover(_, let down): failOver(down)
        case .cut(let host, let duration): cut(host, duration)
        case .lose(let host, let workload, let fate): network.lose(host, workload, fate)
        case .slow(let duration, let longest):
            trouble(nil, "slowness up to \(longest)", until: duration.microseconds + lease + 20_000_000)
            network.slowDown(for: duration, upTo: longest)
        case .deaf(let host, let duration):
            trouble(host, "deafness for \(duration)", until: duration.microseconds + 3_000_000)
            deafUntil[host] = scheduler.now + duration.microseconds
            scheduler.after(duration) { self.reconnect(host) }
        case .provider(let channel, let mood, let duration):
            history.delay(channel, until: scheduler.now + duration.microseconds + 130_000_000)
            history.note("\(channel.rawValue) is \(mood) for \(duration)")
            providers.set(channel, mood)
            scheduler.after(duration) { self.providers.set(channel, .well) }
        case .configure(let setting, let host): people.configure(setting, host)
        case .wallJump(let host, let duration):
            history.note("the clock of host \(host) jumps by \(duration)")
            wallOffsets[host] += duration
        case .databaseJump(let duration):
            let length = abs(duration.microseconds)
            trouble(nil, "the database's clock jumps by \(duration)", until: length + lease + 25_000_000)
            server.clockOffset += duration.microseconds
        }
    }

    private func markTail() {
        guard !isOver else { return }
        do { try server.markTail() } catch { history.violate(.progress, "the simulated server: \(error)") }
        history.tailBegins()
    }

    private func failOver(_ down: Duration) {
        guard !isOver else { return }
        trouble(nil, "failover without the tail", until: down.microseconds + plan.lease.microseconds + 30_000_000)
        server.isUp = false
        for host in 0..<plan.hosts { network.interrupt(host) }
        do {
            try server.loseTail()
            try history.tailIsLost()
        } catch {
            history.violate(.progress, "the simulated server: \(error)")
        }
        scheduler.after(down) { self.restore() }
    }

    private func cut(_ host: Int, _ duration: Duration) {
        guard !isOver else { return }
        trouble(host, "cut for \(duration)", until: duration.microseconds + plan.lease.microseconds + 8_000_000)
        network.cut(host, for: duration)
        scheduler.after(duration + .milliseconds(300)) { self.reconnect(host) }
    }

    private func kill(_ host: Int, _ down: Duration) {
        guard let process = running[host], process.isAlive else { return }
        trouble(host, "death of process \(process.number)", until: recovery(host, down))
        process.isDead = true
        scheduler.hold(process.executor)
        scheduler.after(down) { self.boot(host) }
    }

    private func stop(_ host: Int, _ down: Duration) {
        guard let process = running[host], process.isAlive, process.isServing else { return }
        trouble(host, "end of process \(process.number)", until: recovery(host, down) + 25_000_000)
        process.stop()
        restart(host, process, after: down)
    }

    private func restart(_ host: Int, _ process: Process, after down: Duration) {
        scheduler.after(down) { [self] in
            guard !isOver else { return }
            if process.isAlive { return restart(host, process, after: .seconds(1)) }
            boot(host)
        }
    }

    func freeze(_ host: Int, _ duration: Duration) {
        guard let process = running[host], process.isAlive, !process.isFrozen else { return }
        trouble(host, "freeze of process \(process.number) for \(duration)", until: recovery(host, duration))
        process.isFrozen = true
        scheduler.hold(process.executor)
        scheduler.after(duration) { [self] in
            process.isFrozen = false
            guard !process.isDead else { return }
            scheduler.letGo(process.executor)
            history.note("process \(process.number) wakes")
        }
    }

    /// How long others, or the next process, may need to go on after a process is gone.
    private func recovery(_ host: Int, _ down: Duration) -> Int64 {
        let others = processes.contains { $0.host != host && $0.isServing && $0.isAlive && !$0.isFrozen }
        return (others ? min(down, plan.lease) : down).microseconds + plan.lease.microseconds + 5_000_000
    }

    private func restore() {
        guard !isOver else { return }
        server.isUp = true
        for host in 0..<plan.hosts { scheduler.after(.milliseconds(100 + draw(400))) { self.reconnect(host) } }
    }

    /// A listener that lost its connection hears that it missed something.
    private func reconnect(_ host: Int) {
        guard !isOver, !network.isCut(host) else { return }
        deafUntil[host] = nil
        running[host]?.hear(.reconnected)
    }

    /// From here on nothing fails any more.
    private func heal() {
        history.note("nothing fails any more")
        server.isUp = true
        network.heal()
        providers.heal()
        for host in 0..<plan.hosts {
            if let process = running[host], process.isFrozen, !process.isDead {
                process.isFrozen = false
                scheduler.letGo(process.executor)
            }
            if running[host]?.isAlive != true { boot(host) }
            reconnect(host)
        }
        history.trouble(nil, until: scheduler.now + plan.lease.microseconds + 15_000_000)
    }

    func logHandler(_ process: Int) -> any LogHandler {
        keepsLog ? WorldLog(process: process, world: self) : SwiftLogNoOpLogHandler()
    }
}

/// Writes a process's log into the history.
private struct WorldLog: LogHandler {
    let process: Int
    let world: World
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard !world.isOver else { return }
        let facts = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        world.history.note("process \(process) logs: \(event.message) \(facts)", isHashed: false)
    }
}
