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
    let digits: StaticString = "0123456789abcdef"
    return String(unsafeUninitializedCapacity: 36) { text in
        var place = 0
        for digit in 0..<32 {
            if [8, 12, 16, 20].contains(digit) {
                text[place] = UInt8(ascii: "-")
                place += 1
            }
            let half = digit < 16 ? high : low
            text[place] = digits.utf8Start[Int(half >> (60 - 4 * UInt64(digit % 16)) & 0xf)]
            place += 1
        }
        return place
    }
}
