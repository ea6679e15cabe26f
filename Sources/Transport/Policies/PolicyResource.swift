internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations

/// /api/v1/escalation-policies
struct PolicyResource: Resource {
    static let path = "escalation-policies"
    static let noun = "escalation policy"
    static let door = Access.needsTeam

    struct Answer: Encodable {
        struct Target: Encodable { let type, id, name: String }
        struct Step: Encodable {
            let delaySeconds: Int64
            let targets: [Target]
        }
        struct Hours: Encodable {
            let timeZone: String
            let weekdays: [Int]
            let from, to: TimeOfDay
        }
        struct Route: Encodable {
            let severities: [String]
            let labels: [String: String]
            let hours: Hours?
            let policyId: String
        }

        let id, name, teamId: String
        let steps: [Step]
        let repeats: Int
        let finalAction: String
        let acknowledgementTimeoutSeconds: Int64?
        let urgentSeverities: [String]
        let routes: [Route]
    }

    private enum TargetType: String, CaseIterable, FieldValue {
        case user, schedule, team
        case roundRobin = "round_robin"
    }

    fileprivate enum FinalAction: String, CaseIterable, FieldValue {
        case stay
        case notifyAdministrators = "notify_administrators"
    }

    func all(_ configuration: Configuration, _ query: Query) throws -> [EscalationPolicy] {
        let team = configuration.team(in: query)
        return configuration.policies.values.filter { team == nil || $0.teamID == team }
    }

    func blank(_ id: PolicyID, _ caller: Caller, _ configuration: Configuration) -> EscalationPolicy {
        EscalationPolicy(id: id, name: "", teamID: "", steps: [])
    }

    func read(
        _ reader: inout FieldReader, into policy: inout EscalationPolicy, isNew: Bool, _ configuration: Configuration
    ) throws {
        reader.read("name", into: &policy.name)
        reader.team(into: &policy.teamID, configuration)
        try reader.read("steps", into: &policy.steps, step)
        reader.read("repeats", into: &policy.repeats)
        var final = FinalAction(of: policy.finalAction)
        reader.read("final_action", into: &final)
        policy.finalAction = final.action
        reader.read("acknowledgement_timeout_seconds", into: &policy.acknowledgementTimeout)
        reader.severities("urgent_severities", into: &policy.urgentSeverities)
        try reader.read("routes", into: &policy.routes, route)
        reader.ignore("id")
        if isNew { reader.require("name", "steps") }
    }

    private func step(_ reader: inout FieldReader) -> EscalationPolicy.Step? {
        var step = EscalationPolicy.Step(targets: [], delay: .minutes(5))
        reader.read("delay_seconds", into: &step.delay)
        try? reader.read("targets", into: &step.targets) { reader in
            var (type, id) = (TargetType.user, "")
            reader.read("type", into: &type)
            reader.read("id", into: &id)
            reader.ignore("name")
            reader.require("type", "id")
            return switch type {
            case .user: .user(UserID(id))
            case .schedule: .schedule(ScheduleID(id))
            case .team: .team(TeamID(id))
            case .roundRobin: .roundRobin(TeamID(id))
            }
        }
        reader.require("targets")
        return step
    }

    private func route(_ reader: inout FieldReader) -> EscalationPolicy.Route? {
        var route = EscalationPolicy.Route(policyID: "")
        reader.severities("severities", into: &route.severities)
        reader.read("labels", into: &route.labels)
        try? reader.read("hours", into: &route.hours) { reader in
            var zone = "UTC"
            reader.read("time_zone", into: &zone)
            let weekdays = reader.weekdays()
            let (from, to) = reader.hours()
            return EscalationPolicy.Hours(timeZone: zone, weekdays: weekdays, fromMinute: from, toMinute: to)
        }
        reader.read("policy_id", into: &route.policyID)
        reader.require("policy_id")
        return route
    }

    func permissions(from old: EscalationPolicy?, to new: EscalationPolicy?, _ configuration: Configuration)
        -> [Permission]
    {
        [old, new].compactMap { $0.map { .configure($0.teamID) } }
    }

    func saving(_ policy: EscalationPolicy, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.savePolicy(policy)]
    }

    func deleting(_ policy: EscalationPolicy, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        configuration.deletion(of: policy.id)
    }

    func answer(_ policy: EscalationPolicy, _ configuration: Configuration, _ services: Services) -> Answer {
        Answer(
            id: policy.id.rawValue, name: policy.name, teamId: policy.teamID.rawValue,
            steps: policy.steps.map { step in
                .init(
                    delaySeconds: step.delay.components.seconds, targets: step.targets.map { target($0, configuration) }
                )
            },
            repeats: policy.repeats, finalAction: FinalAction(of: policy.finalAction).rawValue,
            acknowledgementTimeoutSeconds: policy.acknowledgementTimeout?.components.seconds,
            urgentSeverities: policy.urgentSeverities.sorted().map(\.rawValue),
            routes: policy.routes.map { route in
                .init(
                    severities: route.severities.sorted().map(\.rawValue), labels: route.labels,
                    hours: route.hours.map {
                        .init(
                            timeZone: $0.timeZone, weekdays: $0.weekdays.sorted(), from: TimeOfDay($0.fromMinute),
                            to: TimeOfDay($0.toMinute))
                    }, policyId: route.policyID.rawValue)
            })
    }

    private func target(_ target: EscalationPolicy.Target, _ configuration: Configuration) -> Answer.Target {
        let (type, id): (TargetType, String) =
            switch target {
            case .user(let id): (.user, id.rawValue)
            case .schedule(let id): (.schedule, id.rawValue)
            case .team(let id): (.team, id.rawValue)
            case .roundRobin(let id): (.roundRobin, id.rawValue)
            }
        return .init(type: type.rawValue, id: id, name: configuration.name(of: target))
    }
}

extension PolicyResource.FinalAction {
    fileprivate init(of action: EscalationPolicy.FinalAction) {
        switch action {
        case .stay: self = .stay
        case .notifyAdministrators: self = .notifyAdministrators
        }
    }

    fileprivate var action: EscalationPolicy.FinalAction {
        switch self {
        case .stay: .stay
        case .notifyAdministrators: .notifyAdministrators
        }
    }
}

extension FieldReader {
    /// A list of severities.
    mutating func severities(_ name: String, into field: inout Set<Severity>) {
        guard let value = raw(name) else { return }
        let severities = value.array?.compactMap { Severity(json: $0) }
        guard let severities, severities.count == value.array?.count else {
            return fault(name, "A list was expected. \(Severity.expectation)")
        }
        field = Set(severities)
    }

    /// An object of texts.
    mutating func read(_ name: String, into field: inout [String: String]) {
        guard let value = raw(name) else { return }
        let members = value.object?.members.compactMap { member in member.value.text.map { (member.name, $0) } }
        guard let members, members.count == value.object?.members.count else {
            return fault(name, "An object of texts was expected.")
        }
        field = Dictionary(members) { $1 }
    }
}
