internal import Domain

extension Reader {
    /// `Wed 4 Mar, 13:05`, with the year if it is not the current one.
    func local(_ instant: Timestamp) -> String { "\(date(instant)), \(time(instant))" }

    /// `Wed 4 Mar`, with the year if it is not the current one.
    func date(_ instant: Timestamp) -> String {
        let (words, today) = (day(instant), day(now))
        return words.suffix(5) == today.suffix(5) ? String(words.dropLast(5)) : words
    }

    /// The instant in the form `Wed 4 Mar, 13:05`, which the script does not update.
    func fixed(_ instant: Timestamp) -> HTML {
        "<time datetime=\"\(instant.rfc3339)\" title=\"\(exact(instant))\" data-fixed>\(local(instant))</time>"
    }

    /// A time span. It names the second day only if it differs.
    func span(_ from: Timestamp, _ to: Timestamp) -> HTML {
        guard day(from) == day(to) else { return "\(fixed(from)) to \(fixed(to))" }
        return """
            \(fixed(from)) to <time datetime="\(to.rfc3339)" title="\(exact(to))" data-fixed>\(time(to))</time>
            """
    }
}
