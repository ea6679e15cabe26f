internal import Formats

extension Heartbeat: Configurable {
    package static let definition = ConfigurableDefinition<Heartbeat>(
        .heartbeat, noun: "heartbeat", path: "heartbeats", values: \.heartbeats, team: { $0.teamID },
        fields: [
            .name(\.name, hint: "Like the job's.", isUnique: true),
            .team(\.teamID) { id, configuration in
                [("team", .reference(id.rawValue, configuration.teams[id]?.name ?? ""))]
            },
            rhythmField, graceField,
            .plain("paused", \.isPaused),
            .plain("severity", \.severity, FieldControl("severity", "Severity of its incidents", .severity)),
            policyField,
            .shown("url", "status", "last_beat_at", "started_at", "due_at"),
        ])

    /// A period, or a cron expression with a time zone.
    private static let rhythmField = ConfigurableField<Heartbeat>(
        [
            FieldPart(
                "period_seconds",
                FieldControl(
                    "period", "Every", hint: "Like 5 min, 1 h or 1 d. Empty where a cron expression says when.", .length
                )),
            FieldPart(
                "cron",
                FieldControl(
                    "cron", "At the times of a cron expression", hint: "Five fields, like 30 2 * * *.",
                    .optionalText(maximum: 200))),
            FieldPart(
                "time_zone",
                FieldControl(
                    "time_zone", "Time zone of the cron expression", hint: "Like Europe/Zagreb or UTC.",
                    .text(maximum: 60))),
        ],
        read: { reader, heartbeat, context in readRhythm(&reader, into: &heartbeat, context) },
        show: { heartbeat, _ in
            switch heartbeat.rhythm {
            case .every(let period): [("period_seconds", period.json)]
            case .cron(let expression, let zone):
                [("cron", .string(expression.description)), ("time_zone", .string(zone))]
            }
        },
        typed: { heartbeat in
            switch heartbeat.rhythm {
            case .every(let period): ["period": [period.typed]]
            case .cron(let expression, let zone): ["cron": [expression.description], "time_zone": [zone]]
            }
        },
        check: { heartbeat, check in
            switch heartbeat.rhythm {
            case .every(let period):
                check.expect(
                    period >= Limits.shortestPeriod && period <= Limits.longestPeriod, "period_seconds",
                    "A period lasts 10 seconds to 400 days.")
            case .cron(_, let zone): check.timeZone(zone)
            }
        })

    @Sendable
    private static func readRhythm(
        _ reader: inout FieldReader, into heartbeat: inout Heartbeat, _ context: FieldContext
    ) {
        if context.isNew && !reader.has("period_seconds") && !reader.has("cron") {
            reader.fault("period_seconds", "Say how often it beats: a period in seconds, or a cron expression.")
        }
        var (period, cron, zone): (Duration?, String?, String) = (nil, nil, context.timeZone)
        switch heartbeat.rhythm {
        case .every(let duration): period = duration
        case .cron(let expression, let timeZone): (cron, zone) = (expression.description, timeZone)
        }
        if reader.has("period_seconds") { cron = nil }
        if reader.has("cron") { period = nil }
        reader.read("period_seconds", into: &period)
        reader.read("cron", into: &cron)
        reader.read("time_zone", into: &zone)
        switch (period, cron) {
        case (let period?, nil): heartbeat.rhythm = .every(period)
        case (nil, let text?):
            guard let expression = CronExpression(text) else {
                return reader.fault("cron", "This is not a cron expression. Write five fields, like 30 2 * * *.")
            }
            heartbeat.rhythm = .cron(expression, timeZone: zone)
        case (_?, _?): reader.fault("cron", "Name either a period or a cron expression.")
        case (nil, nil): reader.fault("period_seconds", "Say how often it beats: name a period or a cron expression.")
        }
    }

    private static let graceField = ConfigurableField<Heartbeat>.plain(
        "grace_seconds", \.grace,
        FieldControl(
            "grace", "Grace",
            hint: "How much later a beat may come, and how long a job that said it started may take. Like 5 min.",
            isRequired: true, .length),
        typedAs: .length,
        check: { heartbeat, check in
            check.expect(
                heartbeat.grace >= Limits.shortestGrace && heartbeat.grace <= Limits.longestGrace, "grace_seconds",
                "A grace lasts 1 second to 30 days.")
        })

    private static let policyField = ConfigurableField<Heartbeat>.optional(
        "policy_id", \.policyID, FieldControl("policy", "Escalation policy", .policy(none: "the team's default"))
    ) { heartbeat, check in
        guard let id = heartbeat.policyID else { return }
        check.expect(
            check.after.policies[id]?.teamID == heartbeat.teamID, "policy_id",
            "There is no escalation policy “\(id)” of this team.")
    }
}
