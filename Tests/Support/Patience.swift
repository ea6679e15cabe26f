import Glibc

/// How long tests wait for what a working system does soon, however slow or busy the machine is.
package enum Patience {
    package static let limit: Duration = .seconds(300)

    /// Polls a condition that has no signal. A broken system fails instead of hanging. Looks at no clock of the system.
    package static func wait(for what: String, until condition: () async throws -> Bool) async throws {
        let started = ContinuousClock.now
        while try await !condition() {
            guard ContinuousClock.now - started < limit else {
                throw Overdue(description: "It did not happen within \(limit): \(what).")
            }
            // Also a condition that never waits must leave the thread to others.
            await Task.yield()
        }
    }
}

/// Returns the processor time that this thread needs for work. What else the machine does is not counted.
package func processorTime(_ work: () -> Void) -> Duration {
    let started = threadTime()
    work()
    return threadTime() - started
}

private func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
