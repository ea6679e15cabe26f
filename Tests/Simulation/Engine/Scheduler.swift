import Domain
import Glibc
import TestSupport

/// Runs all tasks of a simulation on one thread, in an order that a seed decides, and in simulated time.
///
/// Time stands still while any task can run. Then it jumps to the next event. One thread uses it, so it needs no locks.
package final class Scheduler: @unchecked Sendable {
    /// Microseconds since the start of the simulation.
    package private(set) var now: Int64 = 0
    /// The number of jobs that have run.
    package private(set) var jobs = 0
    private var ready: [(job: UnownedJob, executor: NodeExecutor)] = []
    private var events = EventHeap()
    private var numbers: SeededNumbers
    private var jobsAtThisInstant = 0
    /// The executor whose job runs now. Tasks without an executor of their own go there.
    private var current: NodeExecutor?
    private let thread = pthread_self()

    /// More jobs than this without any time passing mean that something spins.
    private static let spinLimit = 200_000

    package init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed ^ 0x5343_4845_4455_4C45)
        GlobalExecutorHook.install()
    }

    /// Why a run ended before its condition was true.
    package enum Fault: Error {
        /// Nothing can ever run again.
        case stuck
        /// Jobs run one after another although no time passes.
        case spinning
    }

    /// Runs jobs and events until a condition is true.
    package func run(until isDone: () -> Bool) throws(Fault) {
        GlobalExecutorHook.enter(self)
        defer { GlobalExecutorHook.leave() }
        while !isDone() {
            if let next = takeReady() {
                jobs += 1
                jobsAtThisInstant += 1
                if jobsAtThisInstant > Scheduler.spinLimit { throw .spinning }
                current = next.executor
                next.job.runSynchronously(on: next.executor.asUnownedTaskExecutor())
                current = nil
            } else if let event = events.pop() {
                if event.at > now {
                    now = event.at
                    jobsAtThisInstant = 0
                }
                event.action()
            } else {
                throw .stuck
            }
        }
    }

    private func takeReady() -> (job: UnownedJob, executor: NodeExecutor)? {
        guard !ready.isEmpty else { return nil }
        let index = ready.count == 1 ? 0 : Int(numbers.next() % UInt64(ready.count))
        ready.swapAt(index, ready.count - 1)
        return ready.removeLast()
    }

    /// Runs an action at an instant, in microseconds since the start.
    package func at(_ instant: Int64, _ action: @escaping () -> Void) {
        events.push(at: max(instant, now), action)
    }

    /// Runs an action after a duration.
    package func after(_ duration: Duration, _ action: @escaping () -> Void) {
        at(now + duration.microseconds, action)
    }

    func enqueue(_ job: UnownedJob, on executor: NodeExecutor) {
        precondition(pthread_equal(pthread_self(), thread) != 0, "a task left the simulation's thread")
        if executor.isHeld { executor.held.append(job) } else { ready.append((job, executor)) }
    }

    /// Enqueues a job of a task that was started without an executor.
    func enqueue(_ job: UnownedJob) {
        guard let current else { preconditionFailure("a task was started outside of all nodes") }
        enqueue(job, on: current)
    }

    /// Stops all tasks of an executor where they are, until they are let go.
    package func hold(_ executor: NodeExecutor) {
        executor.isHeld = true
        executor.held += ready.filter { $0.executor === executor }.map(\.job)
        ready.removeAll { $0.executor === executor }
    }

    /// Lets the tasks of an executor run again.
    package func letGo(_ executor: NodeExecutor) {
        executor.isHeld = false
        ready += executor.held.map { ($0, executor) }
        executor.held = []
    }

    /// Waits without regard to cancellation, as a call into a driver does.
    package func pause(_ duration: Duration) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            after(duration) { continuation.resume() }
        }
    }

    /// Sleeps until an instant. Throws `CancellationError` when the task is cancelled.
    package func sleep(until instant: Int64) async throws {
        let sleeper = Sleeper()
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
                if sleeper.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else if instant <= now {
                    continuation.resume()
                } else {
                    sleeper.continuation = continuation
                    at(instant) { sleeper.end(with: .success(())) }
                }
            }
        } onCancel: {
            sleeper.isCancelled = true
            sleeper.end(with: .failure(CancellationError()))
        }
    }

    private final class Sleeper: @unchecked Sendable {
        var continuation: UnsafeContinuation<Void, any Error>?
        var isCancelled = false

        func end(with result: Result<Void, any Error>) {
            let sleeping = continuation
            continuation = nil
            sleeping?.resume(with: result)
        }
    }
}

/// Runs the tasks of one node. While it is held, they wait.
package final class NodeExecutor: TaskExecutor, @unchecked Sendable {
    private let scheduler: Scheduler
    fileprivate(set) var isHeld = false
    fileprivate var held: [UnownedJob] = []

    package init(_ scheduler: Scheduler) { self.scheduler = scheduler }

    package func enqueue(_ job: consuming ExecutorJob) { scheduler.enqueue(UnownedJob(job), on: self) }
}

/// Events in the order of their instants, then of their arrival.
private struct EventHeap {
    struct Event {
        let at: Int64
        let order: Int
        let action: () -> Void

        func isBefore(_ other: Event) -> Bool { (at, order) < (other.at, other.order) }
    }

    private var events: [Event] = []
    private var count = 0

    mutating func push(at instant: Int64, _ action: @escaping () -> Void) {
        count += 1
        events.append(Event(at: instant, order: count, action: action))
        var index = events.count - 1
        while index > 0, events[index].isBefore(events[(index - 1) / 2]) {
            events.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func pop() -> Event? {
        guard let first = events.first, let last = events.popLast() else { return nil }
        guard !events.isEmpty else { return first }
        events[0] = last
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < events.count {
                if events[child].isBefore(events[least]) { least = child }
            }
            if least == index { return first }
            events.swapAt(index, least)
            index = least
        }
    }
}
