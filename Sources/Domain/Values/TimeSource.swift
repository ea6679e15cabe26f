/// Where time comes from: now and sleep together, so that one manual clock drives both in tests.
package struct TimeSource: Sendable {
    /// The wall clock. It may jump.
    package let now: @Sendable () -> Timestamp
    /// Time since some fixed point, which never jumps and goes on while the process is stopped.
    package let monotonic: @Sendable () -> Duration
    /// Returns after the duration, or throws `CancellationError` at once when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// A random number from 0 to 1.
    package let random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.monotonic = monotonic
        self.sleep = sleep
        self.random = random
    }
}
