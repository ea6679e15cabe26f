import Domain
import TestSupport

extension Plan {
    /// The plan of a seed.
    ///
    /// - Parameter faults: whether anything fails.
    package init(seed: UInt64, faults: Bool = true, horizon: Duration? = nil) {
        var draw = Draw(seed)
        self.seed = seed
        let length = horizon ?? .seconds(draw.int(20...90))
        self.horizon = length
        settling = .seconds(50)
        hosts = faults ? draw.pick([1, 2, 2, 2, 3]) : 1
        lease = .seconds(draw.pick([3, 5, 5, 10]))
        bundlingWindow = draw.pick([.zero, .zero, .seconds(5)])
        patience = draw.pick([nil, .seconds(5)])
        wallOffsets = (0..<hosts).map { _ in draw.chance(faults ? 30 : 0) ? .seconds(draw.int(-180...180)) : .zero }
        drifts = (0..<hosts).map { _ in faults ? Int64(draw.int(-200...200)) : 0 }
        steps = []
        var actions: [(Duration, Action)] = []
        for _ in 0..<draw.int(1...4) { actions.append((draw.time(until: length * 0.7), draw.alert(hosts))) }
        for _ in 0..<draw.int(0...3) { actions.append((draw.time(until: length), draw.deed(hosts))) }
        for _ in 0..<draw.int(0...3) { actions.append((.zero, draw.reaction(hosts))) }
        if draw.chance(20) { actions.append((draw.time(until: length), draw.setting(hosts))) }
        if draw.chance(20) { actions.append((draw.time(until: length), draw.text())) }
        if faults {
            for _ in 0..<draw.int(0...3) { actions.append((draw.time(until: length), draw.mishap(hosts))) }
            for _ in 0..<draw.int(0...3) { actions.append((draw.time(until: length), draw.loss(hosts))) }
            for _ in 0..<draw.int(0...2) { actions.append((.zero, draw.ambush(hosts))) }
            if draw.chance(10) { actions.append((draw.time(until: length), draw.failover())) }
            if draw.chance(25) { actions.append((draw.time(until: length), draw.strand(hosts))) }
            for _ in 0..<draw.int(0...2) { actions.append((draw.time(until: length), draw.mood(length))) }
        }
        let sorted = actions.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        if actions.contains(where: { $0.1.isLasting }) { settling = .seconds(130) }
        steps = sorted.enumerated().map {
            Step(number: $0.offset, at: $0.element.element.0, action: $0.element.element.1)
        }
    }

    /// The numbers of its steps.
    package var numbers: [Int] { steps.map(\.number) }

    /// What people read about it.
    package var lines: [String] {
        ["\(hosts) hosts, a lease of \(lease), bundling within \(bundlingWindow)"] + steps.map(\.description)
    }

    /// The same plan without some of its steps.
    package func without(_ numbers: Set<Int>) -> Plan {
        var plan = self
        plan.steps.removeAll { numbers.contains($0.number) }
        return plan
    }
}

extension Plan.Action {
    /// Whether it takes long until everything has come to rest after it.
    fileprivate var isLasting: Bool {
        switch self {
        case .provider, .databaseJump, .lose(_, _, .late), .strand, .failover: true
        case .alert, .alerts, .act, .write, .react, .ambush, .kill, .stop, .freeze, .outage, .cut, .lose, .slow, .deaf,
            .wallJump,
            .configure:
            false
        }
    }
}

/// Draws the parts of a plan.
private struct Draw {
    private var numbers: SeededNumbers

    init(_ seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }

    mutating func chance(_ percent: Int) -> Bool { int(0...99) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[int(0...elements.count - 1)] }

    mutating func time(until end: Duration) -> Duration {
        .milliseconds(int(2000...max(2001, Int(end.microseconds / 1000))))
    }

    mutating func alert(_ hosts: Int) -> Plan.Action {
        if chance(15) { return .alerts(source: int(0...2), keys: Array(0...int(1...4)), host: int(0...hosts - 1)) }
        return .alert(
            source: int(0...2), key: int(0...1), status: chance(20) ? .resolved : .firing,
            severity: pick([.critical, .critical, .error, .warning]), host: int(0...hosts - 1))
    }

