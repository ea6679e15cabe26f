/// Provides the time and sleeps. Both are together so that one manual clock drives them in tests.
package struct TimeSource: Sendable {
    /// The wall clock. It may jump.
    package let now: @Sendable () -> Timestamp
    /// Time since a fixed point. It never jumps, and it advances while the process is stopped.
    package let monotonic: @Sendable () -> Duration
    /// Returns when `monotonic` reaches a point. Throws `CancellationError` at once when the task is cancelled.
    ///
    /// It takes a point rather than a duration, so that time that passes before the sleep starts does not delay the
    /// wake-up.
    package let sleepUntil: @Sendable (Duration) async throws -> Void
    /// A random number from 0 to 1.
    package let random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> Duration,
        sleepUntil: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.monotonic = monotonic
        self.sleepUntil = sleepUntil
        self.random = random
    }

    /// Sleeps for a duration.
    package func sleep(_ duration: Duration) async throws { try await sleepUntil(monotonic() + duration) }
}
