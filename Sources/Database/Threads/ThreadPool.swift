internal import DequeModule
internal import Dispatch
internal import Synchronization

/// Threads that each own one resource (a connection to a blocking C library) and take jobs from a shared queue.
///
/// Blocking calls therefore never hold up Swift's own threads. Threads start on demand, up to the limit.
final class ThreadPool<Resource>: Sendable {
    /// Opens the resource on the thread that will own it. It is called again after a job reported the resource broken.
    typealias Open = @Sendable () throws(DatabaseError) -> Resource

    private struct Job {
        let deadline: ContinuousClock.Instant
        let run: (Result<Resource, DatabaseError>) -> Bool
    }
    private struct State {
        var jobs: Deque<Job> = []
        var threads = 0
        var idle = 0
        var isClosed = false
        var onClosed: [CheckedContinuation<Void, Never>] = []
    }
    /// Jobs are not Sendable. Each is created by one task and run by one thread, and the mutex hands it over.
    private struct Shared: @unchecked Sendable { var state = State() }

    private let shared = Mutex(Shared())
    private let wake = DispatchSemaphore(value: 0)
    private let name: String
    private let limit: Int
    private let options: DatabaseOptions
    private let pause: ReconnectPause
    private let isUsable: @Sendable (Resource) -> Bool
    private let open: Open

    /// - Parameters:
    ///   - pause: shared by all pools of one database.
    ///   - isUsable: looks at a resource that was idle. One that is not usable any more is opened anew.
    init(
        name: String, threads limit: Int, options: DatabaseOptions, pause: ReconnectPause,
        isUsable: @escaping @Sendable (Resource) -> Bool = { _ in true }, open: @escaping Open
    ) {
        self.name = name
        self.limit = limit
        self.options = options
        self.pause = pause
        self.isUsable = isUsable
        self.open = open
    }

    /// Runs a body on one of the threads, in order of arrival.
    ///
    /// - Parameters:
    /// - isUrgent: whether it goes ahead of all waiting jobs.
    /// - body: returns its result, and whether the resource is still usable.
    /// - afterwards: called with a usable resource after the caller has the result.
    func run<Value: Sendable>(
        isUrgent: Bool = false,
        _ body: @escaping @Sendable (Resource) -> (Result<Value, DatabaseError>, isIntact: Bool),
        afterwards: @escaping @Sendable (Resource) -> Void = { _ in }
    ) async throws(DatabaseError) -> Value {
        // Cancellation of the caller has no effect here. The database call completes within its time-outs.
        let deadline = DatabaseDeadline.current
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, DatabaseError>, Never>) in
            let caller = Caller(continuation)
            let job = Job(deadline: .now + options.waitTimeout) { resource in
                guard caller.isWaiting else { return true }
                switch resource {
                case .failure(let error):
                    caller.answer(.failure(error))
                    return true
                case .success(let resource):
                    let (result, isIntact) = body(resource)
                    caller.answer(result)
                    if isIntact { afterwards(resource) }
                    return isIntact
                }
            }
            if let refusal = enqueue(job, isUrgent: isUrgent) { return caller.answer(.failure(refusal)) }
            if let deadline { caller.giveUp(at: deadline) }
        }
        return try result.get()
    }

    /// Runs a body on one of the threads, and waits for nothing. The body is not run if no resource can be opened.
    ///
    /// - Parameter body: returns whether the resource is still usable.
    func post(_ body: @escaping @Sendable (Resource) -> Bool, otherwise failed: @escaping @Sendable () -> Void) {
        let job = Job(deadline: .now + options.waitTimeout) { resource in
            guard case .success(let resource) = resource else {
                failed()
                return true
            }
            return body(resource)
        }
        if enqueue(job, isUrgent: false) != nil { failed() }
    }

    /// Refuses new jobs, finishes the waiting ones, and returns when the last thread has ended.
    func close() async {
        await withCheckedContinuation { continuation in
            let threads = shared.withLock { shared -> Int in
                shared.state.isClosed = true
                if shared.state.threads > 0 { shared.state.onClosed.append(continuation) }
                return shared.state.threads
            }
            if threads == 0 { continuation.resume() }
            for _ in 0..<threads { wake.signal() }
        }
    }

    private func enqueue(_ job: Job, isUrgent: Bool) -> DatabaseError? {
        let (refusal, mustStart) = shared.withLock { shared -> (DatabaseError?, Bool) in
            if shared.state.isClosed { return (.closed, false) }
            let waiting = shared.state.jobs.count
            if waiting >= options.waitingLimit && !isUrgent {
                return (.unavailable("\(waiting) calls are waiting for a connection already"), false)
            }
            if isUrgent {
                shared.state.jobs.prepend(job)
            } else {
                shared.state.jobs.append(job)
            }
            let mustStart = shared.state.idle <= waiting && shared.state.threads < limit
            if mustStart { shared.state.threads += 1 }
            return (nil, mustStart)
        }
        if refusal == nil { wake.signal() }
        if mustStart { startThread(named: name) { self.work() } }
        return refusal
    }

    private func work() {
        var resource: Resource?
        while let job = next() {
            if job.deadline < .now {
                _ = job.run(.failure(.unavailable("no connection was free in \(options.waitTimeout)")))
            } else {
                switch acquire(&resource) {
                case .failure(let error): _ = job.run(.failure(error))
                case .success(let good): if !job.run(.success(good)) { resource = nil }
                }
            }
        }
        resource = nil
        let waiting = shared.withLock { shared -> [CheckedContinuation<Void, Never>] in
            shared.state.threads -= 1
            guard shared.state.threads == 0 else { return [] }
            defer { shared.state.onClosed = [] }
            return shared.state.onClosed
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns the next job, or nil when the pool is closed and no job waits.
    private func next() -> Job? {
        while true {
            shared.withLock { $0.state.idle += 1 }
            wake.wait()
            let (job, isOver) = shared.withLock { shared -> (Job?, Bool) in
                shared.state.idle -= 1
                guard let job = shared.state.jobs.popFirst() else { return (nil, shared.state.isClosed) }
                return (job, false)
            }
            if let job { return job }
            if isOver { return nil }
        }
    }

    /// Returns the thread's resource and opens it if needed. After a failure, opening pauses for a while.
    ///
    /// A failure that another thread's success has overtaken is tried again at once: the database is back.
    private func acquire(_ resource: inout Resource?) -> Result<Resource, DatabaseError> {
        if let resource, isUsable(resource) { return .success(resource) }
        resource = nil
        var isRepeated = false
        while true {
            if let error = pause.error { return .failure(error) }
            let start = ContinuousClock.now
            do {
                let opened = try open()
                resource = opened
                pause.end()
                return .success(opened)
            } catch {
                if pause.begin(after: error, of: start) || isRepeated { return .failure(error) }
                isRepeated = true
            }
        }
    }
}

/// The task that waits for a job's result. It gets the first answer; later ones are dropped.
private final class Caller<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result<Value, DatabaseError>, Never>?>

    init(_ continuation: CheckedContinuation<Result<Value, DatabaseError>, Never>) {
        self.continuation = Mutex(continuation)
    }

    var isWaiting: Bool { continuation.withLock { $0 != nil } }

    func answer(_ result: Result<Value, DatabaseError>) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: result)
    }

    func giveUp(at deadline: ContinuousClock.Instant) {
        let left = max(.zero, deadline - .now)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(clamping: left.milliseconds))) {
            self.answer(.failure(.unavailable("the database did not answer in time, so the outcome is unknown")))
        }
    }
}
