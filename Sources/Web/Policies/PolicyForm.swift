internal import Domain

/// Converts between an escalation policy and the fields of its editor.
struct PolicyForm {
    /// Accepts any reasonable size of number. The configuration checks the actual limits.
    private static let numbers = 0...1_000_000

    /// The fields that a conflict names.
    static let labels: [(name: String, label: String)] =
        [
            ("name", "Name"), ("repeats", "Repeats"), ("final_action", "In the end"),
            ("acknowledgement", "Acknowledgement"), ("urgent", "Treat as urgent"),
            ("hold_off", "Page only if it still fires after"),
        ] + (0..<5).map { ("step-\($0)-delay", "Step \($0 + 1)") }

    private(set) var policy: EscalationPolicy
    private(set) var faults: [FieldFault] = []
    /// The form rows of each step's targets.
    private var targetRows: [[Int]] = []

    init(_ form: FormInput, id: PolicyID) {
        policy = EscalationPolicy(
            id: id, name: form["name"].trimmingBlanks(), teamID: TeamID(form["team_id"]), steps: [])
        for row in 0..<form.rows("step-") { readStep(form, row) }
        policy.repeats = number(form, "repeats") ?? 0
        policy.finalAction = form["final_action"] == "notify" ? .notifyAdministrators : .stay
        if !form["acknowledgement"].trimmingBlanks().isEmpty {
            policy.acknowledgementTimeout = length(form, "acknowledgement", "acknowledgement-unit")
        }
        policy.urgentSeverities = severities(form, "urgent")
        let holdOff = form["hold_off"].trimmingBlanks()
        policy.holdOff = holdOff.isEmpty ? nil : HoldOff(typed: holdOff)
        if !holdOff.isEmpty && policy.holdOff == nil {
            faults.append(FieldFault("hold_off", "Write it like warning 5 min, info 1 h."))
        }
        for row in 0..<form.rows("route-") { readRoute(form, row) }
    }

    private mutating func number(_ form: FormInput, _ field: String) -> Int? {
        if let number = Int(form[field].trimmingBlanks()), PolicyForm.numbers.contains(number) { return number }
        faults.append(FieldFault(field, "Write a whole number."))
        return nil
    }

    private mutating func length(_ form: FormInput, _ field: String, _ unit: String) -> Duration? {
        guard let number = number(form, field) else { return nil }
        return switch form[unit] {
        case "s": .seconds(number)
        case "h": .hours(number)
        case "d": .days(number)
        default: .minutes(number)
        }
    }

    private func severities(_ form: FormInput, _ field: String) -> Set<Severity> {
        Set(form.all(field).compactMap { Severity(rawValue: $0) })
    }

    private mutating func readStep(_ form: FormInput, _ row: Int) {
        let prefix = "step-\(row)-"
        let rows = (0..<form.rows("\(prefix)target-")).filter { !form["\(prefix)target-\($0)"].isEmpty }
        var targets: [EscalationPolicy.Target] = []
        for place in rows {
            let field = "\(prefix)target-\(place)"
            if let target = EscalationPolicy.Target(typed: form[field]) {
                targets.append(target)
            } else {
                faults.append(FieldFault(field, "Choose a person, a schedule, a team or a channel."))
            }
        }
        targetRows.append(rows)
        policy.steps.append(
            .init(targets: targets, delay: length(form, "\(prefix)delay", "\(prefix)unit") ?? .minutes(5)))
    }

