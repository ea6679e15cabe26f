internal import Domain

extension Reader {
    /// `Wed 4 Mar, 13:05`, with the year where it is not this one.
    func local(_ instant: Timestamp) -> String { "\(date(instant)), \(time(instant))" }

    /// `Wed 4 Mar`, with the year where it is not this one.
    func date(_ instant: Timestamp) -> String {
        let clock = LocalClock(timeZone) ?? .utc
        let words = day(instant)
        return clock.date(at: instant).year == clock.date(at: now).year ? String(words.dropLast(5)) : words
    }

    /// The same instant written out, which stays as it is: `Wed 4 Mar, 13:05`.
    func fixed(_ instant: Timestamp) -> HTML {
        "<time datetime=\"\(instant.rfc3339)\" title=\"\(exact(instant))\" data-fixed>\(local(instant))</time>"
    }

    /// From one instant to another; the second day only where it is another.
    func span(_ from: Timestamp, _ to: Timestamp) -> HTML {
        guard day(from) == day(to) else { return "\(fixed(from)) to \(fixed(to))" }
        return """
            \(fixed(from)) to <time datetime="\(to.rfc3339)" title="\(exact(to))" data-fixed>\(time(to))</time>
            """
    }
}
