/// Shifts as a calendar that calendar programs can subscribe to (RFC 5545). Instants are in UTC, so the file needs no
/// time zone definitions.
package struct ICalendar: Sendable, Hashable {
    package struct Event: Sendable, Hashable {
        /// Stays the same at every reading, so that programs recognize the shift.
        package var uid: String
        package var from: Timestamp
        package var to: Timestamp
        package var summary: String
        package var description: String
    }

    package var name: String
    package var events: [Event]
    package var madeAt: Timestamp

    /// The calendar file, with CRLF and lines of at most 75 octets.
    package var text: String {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PagerPal//On call//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
            "NAME:\(escaped(name))", "X-WR-CALNAME:\(escaped(name))", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
        ]
        for event in events {
            lines += [
                "BEGIN:VEVENT", "UID:\(escaped(event.uid))", "DTSTAMP:\(stamp(madeAt))", "DTSTART:\(stamp(event.from))",
                "DTEND:\(stamp(event.to))", "SUMMARY:\(escaped(event.summary))",
                "DESCRIPTION:\(escaped(event.description))", "TRANSP:TRANSPARENT", "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.map { folded($0) + "\r\n" }.joined()
    }

    /// `20260307T030000Z`
    private func stamp(_ instant: Timestamp) -> String {
        Timestamp(seconds: instant.seconds).rfc3339.filter { $0 != "-" && $0 != ":" }
    }

    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
            .replacing("\r\n", with: "\\n").replacing("\n", with: "\\n").filter { !$0.isNewline }
    }

    /// Continuation lines begin with a space. Folding never splits a character.
    private func folded(_ line: String) -> String {
        var (result, length) = ("", 0)
        for character in line {
            let octets = character.utf8.count
            if length + octets > 75 {
                result += "\r\n "
                length = 1
            }
            result.append(character)
            length += octets
        }
        return result
    }
}

extension Configuration {
    /// How much of a schedule a calendar contains.
    package enum CalendarLimits {
        package static let past: Duration = .days(31)
        package static let ahead: Duration = .days(366)
        /// Shifts up to this length appear whole at both ends.
        static let margin: Duration = .days(62)
    }

    /// Returns all shifts of a schedule, including gaps.
    package func calendar(of schedule: Schedule, at now: Timestamp) -> ICalendar {
        ICalendar(
            name: "On call: \(schedule.name)",
            events: calendarShifts(of: schedule, at: now).map { shift in
                let people = shift.people.map { name(of: $0) }.joined(separator: ", ")
                return event(shift, schedule, summary: people.isEmpty ? "Nobody is on call" : people)
            }, madeAt: now)
    }

    /// Returns one person's shifts in all schedules.
    package func calendar(of user: UserID, at now: Timestamp) -> ICalendar {
        let events = schedules.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.flatMap { schedule in
            calendarShifts(of: schedule, at: now).filter { $0.people.contains(user) }
                .map { event($0, schedule, summary: "On call: \(schedule.name)") }
        }
        return ICalendar(name: "\(name(of: user)) on call", events: events.sorted { $0.from < $1.from }, madeAt: now)
    }

    private func calendarShifts(of schedule: Schedule, at now: Timestamp) -> [Schedule.Shift] {
        // Shifts longer than the margin are cut at Monday 00:00 UTC, so the cut is the same at every reading within a
        // week.
        let week: Int64 = 7 * 86400
        func monday(_ instant: Timestamp) -> Timestamp {
            Timestamp(seconds: (instant.seconds - 4 * 86400).flooredQuotient(by: week) * week + 4 * 86400)
        }
        let (from, to) = (now - CalendarLimits.past, now + CalendarLimits.ahead)
        return schedule.shifts(
            from: monday(from - CalendarLimits.margin), to: monday(to + CalendarLimits.margin), isPresent: isPresent
        ).filter { $0.to > from && $0.from < to }
    }

    private func event(_ shift: Schedule.Shift, _ schedule: Schedule, summary: String) -> ICalendar.Event {
        let span = "\(schedule.local(shift.from)) to \(schedule.local(shift.to)) (\(schedule.timeZone))"
        return ICalendar.Event(
            uid: "\(schedule.id)-\(shift.from.seconds)-\(shift.people.map(\.rawValue).joined(separator: "+"))@pagerpal",
            from: shift.from, to: shift.to, summary: summary, description: "\(schedule.name), \(span)")
    }
}
