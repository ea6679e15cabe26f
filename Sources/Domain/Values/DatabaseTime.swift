/// The present as the database's clock tells it, counted on by the monotonic clock between two readings.
///
/// All processes on one database go by it, so it doesn't matter what their hosts' wall clocks show or when those jump.
/// It never goes back: when the database's clock is set back, this one runs a little slower until they meet, so that
/// what is due keeps its distance.
package struct DatabaseTime: Sendable {
    /// A slower clock moves on by this share of the time that passes.
    package static let slowRate = 0.98
    /// Readings that took longer than this say too little.
    package static let longestReading: Duration = .seconds(1)

    /// What the database told, and when by the monotonic clock.
    private var reading: (time: Timestamp, at: Duration)
    /// Where this clock stood at that reading.
    private var start: Timestamp

    /// - Parameters:
    ///   - reading: the database's clock.
    ///   - asked: when it was asked, by the monotonic clock.
    ///   - answered: when the answer came.
    package init(_ reading: Timestamp, asked: Duration, answered: Duration) {
        let at = asked + (answered - asked) / 2
        self.reading = (reading, at)
        start = reading
    }

    /// The present at an instant of the monotonic clock.
    package func now(at instant: Duration) -> Timestamp {
        let passed = max(.zero, instant - reading.at)
        return max(reading.time + passed, start + passed * DatabaseTime.slowRate)
    }

    /// Takes a new reading in, unless it took too long.
    package mutating func adopt(_ time: Timestamp, asked: Duration, answered: Duration) {
        guard answered - asked <= DatabaseTime.longestReading else { return }
        let at = asked + (answered - asked) / 2
        start = now(at: at)
        reading = (time, at)
    }

    /// How far this clock is ahead of the database's; more than nothing after that was set back.
    package func lead(at instant: Duration) -> Duration {
        now(at: instant) - (reading.time + max(.zero, instant - reading.at))
    }
}