    private mutating func readRoute(_ form: FormInput, _ row: Int) {
        let prefix = "route-\(row)-"
        var route = EscalationPolicy.Route(
            severities: severities(form, "\(prefix)severities"), policyID: PolicyID(form["\(prefix)policy"]))
        if route.policyID.rawValue.isEmpty { faults.append(FieldFault("\(prefix)policy", "Choose a policy.")) }
        for line in form["\(prefix)labels"].split(separator: "\n").map({ $0.trimmingBlanks() }) where !line.isEmpty {
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
                faults.append(FieldFault("\(prefix)labels", "Write one name=value in each line."))
                break
            }
            route.labels[line[..<equals].trimmingBlanks()] = line[line.index(after: equals)...].trimmingBlanks()
        }
        route.hours = hours(form, prefix)
        policy.routes.append(route)
    }

    /// Nil if neither days nor times are selected.
    private mutating func hours(_ form: FormInput, _ prefix: String) -> ZonedHours? {
        let days = form.weekdays("\(prefix)days")
        let times = ["from", "to"].map { form["\(prefix)\($0)"] }
        guard !days.isEmpty || times.contains(where: { !$0.isEmpty }) else { return nil }
        guard let from = minuteOfDay(typed: times[0]) else {
            faults.append(FieldFault("\(prefix)from", "Write a time of day, like 22:00."))
            return nil
        }
        guard let to = minuteOfDay(typed: times[1]) else {
            faults.append(FieldFault("\(prefix)to", "Write a time of day, like 07:00."))
            return nil
        }
        return .init(
            timeZone: form["\(prefix)zone"].trimmingBlanks(), weekdays: days, from: from,
            to: to == 0 ? 1440 : to)
    }

    /// The form field for a field of the policy.
    func field(_ name: String) -> String {
        if let match = name.firstMatch(of: /^steps\[(\d+)\]\.(.*)/), let step = Int(match.1) {
            let number = match.2.firstMatch(of: /\[(\d+)\]/).flatMap { Int($0.1) }
            guard match.2.hasPrefix("targets") else { return "step-\(step)-delay" }
            guard let number, targetRows.indices.contains(step), targetRows[step].indices.contains(number) else {
                return "step-\(step)-targets"
            }
            return "step-\(step)-target-\(targetRows[step][number])"
        }
        if let match = name.firstMatch(of: /^routes\[(\d+)\]\.(.*)/) {
            let names = [
                "labels": "labels", "hours.time_zone": "zone", "hours.weekdays": "days", "hours": "from",
                "policy_id": "policy",
            ]
            return "route-\(match.1)-\(names[String(match.2)] ?? "policy")"
        }
        return name == "acknowledgement_timeout_seconds" ? "acknowledgement" : name
    }
}

extension PolicyForm {
    /// The editor's values for an existing policy.
    static func input(for policy: EscalationPolicy) -> FormInput {
        var values: [String: [String]] = [
            "name": [policy.name], "team_id": [policy.teamID.rawValue], "repeats": ["\(policy.repeats)"],
            "final_action": [policy.finalAction == .stay ? "stay" : "notify"],
            "urgent": policy.urgentSeverities.map(\.rawValue), "acknowledgement-unit": ["min"],
            "hold_off": [policy.holdOff?.typed ?? ""],
        ]
        if let timeout = policy.acknowledgementTimeout {
            (values["acknowledgement"], values["acknowledgement-unit"]) = fields(of: timeout)
        }
        for (row, step) in policy.steps.enumerated() {
            (values["step-\(row)-delay"], values["step-\(row)-unit"]) = fields(of: step.delay)
            for (place, target) in step.targets.enumerated() { values["step-\(row)-target-\(place)"] = [target.typed] }
        }
        for (row, route) in policy.routes.enumerated() {
            let prefix = "route-\(row)-"
            values["\(prefix)severities"] = route.severities.map(\.rawValue)
            let labels = route.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            values["\(prefix)labels"] = [labels.joined(separator: "\n")]
            values["\(prefix)policy"] = [route.policyID.rawValue]
            guard let hours = route.hours else { continue }
            values["\(prefix)days"] = hours.hours.weekdays.sorted().map { "\($0.rawValue)" }
            values["\(prefix)from"] = ["\(hours.hours.from)"]
            values["\(prefix)to"] = ["\(hours.hours.to)"]
            values["\(prefix)zone"] = [hours.timeZone]
        }
        return FormInput(values)
    }

    /// A duration in the largest unit that gives a whole number.
    private static func fields(of length: Duration) -> ([String], [String]) {
        let seconds = length.components.seconds
        for (unit, size) in [("d", Int64(86_400)), ("h", 3_600), ("min", 60)] where seconds > 0 && seconds % size == 0 {
            return (["\(seconds / size)"], [unit])
        }
        return (["\(seconds)"], ["s"])
    }
}

extension EscalationPolicy.Target {
    /// The value of a select: `user:…`, `schedule:…`, `team:…`, `turns:…`.
    var typed: String {
        switch self {
        case .user(let id): "user:\(id)"
        case .schedule(let id): "schedule:\(id)"
        case .team(let id): "team:\(id)"
        case .roundRobin(let id): "turns:\(id)"
        case .channel(let id): "channel:\(id)"
        }
    }

    init?(typed text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let id = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "user": self = .user(UserID(id))
        case "schedule": self = .schedule(ScheduleID(id))
        case "team": self = .team(TeamID(id))
        case "turns": self = .roundRobin(TeamID(id))
        case "channel": self = .channel(TeamChannelID(id))
        default: return nil
        }
    }
}
