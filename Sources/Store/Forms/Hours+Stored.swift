internal import Domain
internal import Formats

/// Monday is 1, Sunday 7.
extension Weekday: StoredValue {
    var stored: JSON { rawValue.stored }

    init(stored json: JSON) throws(StoredFault) {
        guard let day = Weekday(rawValue: try Int(stored: json)) else { throw .expected("a weekday from 1 to 7", json) }
        self = day
    }
}

/// Minutes since midnight.
extension TimeOfDay: StoredValue {
    var stored: JSON { minute.stored }

    init(stored json: JSON) throws(StoredFault) { self.init(try Int(stored: json)) }
}

/// `{"weekdays": [6, 7], "from_minute": 540, "to_minute": 1440}`
extension WeeklyHours: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("weekdays", weekdays)
        members.put("from_minute", from)
        members.put("to_minute", to)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        let (begin, end): (TimeOfDay, TimeOfDay) = (try members.get("from_minute"), try members.get("to_minute"))
        self.init(weekdays: try members.get("weekdays"), from: begin.minute, to: end.minute)
    }
}

/// `{"time_zone": "Europe/Zagreb", "weekdays": [1, 5], "from_minute": 1320, "to_minute": 390}`
extension ZonedHours: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("time_zone", timeZone)
        members.put(membersOf: hours)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(timeZone: try members.get("time_zone"), hours: try WeeklyHours(from: members))
    }
}

/// `{"from_minute": 1320, "to_minute": 420}`
extension QuietHours: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("from_minute", from)
        members.put("to_minute", to)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        let (begin, end): (TimeOfDay, TimeOfDay) = (try members.get("from_minute"), try members.get("to_minute"))
        self.init(from: begin.minute, to: end.minute)
    }
}

/// Hours of the week, with or without a time zone.
func weeklyHoursFromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
    .members([
        "time_zone": old["timeZone"], "weekdays": old["weekdays"], "from_minute": old["fromMinute"],
        "to_minute": old["toMinute"],
    ])
}
