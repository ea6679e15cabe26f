internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

extension WebRequest {
    /// The policy with the id in the path.
    func policy() throws(APIProblem) -> EscalationPolicy { try find() }

    /// The same policy, if the user may change it.
    func ownPolicy() throws(APIProblem) -> EscalationPolicy { try findOwn() }

    /// The teams and alert sources that use a policy.
    func users(of policy: EscalationPolicy) -> [PolicyView.Link] {
        let teams = configuration.teams.values.filter { $0.defaultPolicyID == policy.id }.sorted { $0.name < $1.name }
        let sources = configuration.sources.values.filter { $0.policyID == policy.id }.sorted { $0.name < $1.name }
        let routes = configuration.policies.values.filter { $0.routes.contains { $0.policyID == policy.id } }
            .sorted { $0.name < $1.name }
        return teams.map { ("Team \($0.name)", "/teams/\($0.id)") }
            + sources.map { ("Source \($0.name)", "/alert-sources/\($0.id)") }
            + routes.map { ("Routes of \($0.name)", "/escalation-policies/\($0.id)") }
    }

    /// The default input of a preview: a critical alert now.
    func asking(_ input: FormInput) -> FormInput {
        var input = input
        if input["preview_severity"].isEmpty { input.values["preview_severity"] = [Severity.critical.rawValue] }
        if input["preview_at"].isEmpty {
            input.values["preview_at"] = [reader.local.typed(now)]
        }
        return input
    }

    /// The model of a policy. It has no preview if the preview's input is not valid.
    func model(of policy: EscalationPolicy, _ input: FormInput) async throws -> PolicyView.Model {
        let (preview, faults) = try await preview(of: policy, input)
        return PolicyView.Model(
            id: policy.id, name: policy.name,
            team: (configuration.teams[policy.teamID]?.name ?? "a deleted team", "/teams/\(policy.teamID)"),
            steps: policy.steps.enumerated().map { index, step in
                let when = index == 0 ? "At once" : "\(policy.steps[index - 1].delay.words) later, if nobody answered"
                return .init(when: when, targets: step.targets.map { (configuration.name(of: $0), path(to: $0)) })
            }, sentences: sentences(for: policy),
            routes: policy.routes.map { route in
                let other = configuration.policies[route.policyID]?.name ?? "a deleted policy"
                return (words(for: route), (other, "/escalation-policies/\(route.policyID)"))
            }, users: users(of: policy), preview: preview, input: input.with(faults),
            mayConfigure: may(.configure(policy.teamID)))
    }

    private func path(to target: EscalationPolicy.Target) -> Path {
        switch target {
        case .user(let id): "/users/\(id)"
        case .schedule(let id): "/schedules/\(id)"
        case .team(let id), .roundRobin(let id): "/teams/\(id)"
        case .channel(let id): configuration.teamChannels[id].map { "/teams/\($0.teamID)" } ?? "/teams"
        }
    }

    private func sentences(for policy: EscalationPolicy) -> [String] {
        let last = policy.steps.last?.delay.words ?? ""
        let again =
            switch policy.repeats {
            case 0: ""
            case 1: "\(last) after the last step it starts over, once."
            default: "\(last) after the last step it starts over, \(policy.repeats) times."
            }
        let end =
            switch policy.finalAction {
            case .stay: "In the end paging stops and the incident stays open."
            case .notifyAdministrators: "In the end all administrators are paged."
            }
        let timeout =
            policy.acknowledgementTimeout.map {
                "An acknowledged incident pages again after \($0.words) if it is not resolved."
            } ?? "An acknowledgement lasts until the incident is resolved."
        let urgent = Severity.allCases.reversed().filter { policy.urgentSeverities.contains($0) }.map(\.rawValue)
        let urgency =
            urgent.isEmpty
            ? "No severity is urgent." : "Urgent: \(urgent.joined(separator: ", "))."
        let holdOff = policy.holdOff.map { ["Pages only if it still fires after: \($0.typed)."] } ?? []
        return (again.isEmpty ? [] : [again]) + [end, timeout, urgency] + holdOff
    }

    /// `Critical, error with service=db, Mon to Fri 22:00 to 07:00 (Europe/Zagreb)`.
    private func words(for route: EscalationPolicy.Route) -> String {
        let severities = Severity.allCases.reversed().filter { route.severities.contains($0) }.map(\.rawValue)
        var words = severities.isEmpty ? "Any alert" : "An alert that is \(severities.joined(separator: " or "))"
        let labels = route.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !labels.isEmpty { words += " with \(labels.joined(separator: " and "))" }
        if let hours = route.hours {
            words += ", \(weekdayWords(hours.hours.weekdays)) \(reader.words(hours.hours))"
            words += " (\(hours.timeZone))"
        }
        return words
    }
}
