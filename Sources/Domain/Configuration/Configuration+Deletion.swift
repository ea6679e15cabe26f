extension Configuration {
    /// Returns the reasons why a team cannot be deleted.
    package func reasonsToKeep(team id: TeamID) -> [String] {
        let owned =
            schedules.values.filter { $0.teamID == id }.map { "the schedule “\($0.name)”" }.sorted()
            + policies.values.filter { $0.teamID == id }.map { "the escalation policy “\($0.name)”" }.sorted()
            + sources.values.filter { $0.teamID == id }.map { "the alert source “\($0.name)”" }.sorted()
            + heartbeats.values.filter { $0.teamID == id }.map { "the heartbeat “\($0.name)”" }.sorted()
            + maintenanceWindows.values.filter { $0.teamID == id }.map { "the maintenance window “\($0.name)”" }
            .sorted()
        let aimed = policies.values.filter {
            $0.teamID != id && $0.targets.contains { $0 == .team(id) || $0 == .roundRobin(id) }
        }
        let posted = policies.values.filter { policy in
            policy.teamID != id && channels(of: id).contains { policy.targets.contains(.channel($0.id)) }
        }
        return owned.map { "The team owns \($0). Move or delete it first." }
            + aimed.map { "The escalation policy “\($0.name)” pages the team. Change it first." }.sorted()
            + posted.map { "The escalation policy “\($0.name)” posts to a channel of the team. Change it first." }
            .sorted()
    }

    /// Returns the reasons why a schedule cannot be deleted.
    package func reasonsToKeep(schedule id: ScheduleID) -> [String] {
        policies.values.filter { $0.targets.contains(.schedule(id)) }
            .map { "The escalation policy “\($0.name)” pages whoever is on call in it. Change it first." }.sorted()
    }

    /// Returns the changes that delete a user. They first remove the user from rotations, overrides and policy steps.
    ///
    /// - Throws: `.inUse` when a rotation or a policy step would have nobody left.
    package func deletion(of id: UserID) throws(ConfigurationFault) -> [ConfigurationChange] {
        var reasons: [String] = []
        var changes: [ConfigurationChange] = []
        if administrators == [id] { reasons.append("This is the last administrator. Make somebody else one first.") }
        for schedule in schedules.values.sorted(by: { $0.id < $1.id }) {
            guard let without = schedule.without(id) else { continue }
            for layer in without.layers where layer.participants.allSatisfy({ $0 == nil }) {
                reasons.append("Nobody else takes turns in “\(layer.name)” of the schedule “\(schedule.name)”.")
            }
            changes.append(.save(without))
        }
        for policy in policies.values.sorted(by: { $0.id < $1.id }) where policy.targets.contains(.user(id)) {
            var without = policy
            for index in without.steps.indices { without.steps[index].targets.removeAll { $0 == .user(id) } }
            if without.steps.contains(where: \.targets.isEmpty) {
                reasons.append("A step of the escalation policy “\(policy.name)” pages nobody else.")
            }
            changes.append(.save(without))
        }
        for team in teams.values.sorted(by: { $0.id < $1.id }) where team.memberIDs.contains(id) {
            var without = team
            without.memberIDs.removeAll { $0 == id }
            changes.append(.save(without))
        }
        guard reasons.isEmpty else { throw .inUse(reasons) }
        return changes + [.delete(.user(id))]
    }

    /// Returns the changes that delete a policy, the routes that lead to it, and the choices of teams and sources.
    package func deletion(of id: PolicyID) -> [ConfigurationChange] {
        var changes: [ConfigurationChange] = []
        for policy in policies.values.sorted(by: { $0.id < $1.id }) where policy.id != id {
            guard policy.routes.contains(where: { $0.policyID == id }) else { continue }
            var without = policy
            without.routes.removeAll { $0.policyID == id }
            changes.append(.save(without))
        }
        for team in teams.values.sorted(by: { $0.id < $1.id }) where team.defaultPolicyID == id {
            var without = team
            without.defaultPolicyID = nil
            changes.append(.save(without))
        }
        for source in sources.values.sorted(by: { $0.id < $1.id }) where source.policyID == id {
            var without = source
            without.policyID = nil
            changes.append(.save(without))
        }
        return changes + [.delete(.policy(id))]
    }
}

extension EscalationPolicy {
    /// All targets of all steps.
    package var targets: [Target] { steps.flatMap(\.targets) }
}

extension EscalationPolicy.Target {
    /// Whether it reaches no person by itself.
    package var isChannel: Bool { if case .channel = self { true } else { false } }
}

extension Schedule {
    /// Returns the schedule without a person, or nil when the person is not in it.
    func without(_ person: UserID) -> Schedule? {
        guard mentions(person) else { return nil }
        var schedule = self
        schedule.overrides.removeAll { $0.change.people.contains { $0.user == person } }
        for index in schedule.layers.indices { schedule.layers[index].remove(person) }
        return schedule
    }
}

extension Schedule.Layer {
    /// Removes a person. In a plain rotation the person's place goes too. If the places form a pattern, with empty
    /// turns or repeated people, its length stays and the next person takes the place over.
    fileprivate mutating func remove(_ person: UserID) {
        let others = participants.compactMap(\.self)
        let isPattern = others.count < participants.count || Set(others).count < others.count
        guard isPattern else { return participants.removeAll { $0 == person } }
        let before = participants
        for place in before.indices where before[place] == person {
            let following = before.indices.lazy.compactMap { before[(place + $0) % before.count] }
            participants[place] = following.first { $0 != person }
        }
    }
}

extension Schedule {
    /// Whether a person takes turns in this schedule or appears in one of its overrides.
    package func mentions(_ person: UserID) -> Bool {
        layers.contains { $0.participants.contains(person) }
            || overrides.contains { $0.change.people.contains { $0.user == person } }
    }
}
