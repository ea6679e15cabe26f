internal import Domain
internal import Glibc

extension TimeSource {
    /// The host's clocks.
    static let system = TimeSource(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
        },
        monotonic: sinceBoot,
        sleepUntil: { try await Task.sleep(for: $0 - sinceBoot(), tolerance: .zero, clock: .continuous) },
        random: { Double.random(in: 0...1) })
}

/// The time since the host was started. It also counts while the process is stopped and while the host sleeps,
/// because a lease must not outlive either.
private func sinceBoot() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
}

extension Identifiers {
    /// UUIDs with the system's random numbers.
    static func uuids(time: TimeSource) -> Identifiers {
        uuids(time: time, random: { UInt64.random(in: 0...UInt64.max) })
    }
}
