/// An instant, in microseconds since 1970-01-01 00:00 UTC. The database stores it in the same form.
///
/// Input from people and programs outside `accepted` is refused. Arithmetic never overflows: it stops at the first or
/// last representable instant.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Creates an instant from whole seconds since 1970-01-01 00:00 UTC.
    package init(seconds: Int64) { self.microseconds = seconds.saturatingProduct(with: 1_000_000) }

    /// The instants accepted as input: the years 1970 to 9999.
    package static let accepted = Timestamp(seconds: 0)...Timestamp(microseconds: 253_402_300_799_999_999)

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds.flooredQuotient(by: 1_000_000) }

    /// The range in which schedules are computed: the accepted instants, with ten more years on both sides.
    static let reckoned = accepted.lowerBound - .days(3653)...accepted.upperBound + .days(3653)

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
    package static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: instant.microseconds.saturatingSum(with: duration.microseconds))
    }
    package static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: instant.microseconds.saturatingDifference(to: duration.microseconds))
    }
    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .microseconds(later.microseconds.saturatingDifference(to: earlier.microseconds))
    }
}

extension Duration {
    /// The duration in microseconds, rounded towards zero and limited to the largest representable value.
    package var microseconds: Int64 {
        components.seconds.saturatingProduct(with: 1_000_000)
            .saturatingSum(with: components.attoseconds / 1_000_000_000_000)
    }

    /// A number of minutes.
    package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    /// A number of hours of 60 minutes.
    package static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
    /// A number of days of 24 hours, regardless of daylight saving.
    package static func days(_ count: Int) -> Duration { .seconds(count * 86400) }
}

extension Int64 {
    /// Divides and rounds down, also below zero.
    package func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// Returns the sum, limited to the smallest or largest number.
    func saturatingSum(with other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    /// Returns the difference, limited to the smallest or largest number.
    func saturatingDifference(to other: Int64) -> Int64 {
        let (difference, overflows) = subtractingReportingOverflow(other)
        return overflows ? (other < 0 ? .max : .min) : difference
    }

    /// Returns the product, limited to the smallest or largest number.
    func saturatingProduct(with other: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}
