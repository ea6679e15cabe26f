/// Where time comes from: now and sleep together, so that one manual clock drives both in tests.
package struct TimeSource: Sendable {
    /// The wall clock. It may jump.
    package let now: @Sendable () -> Timestamp
    /// Time since some fixed point, which never jumps and goes on while the process is stopped.
    package let monotonic: @Sendable () -> Duration
    /// Returns when `monotonic` has reached a point, or throws `CancellationError` at once when the task is cancelled.
    ///
    /// A point and not a length: whoever computes when to wake must not oversleep by what passes until it sleeps.
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

    /// Sleeps for a length from now on.
    package func sleep(_ duration: Duration) async throws { try await sleepUntil(monotonic() + duration) }
}
