internal import Synchronization

extension Identifiers {
    /// Generates UUIDs of version 7 (RFC 9562). They sort by creation time, even within a millisecond.
    ///
    /// - Parameter random: returns 64 random bits.
    package static func uuids(time: TimeSource, random: @escaping @Sendable () -> UInt64) -> Identifiers {
        let last = Mutex<(milliseconds: UInt64, counter: UInt64)>((0, 0))
        return Identifiers {
            let now = UInt64(max(0, time.now().microseconds / 1000))
            let (milliseconds, counter) = last.withLock { last -> (UInt64, UInt64) in
                if now > last.milliseconds {
                    last = (now, random() % 0x800)
                } else if last.counter < 0xfff {
                    last.counter += 1
                } else {
                    last = (last.milliseconds + 1, 0)
                }
                return last
            }
            let high = milliseconds << 16 | 0x7000 | counter
            let low = random() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
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
