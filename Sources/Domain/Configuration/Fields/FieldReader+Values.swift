internal import Formats

extension FieldReader {
    /// Reads an instant. Without an offset, it is local to the given time zone.
    package mutating func instant(_ name: String, into field: inout Timestamp, local timeZone: String) {
        guard let value = raw(name) else { return }
        guard case .string(let text) = value,
            let instant = Timestamp(accepting: text, local: LocalClock(timeZone) ?? .utc)
        else { return fault(name, Timestamp.expectation) }
        field = instant
    }

    /// Reads a list of ids.
    package mutating func ids<Entity>(_ name: String, into field: inout [ID<Entity>]) {
        guard let value = raw(name) else { return }
        let ids = value.array?.compactMap { ID<Entity>(json: $0) }
        guard let ids, ids.count == value.array?.count else { return fault(name, "A list of ids was expected.") }
        field = ids
    }

    /// Reads a team by id or name, from `team_id` or `team`.
    package mutating func team(into field: inout TeamID, _ configuration: Configuration) {
        var text = field.rawValue
        if !has("team_id"), let id = raw("team")?.object?["id"]?.text {
            text = id
        } else {
            read("team_id", or: "team", into: &text)
        }
        if text.isEmpty { return fault("team_id", "Name the team by its id or name.") }
        field = configuration.team(named: text)?.id ?? TeamID(text)
    }

    /// Reads a list of severities.
    package mutating func severities(_ name: String, into field: inout Set<Severity>) {
        guard let value = raw(name) else { return }
        let severities = value.array?.compactMap { Severity(json: $0) }
        guard let severities, severities.count == value.array?.count else {
            return fault(name, "A list was expected. \(Severity.expectation)")
        }
        field = Set(severities)
    }

    /// Reads an object whose values are strings.
    package mutating func read(_ name: String, into field: inout [String: String]) {
        guard let value = raw(name) else { return }
        let members = value.object?.members.compactMap { member in member.value.text.map { (member.name, $0) } }
        guard let members, members.count == value.object?.members.count else {
            return fault(name, "An object of texts was expected.")
        }
        field = Dictionary(members) { $1 }
    }

    /// Reads days of the week: 1 (Monday) to 7, or English names. Every day when the member is missing.
    package mutating func weekdays() -> Set<Weekday> {
        guard let value = raw("weekdays") else { return Set(Weekday.allCases) }
        let days = value.array?.compactMap { day in
            day.integer.flatMap(Weekday.init(rawValue:)) ?? Weekday(named: day.text?.prefix(3) ?? "")
        }
        guard let days, days.count == value.array?.count else {
            fault("weekdays", "A list of days was expected: 1 (Monday) to 7 (Sunday), or mon to sun.")
            return []
        }
        return Set(days)
    }

    /// Reads `weekdays`, `from` and `to`.
    package mutating func weeklyHours() -> WeeklyHours {
        var hours = WeeklyHours(weekdays: weekdays(), from: 0, to: 0)
        (hours.from, hours.to) = self.hours()
        return hours
    }

    /// Reads `from` and `to` as times of day.
    package mutating func hours() -> (from: TimeOfDay, to: TimeOfDay) {
        var (from, to) = (TimeOfDay(0), TimeOfDay(0))
        read("from", into: &from)
        read("to", into: &to)
        require("from", "to")
        return (from, to)
    }
}

extension WeeklyHours {
    /// As the management API shows them.
    var members: [(String, JSON)] {
        [
            ("weekdays", .array(weekdays.sorted().map { .number("\($0.rawValue)") })), ("from", from.json),
            ("to", to.json),
        ]
    }
}
