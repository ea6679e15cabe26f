internal import Domain

/// Local times in the form that browser fields use.
extension LocalClock {
    /// The instant of `2026-03-01T03:00`. Nil if there is no such time, or if its year is out of range.
    func instant(typed text: String) -> Timestamp? {
        let parts = text.trimmingBlanks().split(whereSeparator: { $0 == "T" || $0 == " " })
        guard parts.count == 2, let date = CivilDate(parts[0]),
            let minute = minuteOfDay(typed: String(parts[1].prefix(5)))
        else { return nil }
        let instant = instant(date, minute: minute)
        return Timestamp.accepted.contains(instant) ? instant : nil
    }

    /// `2026-03-01T03:00`.
    func typed(_ instant: Timestamp) -> String {
        let minute = minute(at: instant)
        return "\(date(at: instant))T\(padded(minute / 60)):\(padded(minute % 60))"
    }
}

/// The minutes since midnight for `09:00`; `24:00` is midnight at the end of the day.
func minuteOfDay(typed text: String) -> Int? {
    let parts = text.trimmingBlanks().split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
        (0...24).contains(hour), (0..<60).contains(minute), hour < 24 || minute == 0
    else { return nil }
    return hour * 60 + minute
}
