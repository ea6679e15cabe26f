extension ConfigurationCheck {
    mutating func check(steps policy: EscalationPolicy) {
        let limit = EscalationPolicy.Limits.steps
        expect((1...limit).contains(policy.steps.count), "steps", "A policy has 1 to \(limit) steps.")
        for (index, step) in policy.steps.enumerated() { check(step, "steps[\(index)]") }
    }

    mutating func check(routes policy: EscalationPolicy) {
        let limit = EscalationPolicy.Limits.routes
        expect(policy.routes.count <= limit, "routes", "A policy has at most \(limit) routes.")
        for (index, route) in policy.routes.enumerated() { check(route, of: policy, "routes[\(index)]") }
    }

    private mutating func check(_ step: EscalationPolicy.Step, _ field: String) {
        let limits = EscalationPolicy.Limits.self
        expect(
            step.delay >= limits.shortestDelay && step.delay <= limits.longestDelay, "\(field).delay_seconds",
            "The next step waits 1 second to 30 days.")
        expect(
            (1...limits.targetsPerStep).contains(step.targets.count), "\(field).targets",
            "A step has 1 to \(limits.targetsPerStep) targets.")
        var seen: Set<EscalationPolicy.Target> = []
        for (index, target) in step.targets.enumerated() {
            let place = "\(field).targets[\(index)].id"
            expect(seen.insert(target).inserted, place, "The step names this target twice.")
            switch target {
            case .user(let id): person(id, place)
            case .schedule(let id): expect(after.schedules[id] != nil, place, "There is no schedule “\(id)”.")
            case .team(let id), .roundRobin(let id): team(id, place)
            case .channel(let id): expect(after.teamChannels[id] != nil, place, "There is no team channel “\(id)”.")
            }
        }
    }

    private mutating func check(_ route: EscalationPolicy.Route, of policy: EscalationPolicy, _ field: String) {
        expect(
            route.labels.count <= AlertEvent.Limits.labels && !route.labels.keys.contains(""), "\(field).labels",
            "A route names at most \(AlertEvent.Limits.labels) labels.")
        if let hours = route.hours {
            timeZone(hours.timeZone, "\(field).hours.time_zone")
            self.hours(hours.hours, "\(field).hours", weekdays: "\(field).hours.weekdays")
        }
        guard after.policies[route.policyID] != nil else {
            return fault("\(field).policy_id", "There is no escalation policy “\(route.policyID)”.")
        }
        if let circle = circle(from: route.policyID, backTo: policy.id) {
            fault("\(field).policy_id", "It leads in a circle: \(circle.joined(separator: " → ")).")
        }
    }

    /// Returns the names of the policies along the routes from `start` to `goal`, or nil when no routes lead there.
    private func circle(from start: PolicyID, backTo goal: PolicyID) -> [String]? {
        var ways: [(id: PolicyID, names: [String])] = [(start, [after.policies[goal]?.name ?? ""])]
        var seen: Set<PolicyID> = []
        while let (id, names) = ways.popLast() {
            guard let policy = after.policies[id] else { continue }
            if id == goal { return names + [policy.name] }
            guard seen.insert(id).inserted else { continue }
            ways += policy.routes.map { ($0.policyID, names + [policy.name]) }
        }
        return nil
    }
}
