internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

extension WebRequest {
    /// The maximum number of shifts to list in words.
    private static let shifts = 16
    /// How far beyond the drawing to look for the real start and end of a shift.
    private static let margin: Duration = .days(32)

    /// The model of a schedule's web page.
    ///
    /// - Parameter input: the form of an override.
    func model(of schedule: Schedule, _ input: FormInput) async throws -> ScheduleView.Model {
        let path: Path = "/schedules/\(schedule.id)"
        let window = ScheduleWindow(self, path, zone: schedule.timeZone)
        let drawing = ShiftDrawing(
            schedule: schedule, configuration: configuration, reader: window.reader, clock: window.clock,
            monday: window.monday,
            weeks: window.weeks, month: window.month, hasLayers: window.span == .twoWeeks)
        let (begin, end) = (window.begin, window.end)
        let shifts = schedule.shifts(
            from: begin - WebRequest.margin, to: end + WebRequest.margin, isPresent: configuration.isPresent
        )
        .filter { $0.from < end && $0.to > begin }
        let coming = shifts.filter { $0.to > now }
        let shown = coming.isEmpty ? shifts : coming
        let gaps = shown.filter(\.people.isEmpty)
        let team = configuration.teams[schedule.teamID]
        let policies = configuration.policies.values.filter { $0.targets.contains(.schedule(schedule.id)) }
        return ScheduleView.Model(
            id: schedule.id, name: schedule.name,
            team: (team?.name ?? "a deleted team", "/teams/\(schedule.teamID)"), timeZone: schedule.timeZone,
            reader: window.reader, duty: duty(in: schedule, at: now),
            window: window.model(scheduleZone: schedule.timeZone, own: reader.timeZone), calendar: drawing.calendar,
            shifts: shown.prefix(WebRequest.shifts).map { shift($0, of: schedule, window) },
            more: max(0, shown.count - WebRequest.shifts), gaps: gaps.map { ($0.from, $0.to) },
            overrides: overrides(of: schedule), layers: schedule.layers.map { layer($0, window) },
            policies: policies.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
                .map { ($0.name, "/escalation-policies/\($0.id)") },
            mayOverride: may(.override(schedule.teamID)), mayConfigure: may(.configure(schedule.teamID)),
            input: input, substitutes: substitutes(of: schedule), replaced: replaced(in: schedule), newLink: nil,
            hasLink: try await services.store.hasCalendar(.schedule(schedule.id)))
    }

    private func shift(_ shift: Schedule.Shift, of schedule: Schedule, _ window: ScheduleWindow) -> ScheduleView.Shift {
        let mayOverride = may(.override(schedule.teamID)) && shift.to > now
        let away = shift.people.count == 1 ? shift.people[0].rawValue : "anybody"
        let form = [
            ("override_from", "\(shift.from.seconds)"), ("override_to", "\(shift.to.seconds)"), ("away", away),
        ]
        return ScheduleView.Shift(
            from: shift.from, to: shift.to, people: shift.people.map { configuration.name(of: $0) },
            hue: shift.people.count == 1 ? schedule.hue(of: shift.people[0]) : nil,
            isNow: shift.from <= now && now < shift.to,
            override: mayOverride ? window.link(window.day, and: form) : nil)
    }

    /// The overrides that have not ended, in order of time.
    private func overrides(of schedule: Schedule) -> [ScheduleView.Override] {
        schedule.overrides.filter { $0.to > now }.sorted { ($0.from, $0.id) < ($1.from, $1.id) }.map {
            ScheduleView.Override(
                id: $0.id, words: configuration.words(for: $0.change).capitalizedFirst, from: $0.from, to: $0.to,
                author: $0.author,
                isNow: $0.from <= now)
        }
    }

    private func layer(_ layer: Schedule.Layer, _ window: ScheduleWindow) -> ScheduleView.Layer {
        let today = window.clock.date(at: now)
        var spans: [String] = []
        if layer.start > today { spans.append("begins on \(dayWords(layer.start))") }
        if let end = layer.end { spans.append(end > today ? "ends on \(dayWords(end))" : "ended on \(dayWords(end))") }
        let words = spans.joined(separator: ", ")
        return ScheduleView.Layer(
            name: layer.name, sentence: sentence(for: layer), hours: layer.restrictions.map { hoursWords($0, reader) },
            span: words.isEmpty ? nil : "\(words.capitalizedFirst).")
    }

    /// `Ada, nobody and Bob take turns of 2 weeks, handed over on Mondays at 09:00.`
    private func sentence(for layer: Schedule.Layer) -> String {
        let names = layer.participants.map { place in
            place.map {
                configuration.isPresent($0) ? configuration.name(of: $0) : "\(configuration.name(of: $0)) (disabled)"
            } ?? "nobody"
        }
        guard names.count > 1, let last = names.last else { return "\(names.first ?? "Nobody") has every turn." }
        let all = "\(names.dropLast().joined(separator: ", ")) and \(last)"
        return "\(all) take turns of \(layer.rotation.length)\(layer.handOffWords(reader))."
    }
}

extension String {
    /// The text with a capital first letter.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// `Mon to Fri, 09:00 to 17:00`.
private func hoursWords(_ hours: WeeklyHours, _ reader: Reader) -> String {
    "Only \(weekdayWords(hours.weekdays)), \(reader.words(hours))."
}

/// `2 March 2026`.
func dayWords(_ date: CivilDate) -> String { "\(date.day) \(monthNames[date.month - 1]) \(date.year)" }

extension Schedule.Rotation {
    /// `a week`, `12 hours`.
    fileprivate var length: String {
        guard count == 1 else { return "\(count) \(unit.rawValue)s" }
        return unit == .hour ? "an hour" : "a \(unit.rawValue)"
    }
}

extension Schedule.Layer {
    /// `, handed over on Mondays at 09:00`.
    fileprivate func handOffWords(_ reader: Reader) -> String {
        let time = reader.words(TimeOfDay(rotation.handOffMinute))
        let weekdays = Weekday.allCases.map { "\($0.name)s" }
        return switch rotation.unit {
        case .hour: ""
        case .day: ", handed over at \(time)"
        case .week: ", handed over on \(weekdays[start.weekday - 1]) at \(time)"
        case .month: ", handed over on day \(start.day) of the month at \(time)"
        }
    }
}
