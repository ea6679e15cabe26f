extension Timestamp {
    /// The time as RFC 3339 in UTC, with milliseconds only if there are any: `2026-03-01T03:00:00Z`.
    package var rfc3339: String {
        let date = CivilDate(daysSince1970: seconds.flooredQuotient(by: 86400))
        let second = Int(seconds - seconds.flooredQuotient(by: 86400) * 86400)
        let milliseconds = Int((microseconds % 1_000_000 + 1_000_000) % 1_000_000 / 1000)
        var text = "\(date)T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        if milliseconds > 0 { text += "." + padded(milliseconds, 3) }
        return text + "Z"
    }

    /// Reads RFC 3339 and its common dialects: any offset (`Z`, `+02:00`, `+0200`), zero to nine fraction digits, a
    /// blank instead of `T`, and UTC if there is no offset. Nil for anything else and for impossible dates.
    package init?(rfc3339 text: some StringProtocol) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2), let date = CivilDate(year: year, month: month, day: day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let fraction = scanner.skip(".") || scanner.skip(",") ? scanner.fraction() : 0
        guard let fraction, let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let seconds = date.daysSince1970 * 86400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset)
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }
}

extension Timestamp {
    /// Reads external RFC 3339. Also nil outside the accepted years.
    package init?(accepting text: some StringProtocol) {
        guard let instant = Timestamp(rfc3339: text), Timestamp.accepted.contains(instant) else { return nil }
        self = instant
    }

    /// Does the same, but treats a time without an offset as local time.
    package init?(accepting text: some StringProtocol, local clock: LocalClock) {
        guard let reading = Timestamp(rfc3339: text) else { return nil }
        guard Timestamp(rfc3339: "\(text)Z") != nil else {
            self.init(accepting: text)
            return
        }
        // Without an offset the text was read as UTC.
        let minute = LocalClock.utc.minute(at: reading)
        let rest = reading.microseconds - reading.microseconds.flooredQuotient(by: 60_000_000) * 60_000_000
        let instant = clock.instant(LocalClock.utc.date(at: reading), minute: minute) + .microseconds(rest)
        guard Timestamp.accepted.contains(instant) else { return nil }
        self = instant
    }
}

/// Formats a number with leading zeros.
package func padded(_ number: Int, _ width: Int = 2) -> String {
    if width == 2, twoDigits.indices.contains(number) { return twoDigits[number] }
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private let twoDigits = (0..<100).map { $0 < 10 ? "0\($0)" : "\($0)" }

/// Reads fixed-width numbers from the start of a text.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        guard rest.count >= width else { return nil }
        var value = 0
        for byte in rest.prefix(width) {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        rest.removeFirst(width)
        return value
    }

    /// Reads one to nine digits after the point, in microseconds.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while let byte = rest.first, byte >= 48, byte <= 57 {
            if digits < 6 { value = value * 10 + Int64(byte - 48) }
            digits += 1
            rest.removeFirst()
        }
        guard digits > 0, digits <= 9 else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return value
    }

    /// Reads the offset in seconds east of UTC. A missing offset means UTC.
    mutating func offset() -> Int? {
        if rest.isEmpty || skip("Z") || skip("z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2) else { return nil }
        _ = skip(":")
        guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
