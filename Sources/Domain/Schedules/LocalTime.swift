internal import Foundation

/// A time zone's local time, both ways.
///
/// What daylight saving does to a hand-off is defined here: a local time that the clocks jump over means the first
/// instant after the jump; one that comes twice means the first of the two.
struct LocalClock: Sendable {
    private let zone: TimeZone

    /// Nil for a name that the system's time zone database does not know.
    init?(_ name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    /// Seconds east of UTC.
    func offset(at instant: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))))
    }

    func date(at instant: Timestamp) -> CivilDate {
        let local = instant.seconds + offset(at: instant.seconds)
        return CivilDate(daysSince1970: local.flooredQuotient(by: 86400))
    }

    /// Minutes since local midnight.
    func minute(at instant: Timestamp) -> Int {
        let local = instant.seconds + offset(at: instant.seconds)
        return Int((local - local.flooredQuotient(by: 86400) * 86400) / 60)
    }

    /// The instant of a local time; `minute` counts from midnight and may be 1440.
    func instant(_ date: CivilDate, minute: Int) -> Timestamp {
        let local = date.daysSince1970 * 86400 + Int64(minute) * 60
        let offsets = [offset(at: local - 86400), offset(at: local + 86400)]
        let valid = offsets.map { local - $0 }.filter { offset(at: $0) == local - $0 }
        if let first = valid.min() { return Timestamp(seconds: first) }
        // The clocks jumped over it: the jump lies between the two readings.
        var (before, after) = (local - max(offsets[0], offsets[1]), local - min(offsets[0], offsets[1]))
        let late = offset(at: after)
        while after - before > 1 {
            let middle = (before + after) / 2
            if offset(at: middle) == late { after = middle } else { before = middle }
        }
        return Timestamp(seconds: after)
    }
}
