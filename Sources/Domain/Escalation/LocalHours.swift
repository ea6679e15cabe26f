/// Local minutes of the day, seconds since midnight and the weekday of an instant; UTC where the zone is unknown.
private func localTime(of instant: Timestamp, in timeZone: String) -> (weekday: Int, minute: Int, second: Int64) {
    let offset = LocalClock(timeZone)?.offset(at: instant.seconds) ?? 0
    let local = instant.seconds + offset
    let day = local.flooredQuotient(by: 86400)
    let second = local - day * 86400
    return (CivilDate(daysSince1970: day).weekday, Int(second / 60), second)
}

extension QuietHours {
    /// When the quiet hours that cover an instant end; nil when none do.
    package func end(covering instant: Timestamp, timeZone: String) -> Timestamp? {
        let local = localTime(of: instant, in: timeZone)
        let isQuiet =
            fromMinute <= toMinute
            ? local.minute >= fromMinute && local.minute < toMinute
            : local.minute >= fromMinute || local.minute < toMinute
        guard isQuiet, fromMinute != toMinute else { return nil }
        let left = (Int64(toMinute) * 60 - local.second + 86400) % 86400
        return Timestamp(seconds: instant.seconds + left)
    }
}

extension EscalationPolicy.Hours {
    /// Whether an instant is within the span. A span that passes midnight belongs to the day on which it begins.
    package func contains(_ instant: Timestamp) -> Bool {
        let local = localTime(of: instant, in: timeZone)
        if fromMinute < toMinute {
            return weekdays.contains(local.weekday) && local.minute >= fromMinute && local.minute < toMinute
        }
        let yesterday = local.weekday == 1 ? 7 : local.weekday - 1
        return weekdays.contains(local.weekday) && local.minute >= fromMinute
            || weekdays.contains(yesterday) && local.minute < toMinute
    }
}
