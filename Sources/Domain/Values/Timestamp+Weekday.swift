extension Timestamp {
    /// Finds the next instant with this weekday and time in a zone: `Saturday 03:00`, `sat 3:00`.
    package init?(weekday text: String, after now: Timestamp, in timeZone: String) {
        let parts = text.split(separator: " ")
        guard let clock = LocalClock(timeZone), parts.count == 2, let day = Weekday(named: parts[0]),
            let time = TimeOfDay(parts[1]), time.minute < 1440
        else { return nil }
        let today = clock.date(at: now)
        let days = (day.rawValue - today.weekday + 7) % 7
        let this = clock.instant(today.adding(days: days), minute: time.minute)
        self = this > now ? this : clock.instant(today.adding(days: days + 7), minute: time.minute)
    }
}
