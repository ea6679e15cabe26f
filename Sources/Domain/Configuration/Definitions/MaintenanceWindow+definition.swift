internal import Formats

extension MaintenanceWindow: Configurable {
    package static let definition = ConfigurableDefinition<MaintenanceWindow>(
        .maintenanceWindow, noun: "maintenance window", path: "maintenance-windows", values: \.maintenanceWindows,
        team: { $0.teamID },
        fields: [
            .name(\.name, hint: "Like what is done."),
            .team(\.teamID) { id, configuration in
                [("team", .reference(id.rawValue, configuration.teams[id]?.name ?? ""))]
            },
            sourcesField, labelsField, spanField,
            .shown("active", "active_until"),
        ])

    private static let sourcesField = ConfigurableField<MaintenanceWindow>(
        [FieldPart("sources")],
        read: { reader, window, _ in
            var sources = window.sources.sorted()
            reader.ids("sources", into: &sources)
            window.sources = Set(sources)
        },
        show: { window, configuration in
            // By name, so that a copy under other ids looks the same.
            let sources = window.sources.map { (configuration.source($0)?.name ?? "", $0) }.sorted(by: <)
            return [("sources", .array(sources.map { JSON.reference($0.1.rawValue, $0.0) }))]
        },
        check: { window, check in
            check.expect(
                window.sources.count <= Limits.sources, "sources", "Name at most \(Limits.sources) sources.")
            for source in window.sources.sorted() {
                check.expect(
                    check.after.source(source)?.teamID == window.teamID, "sources",
                    "There is no alert source or heartbeat “\(source)” of this team.")
            }
        })

    private static let labelsField = ConfigurableField<MaintenanceWindow>(
        [FieldPart("labels")],
        read: { reader, window, _ in reader.read("labels", into: &window.labels) },
        show: { window, _ in [("labels", .texts(window.labels))] },
        check: { window, check in
            check.expect(
                window.labels.count <= Limits.labels && !window.labels.keys.contains(""), "labels",
                "Name at most \(Limits.labels) labels.")
        })

    /// Either a span between two instants, or the same hours on certain days of each week.
    private static let spanField = ConfigurableField<MaintenanceWindow>(
        ["starts_at", "ends_at", "weekdays", "from", "to", "time_zone"].map { FieldPart($0) },
        read: { reader, window, context in readSpan(&reader, into: &window.span, context) },
        show: { window, _ in
            switch window.span {
            case .once(let start, let end): return [("starts_at", start.json), ("ends_at", end.json)]
            case .weekly(let weekly):
                return weekly.hours.members + [("time_zone", .string(weekly.timeZone))]
            }
        },
        check: { window, check in
            switch window.span {
            case .once(let from, let to):
                check.expect(from < to, "ends_at", "The end must be after the start.")
                check.expect(to - from <= Limits.longest, "ends_at", "A window lasts at most 90 days.")
            case .weekly(let weekly):
                check.timeZone(weekly.timeZone)
                check.hours(weekly.hours, "from", weekdays: "weekdays")
            }
        })

    @Sendable
    private static func readSpan(_ reader: inout FieldReader, into span: inout Span, _ context: FieldContext) {
        var weekly: ZonedHours?
        var (from, to) = (Timestamp(microseconds: 0), Timestamp(microseconds: 0))
        switch span {
        case .once(let begin, let end): (from, to) = (begin, end)
        case .weekly(let known): weekly = known
        }
        guard reader.has("weekdays") || weekly != nil && !reader.has("starts_at") else {
            reader.instant("starts_at", into: &from, local: context.timeZone)
            reader.instant("ends_at", into: &to, local: context.timeZone)
            if context.isNew || weekly != nil { reader.require("starts_at", "ends_at") }
            return span = .once(from: from, to: to)
        }
        var zoned = weekly ?? ZonedHours(timeZone: context.timeZone, weekdays: [], from: 0, to: 0)
        if reader.has("weekdays") { zoned.hours.weekdays = reader.weekdays() }
        reader.read("time_zone", into: &zoned.timeZone)
        reader.read("from", into: &zoned.hours.from)
        reader.read("to", into: &zoned.hours.to)
        if context.isNew { reader.require("from", "to") }
        span = .weekly(zoned)
    }
}

extension JSON {
    /// Returns an object of strings, sorted by name.
    static func texts(_ texts: [String: String]) -> JSON {
        .members(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    }
}
