internal import Domain
internal import Transport

/// Draws a schedule's shifts as weeks.
struct ShiftDrawing {
    /// The maximum number of bars in one lane of a week. Above that, each day has one bar that names everyone.
    private static let bars = 24

    let schedule: Schedule
    let configuration: Configuration
    let reader: Reader
    let clock: LocalClock
    let monday: CivilDate
    let weeks: Int
    var month: Int?
    var hasLayers = false

    var calendar: ShiftCalendar {
        let begin = clock.instant(monday, minute: 0)
        let end = clock.instant(monday.adding(days: weeks * 7), minute: 0)
        let final = schedule.shifts(from: begin, to: end, isPresent: configuration.isPresent)
        let layers = hasLayers ? schedule.layers.indices.map { turns(ofLayer: $0, begin, end) } : []
        let overrides = hasLayers ? schedule.overrides.filter { $0.from < end && $0.to > begin } : []
        return ShiftCalendar(
            weeks: (0..<weeks).map { week in
                let days = Days(clock, monday.adding(days: week * 7))
                var lanes = zip(schedule.layers, layers).map { layer, shifts in lane(layer.name, shifts, days) }
                let exceptions = overrides.filter { $0.from < days.end && $0.to > days.begin }
                if !exceptions.isEmpty { lanes.append(lane(exceptions, days)) }
                lanes.append(lane("On call", final, days, isFinal: true))
                return ShiftCalendar.Week(
                    days: days.dates.map(day), lanes: lanes,
                    now: reader.now >= days.begin && reader.now < days.end ? days.place(of: reader.now) : nil)
            })
    }

    private func turns(ofLayer index: Int, _ begin: Timestamp, _ end: Timestamp) -> [Schedule.Shift] {
        schedule.spans(ofLayer: index, from: begin, to: end, isPresent: configuration.isPresent)
            .map { Schedule.Shift(from: $0.from, to: $0.to, people: [$0.person]) }
    }

    private func day(_ date: CivilDate) -> ShiftCalendar.Day {
        let isFirst = date.day == 1
        return ShiftCalendar.Day(
            weekday: weekdayNames[date.weekday - 1],
            number: isFirst ? "\(date.day) \(monthNames[date.month - 1].prefix(3))" : String(date.day),
            isToday: date == clock.date(at: reader.now), isOutside: month.map { $0 != date.month } ?? false)
    }

    private func lane(
        _ label: String, _ shifts: [Schedule.Shift], _ days: Days, isFinal: Bool = false
    ) -> ShiftCalendar.ProviderWorker {
        let within = shifts.filter { $0.from < days.end && $0.to > days.begin }
        let bars = within.count <= ShiftDrawing.bars ? within.map { bar($0, days) } : summaries(within, days)
        return ShiftCalendar.ProviderWorker(label: label, bars: bars, isFinal: isFinal)
    }

    private func lane(_ overrides: [Schedule.Override], _ days: Days) -> ShiftCalendar.ProviderWorker {
        let bars = overrides.map { override -> ShiftCalendar.Bar in
            let shift = Schedule.Shift(from: override.from, to: override.to, people: override.change.newcomers)
            var bar = bar(shift, days)
            bar.label = configuration.words(for: override.change)
            bar.title = "\(bar.label): \(span(shift))"
            return bar
        }
        return ShiftCalendar.ProviderWorker(label: "Overrides", bars: bars)
    }

    private func bar(_ shift: Schedule.Shift, _ days: Days) -> ShiftCalendar.Bar {
        let names = shift.people.map { configuration.name(of: $0) }.joined(separator: ", ")
        let label = shift.people.isEmpty ? "nobody" : names
        return ShiftCalendar.Bar(
            from: days.place(of: max(shift.from, days.begin)), to: days.place(of: min(shift.to, days.end)),
            look: look(shift.people), isOver: shift.to <= reader.now, label: label, title: "\(label): \(span(shift))")
    }

    /// One bar for each day, for turns that are too short to draw.
    private func summaries(_ shifts: [Schedule.Shift], _ days: Days) -> [ShiftCalendar.Bar] {
        (0..<7).compactMap { index in
            let (from, to) = (days.borders[index], days.borders[index + 1])
            let within = shifts.filter { $0.from < to && $0.to > from }
            guard !within.isEmpty else { return nil }
            let people = within.flatMap(\.people).reduce(into: [UserID]()) { if !$0.contains($1) { $0.append($1) } }
            let hasGap = within.contains(where: \.people.isEmpty)
            let names = people.map { configuration.name(of: $0) } + (hasGap ? ["nobody"] : [])
            return ShiftCalendar.Bar(
                from: Double(index) / 7, to: Double(index + 1) / 7, look: hasGap ? .gap : look(people),
                isOver: to <= reader.now, label: names.joined(separator: ", "),
                title: "\(within.count) turns: \(names.joined(separator: ", "))")
        }
    }

    private func look(_ people: [UserID]) -> ShiftCalendar.Bar.Look {
        guard let first = people.first else { return .gap }
        return people.count == 1 ? .person(schedule.hue(of: first)) : .several
    }

    private func span(_ shift: Schedule.Shift) -> String { "\(reader.local(shift.from)) to \(reader.local(shift.to))" }
}

/// The days of a week. Their lengths differ when the clocks change.
private struct Days {
    let dates: [CivilDate]
    /// Eight instants: the start of each day, and the end of the week.
    let borders: [Timestamp]

    init(_ clock: LocalClock, _ monday: CivilDate) {
        dates = (0..<7).map { monday.adding(days: $0) }
        borders = (0..<8).map { clock.instant(monday.adding(days: $0), minute: 0) }
    }

    var begin: Timestamp { borders[0] }
    var end: Timestamp { borders[7] }

    /// The position of an instant in the week, from 0 to 1, with days of equal width.
    func place(of instant: Timestamp) -> Double {
        guard let day = (0..<7).last(where: { borders[$0] <= instant }), instant < end else {
            return instant < begin ? 0 : 1
        }
        let length = (borders[day + 1] - borders[day]).microseconds
        return (Double(day) + Double((instant - borders[day]).microseconds) / Double(max(length, 1))) / 7
    }
}

extension Schedule {
    /// Everyone who takes turns or appears in an override, in a fixed order that determines the colours.
    var cast: [UserID] {
        let named =
            layers.flatMap { $0.participants.compactMap(\.self) } + overrides.flatMap { $0.change.people.map(\.user) }
        return named.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func hue(of person: UserID) -> Int { cast.firstIndex(of: person) ?? 0 }
}

extension Schedule.Override.Change {
    /// The people whom the change puts on call.
    var newcomers: [UserID] {
        switch self {
        case .add(let person), .only(let person), .replace(_, with: let person): [person]
        case .remove: []
        }
    }
}

extension Configuration {
    /// The change in words: `Bob covers for Ada`.
    func words(for change: Schedule.Override.Change) -> String {
        switch change {
        case .add(let person): "\(name(of: person)) in addition"
        case .remove(let person): "without \(name(of: person))"
        case .replace(let away, let substitute): "\(name(of: substitute)) covers for \(name(of: away))"
        case .only(let person): "only \(name(of: person))"
        }
    }
}
