extension Configuration {
    /// The roster as it is after these changes: what they are checked on, and what the database will hold.
    package func applying(_ changes: [ConfigurationChange]) -> Configuration {
        var configuration = self
        for change in changes { configuration.apply(change) }
        return configuration
    }

    private mutating func apply(_ change: ConfigurationChange) {
        switch change {
        case .saveTeam(let team): teams[team.id] = team
        case .deleteTeam(let id): teams[id] = nil
        case .saveUser(let user): users[user.id] = user
        case .setPassword: break  // Not part of a roster.
        case .deleteUser(let id): remove(id)
        case .saveContactMethod(let method): contactMethods[method.id] = method
        case .deleteContactMethod(let id): remove(id)
        case .saveRules(let user, let rules):
            self.rules[user] = rules.isEmpty ? nil : rules.sorted { ($0.delay, $0.id) < ($1.delay, $1.id) }
        case .saveSchedule(let schedule): schedules[schedule.id] = schedule
        case .deleteSchedule(let id): schedules[id] = nil
        case .savePolicy(let policy): policies[policy.id] = policy
        case .deletePolicy(let id): remove(id)
        case .saveSource(let source): sources[source.id] = source
        case .deleteSource(let id): sources[id] = nil
        case .saveHeartbeat(let heartbeat): heartbeats[heartbeat.id] = heartbeat
        case .deleteHeartbeat(let id): heartbeats[id] = nil
        case .saveMaintenanceWindow(let window): maintenanceWindows[window.id] = window
        case .deleteMaintenanceWindow(let id): maintenanceWindows[id] = nil
        }
    }

    private mutating func remove(_ user: UserID) {
        users[user] = nil
        rules[user] = nil
        for method in contactMethods(of: user) { contactMethods[method.id] = nil }
        for id in Array(teams.keys) { teams[id]?.memberIDs.removeAll { $0 == user } }
    }

    private mutating func remove(_ method: ContactMethodID) {
        guard let owner = contactMethods.removeValue(forKey: method)?.userID else { return }
        rules[owner]?.removeAll { $0.contactMethodID == method }
    }

    private mutating func remove(_ policy: PolicyID) {
        policies[policy] = nil
        for id in Array(teams.keys) where teams[id]?.defaultPolicyID == policy { teams[id]?.defaultPolicyID = nil }
        for id in Array(sources.keys) where sources[id]?.policyID == policy { sources[id]?.policyID = nil }
    }
}
