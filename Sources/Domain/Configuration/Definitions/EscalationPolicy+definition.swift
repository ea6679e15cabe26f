package import Formats

extension EscalationPolicy: Configurable {
    package static let definition = ConfigurableDefinition<EscalationPolicy>(
        .escalationPolicy, noun: "escalation policy", path: "escalation-policies", values: \.policies,
        team: { $0.teamID },
        deletion: { policy, configuration in configuration.deletion(of: policy.id) },
        fields: [
            .name(\.name, isUnique: true),
            .team(\.teamID), stepsField,
            .plain("repeats", \.repeats) { policy, check in
                check.expect(
                    (0...Limits.repeats).contains(policy.repeats), "repeats", "Repeat 0 to \(Limits.repeats) times.")
            },
            .plain("final_action", \.finalAction),
            .optional("acknowledgement_timeout_seconds", \.acknowledgementTimeout) { policy, check in
                guard let timeout = policy.acknowledgementTimeout else { return }
                check.expect(
                    timeout >= .minutes(1) && timeout <= Limits.longestDelay, "acknowledgement_timeout_seconds",
                    "Trigger again after 1 minute to 30 days, or leave it out.")
            },
            urgentField, routesField,
            .optional("hold_off", \.holdOff) { policy, check in check.holdOff(policy.holdOff) },
        ])

    private static let stepsField = ConfigurableField<EscalationPolicy>(
        [FieldPart("steps", isRequired: true, schema: .schema(listOf: .schema("object")))],
        read: { reader, policy, _ in reader.read("steps", into: &policy.steps) { Step(&$0) } },
        show: { policy, configuration in [("steps", .array(policy.steps.map { $0.json(configuration) }))] },
        check: { policy, check in check.check(steps: policy) })

    private static let urgentField = ConfigurableField<EscalationPolicy>(
        [FieldPart("urgent_severities", schema: .schema(listOf: Severity.schema))],
        read: { reader, policy, _ in reader.severities("urgent_severities", into: &policy.urgentSeverities) },
        show: { policy, _ in [("urgent_severities", .array(policy.urgentSeverities.sorted().map(\.json)))] })

    private static let routesField = ConfigurableField<EscalationPolicy>(
        [FieldPart("routes", schema: .schema(listOf: .schema("object")))],
        read: { reader, policy, _ in reader.read("routes", into: &policy.routes) { Route(&$0) } },
        show: { policy, _ in [("routes", .array(policy.routes.map(\.json)))] },
        check: { policy, check in check.check(routes: policy) })
}

extension EscalationPolicy.FinalAction: FieldValue {
    private static let names: KeyValuePairs<String, EscalationPolicy.FinalAction> = [
        "stay": .stay, "notify_administrators": .notifyAdministrators,
    ]

    package init?(json: JSON) {
        guard case .string(let text) = json, let known = Self.names.first(where: { $0.key == text }) else { return nil }
        self = known.value
    }

    package static var expectation: String { "Write one of \(names.map(\.key).joined(separator: ", "))." }

    package static var schema: JSON {
        .members([("type", .string("string")), ("enum", .array(names.map { .string($0.key) }))])
    }

    package var json: JSON {
        switch self {
        case .stay: .string("stay")
        case .notifyAdministrators: .string("notify_administrators")
        }
    }
}

private enum TargetType: String, CaseIterable, FieldValue {
    case user, schedule, team, channel
    case roundRobin = "round_robin"
}

extension EscalationPolicy.Target {
    private var parts: (type: TargetType, id: String) {
        switch self {
        case .user(let id): (.user, id.rawValue)
        case .schedule(let id): (.schedule, id.rawValue)
        case .team(let id): (.team, id.rawValue)
        case .roundRobin(let id): (.roundRobin, id.rawValue)
        case .channel(let id): (.channel, id.rawValue)
        }
    }

    fileprivate init(_ reader: inout FieldReader) {
        var (type, id) = (TargetType.user, "")
        reader.read("type", into: &type)
        reader.read("id", into: &id)
        reader.ignore(["name"])
        reader.require("type", "id")
        self =
            switch type {
            case .user: .user(UserID(id))
            case .schedule: .schedule(ScheduleID(id))
            case .team: .team(TeamID(id))
            case .roundRobin: .roundRobin(TeamID(id))
            case .channel: .channel(TeamChannelID(id))
            }
    }

    fileprivate func json(_ configuration: Configuration) -> JSON {
        .members([
            ("type", parts.type.json), ("id", .string(parts.id)), ("name", .string(configuration.name(of: self))),
        ])
    }
}

extension EscalationPolicy.Step {
    fileprivate init(_ reader: inout FieldReader) {
        self.init(targets: [], delay: .minutes(5))
        reader.read("delay_seconds", into: &delay)
        reader.read("targets", into: &targets) { EscalationPolicy.Target(&$0) }
        reader.require("targets")
    }

    fileprivate func json(_ configuration: Configuration) -> JSON {
        .members([("delay_seconds", delay.json), ("targets", .array(targets.map { $0.json(configuration) }))])
    }
}

extension EscalationPolicy.Route {
    fileprivate init(_ reader: inout FieldReader) {
        self.init(policyID: "")
        reader.severities("severities", into: &severities)
        reader.read("labels", into: &labels)
        reader.read("hours", into: &hours) { reader in
            var zone = "UTC"
            reader.read("time_zone", into: &zone)
            return ZonedHours(timeZone: zone, hours: reader.weeklyHours())
        }
        reader.read("policy_id", into: &policyID)
        reader.require("policy_id")
    }

    fileprivate var json: JSON {
        let hours = hours.map { hours in
            JSON.members([("time_zone", .string(hours.timeZone))] + hours.hours.members)
        }
        return .members([
            ("severities", .array(severities.sorted().map(\.json))), ("labels", .texts(labels)),
            ("hours", hours ?? .null), ("policy_id", policyID.json),
        ])
    }
}
