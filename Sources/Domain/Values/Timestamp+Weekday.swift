extension Timestamp {
    /// The next instant at which it is this weekday and time in a zone: `Saturday 03:00`, `sat 3:00`.
    package init?(weekday text: String, after now: Timestamp, in timeZone: String) {
        let parts = text.split(separator: " ")
        guard let clock = LocalClock(timeZone), parts.count == 2, parts[0].count >= 3 else { return nil }
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let time = parts[1].split(separator: ":").map { Int($0) }
        guard let day = names.firstIndex(where: { $0.hasPrefix(parts[0].lowercased()) }), time.count == 2,
            let hour = time[0], let minute = time[1], (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        let today = clock.date(at: now)
        let days = (day + 1 - today.weekday + 7) % 7
        let this = clock.instant(today.adding(days: days), minute: hour * 60 + minute)
        self = this > now ? this : clock.instant(today.adding(days: days + 7), minute: hour * 60 + minute)
    }
}
