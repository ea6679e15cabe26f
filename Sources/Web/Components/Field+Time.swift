internal import Domain

extension Field {
    /// A date, written as `2026-03-01`.
    static func date(_ name: String, _ label: String, hint: String? = nil, isRequired: Bool = false) -> Field {
        Field(name, label, hint: hint, isRequired: isRequired, .input(type: "date", maximum: 10, autocomplete: "off"))
    }

    /// A time of day, written as `09:00`.
    static func time(_ name: String, _ label: String, hint: String? = nil, isRequired: Bool = false) -> Field {
        Field(name, label, hint: hint, isRequired: isRequired, .input(type: "time", maximum: 5, autocomplete: "off"))
    }

    /// How times are shown. The browser's own pickers follow the browser's language.
    static let clock = Field.select(
        "clock", "Clock", hint: "As the time pickers of your browser show it.",
        [
            .init(ClockForm.hours24.rawValue, "24 hours: 17:04"),
            .init(ClockForm.hours12.rawValue, "12 hours: 5:04 PM"),
        ])

    /// The days of the week, as numbers from 1 (Monday) to 7.
    static func weekdays(_ name: String, _ label: String = "Days") -> Field {
        .checks(name, label, weekdayNames.enumerated().map { Choice(String($0 + 1), $1) })
    }

    static func severities(_ name: String, _ label: String, hint: String? = nil) -> Field {
        .checks(name, label, hint: hint, Severity.allCases.reversed().map { Choice($0.rawValue, $0.rawValue) })
    }

    /// An IANA time zone.
    static func timeZone(_ name: String = "time_zone", hint: String = "A name like Europe/Zagreb.") -> Field {
        .text(name, "Time zone", hint: hint, isRequired: true, maximum: 100)
    }
}

/// Monday first.
let weekdayNames = Weekday.shortNames

/// Minutes since midnight as fields take them: `09:00`. 1440 gives `24:00`.
func clockWords(_ minute: Int) -> String { ClockForm.hours24.words(minute: minute) }

/// Formats weekdays as `every day`, `Mon to Fri` or `Sat, Sun`.
func weekdayWords(_ days: Set<Weekday>) -> String {
    if days.count == 7 { return "every day" }
    let ordered = days.map(\.rawValue).sorted()
    guard let first = ordered.first, let last = ordered.last else { return "no day" }
    if ordered.count > 2 && last - first == ordered.count - 1 {
        return "\(weekdayNames[first - 1]) to \(weekdayNames[last - 1])"
    }
    return ordered.map { weekdayNames[$0 - 1] }.joined(separator: ", ")
}
