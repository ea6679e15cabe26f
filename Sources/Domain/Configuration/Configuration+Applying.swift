extension Configuration {
    /// Returns the configuration after these changes. The checks run on it, and the database will hold it.
    package func applying(_ changes: [ConfigurationChange]) -> Configuration {
        var configuration = self
        for change in changes { configuration.apply(change) }
        configuration.groupContactMethods()
        return configuration
    }

    private mutating func apply(_ change: ConfigurationChange) {
        switch change {
        case .save(let value): put(value)
        case .delete(let subject): remove(subject)
        case .setPassword, .revokeAll: break  // Passwords and keys are not part of a configuration.
        case .saveRules(let user, let rules):
            self.rules[user] = rules.isEmpty ? nil : rules.sorted { ($0.delay, $0.id) < ($1.delay, $1.id) }
        }
    }

    private mutating func put<Value: Configurable>(_ value: Value) {
        self[keyPath: Value.definition.values][value.id] = value
    }

    private mutating func remove(_ subject: ConfigurationSubject) {
        let id = subject.id
        switch subject.kind {
        case .team: teams[TeamID(id)] = nil
        case .user: remove(UserID(id))
        case .contactMethod: remove(ContactMethodID(id))
        case .notificationRules: rules[UserID(id)] = nil
        case .schedule: schedules[ScheduleID(id)] = nil
        case .escalationPolicy: policies[PolicyID(id)] = nil
        case .alertSource: sources[SourceID(id)] = nil
        case .heartbeat: heartbeats[HeartbeatID(id)] = nil
        case .maintenanceWindow: maintenanceWindows[MaintenanceWindowID(id)] = nil
        case .teamChannel: teamChannels[TeamChannelID(id)] = nil
        case .messageTemplate: messageTemplates[MessageTemplateID(id)] = nil
        }
    }

    private mutating func remove(_ user: UserID) {
        users[user] = nil
        rules[user] = nil
        for method in contactMethods(of: user) { contactMethods[method.id] = nil }
    }

    private mutating func remove(_ method: ContactMethodID) {
        guard let owner = contactMethods.removeValue(forKey: method)?.userID else { return }
        rules[owner]?.removeAll { $0.contactMethodID == method }
    }
}
