internal import Actors
package import Domain
internal import Formats
internal import Hummingbird
internal import Providers

/// Who is on call: GET /api/v1/oncall, /api/v1/schedules/{id}/shifts and /api/v1/coverage.
struct OnCallRoutes: Sendable {
    /// The longest time span of a rendered schedule.
    static let longestSpan: Duration = .days(400)

    struct OnCall: Encodable {
        struct Duty: Encodable {
            let schedule, scheduleId, team, teamId: String
            let onCall: [Person]
            /// When this changes, or nil if it does not change within a year.
            let until: String?
            /// Who is on call after that.
            let next: [Person]
        }

        let at: String
        let items: [Duty]
    }

    struct Warning: Encodable {
        let kind, text: String
        let subjectKind, subjectId: String?
    }

    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/oncall", .needs(.read), forTeams: true) { request, context in
            try onCall(request, context)
        }
        routes.on(.get, "/api/v1/schedules/{id}/shifts", .needs(.read), forTeams: true) { request, context in
            try shifts(request, context)
        }
        routes.on(.get, "/api/v1/coverage", .needs(.read)) { _, _ in coverage() }
    }

    private func onCall(_ request: Request, _ context: RouteContext) throws -> Response {
        let caller = try context.signedIn
        let query = request.uri.queryParameters
        let at = try instant(query["at"], "at") ?? services.time.now()
        let configuration = services.configuration.current
        let team = try services.team(query)
        let schedules = configuration.schedules.values.filter {
            (team == nil || $0.teamID == team) && caller.sees($0.teamID)
        }
        .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        return .json(
            OnCall(
                at: at.rfc3339,
                items: schedules.map { schedule in
                    let duty = configuration.duty(in: schedule, at: at)
                    return OnCall.Duty(
                        schedule: schedule.name, scheduleId: schedule.id.rawValue,
                        team: configuration.teams[schedule.teamID]?.name ?? "", teamId: schedule.teamID.rawValue,
                        onCall: duty.people.map { Person($0, configuration) }, until: duty.until?.rfc3339,
                        next: duty.next.map { Person($0, configuration) })
                }))
    }

    private func shifts(_ request: Request, _ context: RouteContext) throws -> Response {
        let configuration = services.configuration.current
        guard let schedule = configuration.schedules[ScheduleID(context.parameters.get("id") ?? "")],
            try context.signedIn.sees(schedule.teamID)
        else {
            throw APIProblem.notFound("such schedule")
        }
        let query = request.uri.queryParameters
        let from = try instant(query["from"], "from") ?? services.time.now()
        let to = try instant(query["to"], "to") ?? from + .days(28)
        guard from < to, to - from <= OnCallRoutes.longestSpan else {
            throw APIProblem.invalid("to", "The end must be after the start, at most 400 days later.")
        }
        let isPresent = configuration.isPresent
        let final = schedule.shifts(from: from, to: to, isPresent: isPresent)
        let layers = schedule.layers.indices.map { index in
            schedule.spans(ofLayer: index, from: from, to: to, isPresent: isPresent)
                .map { Schedule.Shift(from: $0.from, to: $0.to, people: [$0.person]) }
        }
        let shown = { (shifts: [Schedule.Shift]) in JSON.array(shifts.map { $0.json(configuration) }) }
        return .json(
            .members([
                // The result: layers with overrides applied.
                ("final", shown(final)), ("from", .string(from.rfc3339)),
                ("gaps", shown(final.filter(\.people.isEmpty))),
                (
                    "layers",
                    .array(
                        zip(schedule.layers, layers).map { layer, shifts in
                            .members([("name", .string(layer.name)), ("shifts", shown(shifts))])
                        })
                ), ("schedule", .string(schedule.name)), ("time_zone", .string(schedule.timeZone)),
                ("to", .string(to.rfc3339)),
            ]))
    }

    private func coverage() -> Response {
        let warnings = services.coverage(at: services.time.now())
        return .json(
            ListAnswer(
                items: warnings.map {
                    Warning(
                        kind: $0.kind.rawValue, text: $0.text, subjectKind: $0.subject?.kind.rawValue,
                        subjectId: $0.subject?.id)
                }, next: nil))
    }
}

extension Schedule.Shift {
    /// A year has thousands of shifts, so they are written without an encoder.
    fileprivate func json(_ configuration: Configuration) -> JSON {
        .members([
            ("from", .string(from.rfc3339)),
            ("people", .array(people.map { .reference($0.rawValue, configuration.name(of: $0)) })),
            ("to", .string(to.rfc3339)),
        ])
    }
}

extension Services {
    /// What keeps pages from reaching people: gaps in the configuration, and what this process can't send.
    func coverage(at now: Timestamp) -> [CoverageWarning] {
        let disabled = CoverageWarning(
            .sendingDisabled, "Sending is disabled. To send pages, set NOTIFICATION_SENDING_ENABLED=true.")
        return (settings.isSendingEnabled ? [] : [disabled])
            + configuration.current.coverage(from: now, channels: channels)
    }

    /// The channels that a provider serves.
    package var channels: Set<Channel> { providers.reduce(into: []) { $0.formUnion($1.channels) } }
}
