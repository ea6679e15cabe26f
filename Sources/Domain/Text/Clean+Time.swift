extension Clean {
    /// Reads an instant in a format that senders use: RFC 3339 and its dialects, Go's `String()`, RFC 1123, or seconds,
    /// milliseconds, microseconds or nanoseconds since 1970.
    ///
    /// Returns nil for the year 1, which Go writes for "not set", and for anything unreadable. A broken time must never
    /// stop a page.
    package static func instant(_ text: String) -> Timestamp? {
        let text = text.trimmingBlanks()
        guard !text.isEmpty, text.utf8.count < 100 else { return nil }
        let instant = sinceEpoch(text) ?? Timestamp(rfc3339: text) ?? goString(text) ?? rfc1123(text)
        // Times in 1970 are almost always unset numbers, not real times.
        guard let instant, instant.seconds > 86400 * 365 else { return nil }
        return instant
    }

    /// The size of the number tells its unit: 1e11 seconds is the year 5138, and 1e11 milliseconds is 1973.
    private static func sinceEpoch(_ text: String) -> Timestamp? {
        if let whole = Int64(text) {
            switch whole {
            case ..<0: return nil
            case ..<100_000_000_000: return Timestamp(seconds: whole)
            case ..<100_000_000_000_000: return Timestamp(microseconds: whole * 1000)
            case ..<100_000_000_000_000_000: return Timestamp(microseconds: whole)
            default: return Timestamp(microseconds: whole / 1000)
            }
        }
        guard let number = Double(text), number > 0, number < 1e14 else { return nil }
        return Timestamp(microseconds: Int64(number < 1e11 ? number * 1e6 : number * 1e3))
    }

    /// `2026-03-01 03:00:00.5 +0200 CEST m=+12.3`
    private static func goString(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count >= 3 else { return nil }
        return Timestamp(rfc3339: "\(words[0])T\(words[1])\(words[2])")
            ?? (words[2] == "UTC" || words[2] == "GMT" ? Timestamp(rfc3339: "\(words[0])T\(words[1])Z") : nil)
    }

    /// `Sat, 05 Jun 2016 15:10:09 GMT`
    private static func rfc1123(_ text: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count >= 5, words[0].hasSuffix(","), let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let zone = words.count > 5 && (words[5].hasPrefix("+") || words[5].hasPrefix("-")) ? words[5] : "Z"
        return Timestamp(rfc3339: "\(words[3])-\(padded(month + 1))-\(padded(day))T\(words[4])\(zone)")
    }
}
