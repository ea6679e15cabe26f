extension Configuration {
    /// Returns the policy for an alert. The sender's choice comes first, then the source's policy, then the team's.
    /// From there the first matching route leads to the next policy, at most ten times, so that circular routes end.
    package func policy(
        team: TeamID, source: AlertSource?, named: String?, severity: Severity, labels: [String: String],
        at now: Timestamp
    ) -> EscalationPolicy {
        if source?.id == Drill.sourceID, let named { return Drill.policy(of: UserID(named), team: team) }
        let asked = named.flatMap { name in
            policies.values.first {
                $0.teamID == team && ($0.id.rawValue == name || $0.name.lowercased() == name.lowercased())
            }
        }
        let first =
            asked ?? source?.policyID.flatMap { policies[$0] } ?? teams[team]?.defaultPolicyID.flatMap { policies[$0] }
        guard var policy = first else { return fallbackPolicy(of: team) }
        for _ in 0..<10 {
            let route = policy.routes.first { $0.matches(severity: severity, labels: labels, at: now) }
            guard let route, let next = policies[route.policyID], next.id != policy.id else { break }
            policy = next
        }
        return policy
    }

    /// The policy for a team that has none: it pages everybody, three times, five minutes apart.
    package func fallbackPolicy(of team: TeamID) -> EscalationPolicy {
        EscalationPolicy(
            id: "fallback", name: "everybody of the team", teamID: team,
            steps: [EscalationPolicy.Step(targets: [.team(team)], delay: .minutes(5))], repeats: 2,
            finalAction: .notifyAdministrators)
    }
}

extension EscalationPolicy.Route {
    /// Whether an alert takes this route at an instant.
    package func matches(severity: Severity, labels wanted: [String: String], at now: Timestamp) -> Bool {
        (severities.isEmpty || severities.contains(severity))
            && labels.allSatisfy { wanted[$0.key] == $0.value }
            && (hours?.contains(now) ?? true)
    }
}
