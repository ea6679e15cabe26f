/// Converts between instants and the local time of a zone.
///
/// This type defines how daylight saving affects handoffs. A local time that the clocks skip means the first instant
/// after the jump. A local time that occurs twice means the first of the two.
package struct LocalClock: Sendable {
    private let zone: ZoneRules
    /// Cached offsets, in order, for a span that is queried often. See `remembering`.
    private var known: [(from: Int64, offset: Int64)] = []
    private var knownUntil = Int64.min

    package static let utc = LocalClock(zone: .utc)

    private init(zone: ZoneRules) { self.zone = zone }

    /// Nil for a name that is not in the system's time zone database.
    package init?(_ name: String) {
        guard let zone = ZoneDatabase.rules(named: name) else { return nil }
        self.zone = zone
    }

    /// Returns a clock with the offsets of a span cached. Rendering a year queries thousands of them.
    func remembering(from: Timestamp, to: Timestamp) -> LocalClock {
        let margin: Int64 = 3 * 86400
        var clock = self
        var (place, end) = (from.seconds - margin, to.seconds + margin)
        clock.known = [(place, zone.offset(at: place))]
        while place < end {
            let next = place + 86400
            let (before, after) = (clock.known[clock.known.count - 1].offset, zone.offset(at: next))
            if before != after { clock.known.append((firstInstant(of: after, after: place, before: next), after)) }
            place = next
        }
        end = place
        clock.knownUntil = end
        return clock
    }

    /// Returns the offsets of a span in seconds east of UTC, each with the instant at which it starts. The first starts
    /// with the span.
    package func offsets(from: Timestamp, to: Timestamp) -> [(from: Timestamp, seconds: Int64)] {
        let known = remembering(from: from, to: to).known
        let begin = known.lastIndex { $0.from <= from.seconds } ?? 0
        return known[begin...].filter { $0.from < to.seconds }.map { (Timestamp(seconds: $0.from), $0.offset) }
    }

    /// Returns the offset in seconds east of UTC.
    package func offset(at instant: Int64) -> Int64 {
        guard let first = known.first, instant >= first.from, instant < knownUntil else {
            return zone.offset(at: instant)
        }
        return known.last { $0.from <= instant }?.offset ?? first.offset
    }

    /// Finds the instant between two others at which the offset changes.
    private func firstInstant(of offset: Int64, after: Int64, before: Int64) -> Int64 {
        var (before, after) = (after, before)
        while after - before > 1 {
            let middle = (before + after) / 2
            if zone.offset(at: middle) == offset { after = middle } else { before = middle }
        }
        return after
    }

    package func date(at instant: Timestamp) -> CivilDate {
        let local = instant.seconds + offset(at: instant.seconds)
        return CivilDate(daysSince1970: local.flooredQuotient(by: 86400))
    }

    /// Returns the minutes since local midnight.
    package func minute(at instant: Timestamp) -> Int {
        let local = instant.seconds + offset(at: instant.seconds)
        return Int((local - local.flooredQuotient(by: 86400) * 86400) / 60)
    }

    /// Returns the instant of a local time. `minute` counts from midnight and may be 1440.
    package func instant(_ date: CivilDate, minute: Int) -> Timestamp {
        let local = date.daysSince1970 * 86400 + Int64(minute) * 60
        let (early, late) = (offset(at: local - 86400), offset(at: local + 86400))
        if early == late, offset(at: local - early) == early { return Timestamp(seconds: local - early) }
        let valid = [early, late].map { local - $0 }.filter { offset(at: $0) == local - $0 }
        if let first = valid.min() { return Timestamp(seconds: first) }
        // The clocks skip this local time. The jump is between the two readings.
        let (before, after) = (local - max(early, late), local - min(early, late))
        return Timestamp(seconds: firstInstant(of: offset(at: after), after: before, before: after))
    }
}
