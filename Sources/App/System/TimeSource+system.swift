internal import Domain
internal import Glibc
internal import Synchronization

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
    /// Generates UUIDs of version 7 (RFC 9562). They sort by creation time, even within a millisecond.
    static func uuids(time: TimeSource) -> Identifiers {
        let last = Mutex<(milliseconds: UInt64, counter: UInt64)>((0, 0))
        return Identifiers {
            let now = UInt64(max(0, time.now().microseconds / 1000))
            let (milliseconds, counter) = last.withLock { last -> (UInt64, UInt64) in
                if now > last.milliseconds {
                    last = (now, UInt64.random(in: 0..<0x800))
                } else if last.counter < 0xfff {
                    last.counter += 1
                } else {
                    last = (last.milliseconds + 1, 0)
                }
                return last
            }
            let high = milliseconds << 16 | 0x7000 | counter
            let low = UInt64.random(in: 0...UInt64.max) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
            return uuidText(high, low)
        }
    }
}

private func uuidText(_ high: UInt64, _ low: UInt64) -> String {
    func hex(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
    return "\(hex(high >> 32, 8))-\(hex(high >> 16 & 0xffff, 4))-\(hex(high & 0xffff, 4))-"
        + "\(hex(low >> 48, 4))-\(hex(low & 0xffff_ffff_ffff, 12))"
}