    mutating func oneDeed() -> Plan.Deed { chance(50) ? .acknowledge : pick(Plan.Deed.allCases) }

    mutating func deed(_ hosts: Int) -> Plan.Action {
        .act(person: int(0...3), oneDeed(), incident: int(0...3), host: int(0...hosts - 1))
    }

    mutating func text() -> Plan.Action {
        .write(person: int(0...3), pick([.ack, .ack, .resolve, .huh]), incident: int(0...3))
    }

    mutating func setting(_ hosts: Int) -> Plan.Action {
        let person = int(0...1)
        let setting: Plan.Setting =
            chance(60) ? .presence(person, isEnabled: chance(30)) : chance(50) ? .number(person) : .rules(person)
        return .configure(setting, host: int(0...hosts - 1))
    }

    mutating func reaction(_ hosts: Int) -> Plan.Action {
        .react(
            person: int(0...3), message: int(0...2), after: .milliseconds(pick([1, 5, 20, 100, 2000, 20000])),
            oneDeed(), host: int(0...hosts - 1))
    }

    mutating func mishap(_ hosts: Int) -> Plan.Action {
        let host = int(0...hosts - 1)
        switch int(0...9) {
        case 0, 1: return .kill(host: host, down: .milliseconds(int(300...40000)))
        case 2, 3: return .freeze(host: host, .milliseconds(pick([300, 1500, 4000, 6000, 12000, 30000])))
        case 4: return .stop(host: host, down: .milliseconds(int(10...20000)))
        case 5: return .outage(.milliseconds(int(200...30000)))
        case 6: return .cut(host: host, .milliseconds(int(200...30000)))
        case 7: return .slow(.seconds(int(2...20)), upTo: .milliseconds(pick([200, 1000, 3000])))
        case 8: return .deaf(host: host, .seconds(int(1...30)))
        default:
            return chance(50)
                ? .wallJump(host: host, .seconds(int(-3600...3600))) : .databaseJump(.seconds(int(-15...15)))
        }
    }

    mutating func ambush(_ hosts: Int) -> Plan.Action {
        let ambush: Plan.Ambush =
            switch int(0...6) {
            case 0, 1: .act(person: int(0...3), chance(70) ? .acknowledge : oneDeed(), host: int(0...hosts - 1))
            case 2: .kill(down: .milliseconds(int(300...20000)))
            case 3: .freeze(.milliseconds(pick([1500, 6000, 12000])))
            case 4: .cut(.milliseconds(int(200...15000)))
            case 5: .strand(freeze: .milliseconds(pick([6000, 12000, 30000])), arrival: arrival())
            default: .stop(down: .milliseconds(int(10...10000)))
            }
        return .ambush(
            chance(70) ? .claim(int(0...5)) : .failure(int(0...2)),
            after: .microseconds(pick([0, 500, 2000, 5000, 20000, 80000, 300_000])), ambush)
    }

    mutating func failover() -> Plan.Action {
        .failover(tail: .milliseconds(pick([0, 2, 20, 300, 2000, 6000])), down: .milliseconds(int(200...15000)))
    }

    mutating func strand(_ hosts: Int) -> Plan.Action {
        .strand(
            host: int(0...hosts - 1), pick([.commit, .dispatch]),
            freeze: .milliseconds(pick([6000, 12000, 30000])), arrival: arrival())
    }

    mutating func arrival() -> Duration {
        .microseconds(pick([0, 500, 1000, 2000, 5000, 20000, 100_000, 1_000_000]))
    }

    mutating func loss(_ hosts: Int) -> Plan.Action {
        .lose(
            host: int(0...hosts - 1), pick(Plan.Workload.allCases),
            pick([.neverRan, .committed, .committed, .late(.milliseconds(int(50...8000)))]))
    }

    mutating func mood(_ length: Duration) -> Plan.Action {
        .provider(pick([.sms, .sms, .email, .webhook]), pick(Plan.Mood.allCases), .seconds(int(2...40)))
    }
}
