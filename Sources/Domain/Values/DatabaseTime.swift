/// The current time by the database's clock, advanced by the monotonic clock between readings.
///
/// All processes on one database use it, so wrong or jumping wall clocks on their hosts do not matter. It never goes
/// back: if the database's clock is set back, this one runs slightly slower until the two meet. Timers therefore keep
/// their distance.
package struct DatabaseTime: Sendable {
    /// The rate at which a slowed clock advances.
    package static let slowRate = 0.98
    /// Readings that took longer than this are too inaccurate to use.
    package static let longestReading: Duration = .seconds(1)

    /// The database's time, and the monotonic time of that reading.
    private var reading: (time: Timestamp, at: Duration)
    /// This clock's time at that reading.
    private var start: Timestamp

    /// - Parameters:
    /// - reading: the time by the database's clock.
    /// - asked: when the query was sent, by the monotonic clock.
    /// - answered: when the answer arrived, by the monotonic clock.
    package init(_ reading: Timestamp, asked: Duration, answered: Duration) {
        let at = asked + (answered - asked) / 2
        self.reading = (reading, at)
        start = reading
    }

    /// Returns the current time at an instant of the monotonic clock.
    package func now(at instant: Duration) -> Timestamp {
        let passed = max(.zero, instant - reading.at)
        return max(reading.time + passed, start + passed * DatabaseTime.slowRate)
    }

    /// Adopts a new reading, unless it took too long.
    package mutating func adopt(_ time: Timestamp, asked: Duration, answered: Duration) {
        guard answered - asked <= DatabaseTime.longestReading else { return }
        let at = asked + (answered - asked) / 2
        start = now(at: at)
        reading = (time, at)
    }

    /// Returns how far this clock is ahead of the database's. It is positive after the database's clock was set back.
    package func lead(at instant: Duration) -> Duration {
        now(at: instant) - (reading.time + max(.zero, instant - reading.at))
    }
}
