/// An instant: microseconds since 1970-01-01 00:00 UTC, which is also how the database stores it.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// The instant a number of whole seconds after 1970-01-01 00:00 UTC.
    package init(seconds: Int64) { self.microseconds = seconds * 1_000_000 }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds.flooredQuotient(by: 1_000_000) }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
    package static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: instant.microseconds + duration.microseconds)
    }
    package static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: instant.microseconds - duration.microseconds)
    }
    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .microseconds(later.microseconds - earlier.microseconds)
    }
}

extension Duration {
    /// The duration in microseconds, rounded towards zero.
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// A number of minutes.
    package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    /// A number of hours of 60 minutes.
    package static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
    /// A number of days of 24 hours, whatever daylight saving does.
    package static func days(_ count: Int) -> Duration { .seconds(count * 86400) }
}

extension Int64 {
    /// Division that rounds down, also below zero.
    package func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
