import Foundation
import Simulation
import Synchronization

/// Runs many seeds on several threads.
final class SeedRange: Sendable {
    /// A seed that broke an invariant, with the steps that suffice for it.
    struct Failure: Sendable {
        let seed: UInt64
        let violation: Violation?
        /// What is left of its plan.
        let plan: [String]
        let omitted: [Int]
    }

    private struct State {
        var next: UInt64
        var done = 0
        var statements = 0
        var counts = Counts()
        var failures: [Failure] = []
        var error: (any Error)?
    }

    private let state: Mutex<State>
    private let end: UInt64
    private let deadline: ContinuousClock.Instant?
    private let failureLimit: Int
    private let planted: PlantedFault?
    private let isTwice: Bool
    private let plan: @Sendable (UInt64) -> Plan

    /// - Parameters:
    ///   - failureLimit: after this many failures it ends.
    ///   - isTwice: whether to run each seed twice and compare the histories.
    init(
        from first: UInt64, count: Int, deadline: ContinuousClock.Instant?, failureLimit: Int, planted: PlantedFault?,
        isTwice: Bool, plan: @escaping @Sendable (UInt64) -> Plan
    ) {
        state = Mutex(State(next: first))
        end = first + UInt64(count)
        self.deadline = deadline
        self.failureLimit = failureLimit
        self.planted = planted
        self.isTwice = isTwice
        self.plan = plan
    }

    var failures: [Failure] { state.withLock { $0.failures }.sorted { $0.seed < $1.seed } }

    var summary: String {
        let state = state.withLock { $0 }
        let counts = state.counts
        return "\(state.done) seeds, \(state.failures.count) failed: \(counts.incidents) incidents, "
            + "\(counts.accepted) alerts accepted, \(counts.pages) pages, \(counts.handedOver) handed over, "
            + "\(counts.doubles) doubled and marked, \(counts.takeOvers) take-overs, \(state.statements) statements"
    }

    /// Returns when all seeds are done.
    func run(threads: Int) throws {
        let ended = DispatchSemaphore(value: 0)
        for _ in 0..<threads {
            let thread = Thread {
                self.work()
                ended.signal()
            }
            thread.stackSize = 16 << 20
            thread.start()
        }
        for _ in 0..<threads { ended.wait() }
        if let error = state.withLock({ $0.error }) { throw error }
    }

    private func take() -> UInt64? {
        if let deadline, ContinuousClock.now > deadline { return nil }
        return state.withLock { state in
            guard state.next < end, state.failures.count < failureLimit, state.error == nil else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func work() {
        do {
            let simulation = try Simulation()
            while let seed = take() { try run(seed, simulation) }
        } catch {
            state.withLock { $0.error = error }
        }
    }

    private func run(_ seed: UInt64, _ simulation: Simulation) throws {
        let plan = plan(seed)
        let outcome = try simulation.run(plan, planted: planted)
        state.withLock { state in
            state.done += 1
            state.counts += outcome.counts
            state.statements += outcome.statements
        }
        if let violation = outcome.violation {
            let short = try simulation.shortened(plan, breaking: violation.invariant, planted: planted)
            let kept = Set(short.numbers)
            add(
                Failure(
                    seed: seed, violation: try simulation.run(short, planted: planted).violation, plan: short.lines,
                    omitted: plan.numbers.filter { !kept.contains($0) }))
        } else if isTwice, try simulation.run(plan, planted: planted).hash != outcome.hash {
            add(Failure(seed: seed, violation: nil, plan: plan.lines, omitted: []))
        }
    }

    private func add(_ failure: Failure) { state.withLock { $0.failures.append(failure) } }
}
