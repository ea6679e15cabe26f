/// One thing that operators configure: what an audit record is about.
package struct ConfigurationSubject: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case team
        case user
        case contactMethod = "contact-method"
        /// All notification rules of a user.
        case notificationRules = "notification-rules"
        case schedule
        case escalationPolicy = "escalation-policy"
        case alertSource = "alert-source"
        case heartbeat
        case maintenanceWindow = "maintenance-window"
    }

    package var kind: Kind
    package var id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

extension ConfigurationChange {
    /// What it changes.
    package var subject: ConfigurationSubject {
        switch self {
        case .saveTeam(let team): .init(.team, team.id.rawValue)
        case .deleteTeam(let id): .init(.team, id.rawValue)
        case .saveUser(let user): .init(.user, user.id.rawValue)
        case .setPassword(let id, _): .init(.user, id.rawValue)
        case .deleteUser(let id): .init(.user, id.rawValue)
        case .saveContactMethod(let method): .init(.contactMethod, method.id.rawValue)
        case .deleteContactMethod(let id): .init(.contactMethod, id.rawValue)
        case .saveRules(let user, _): .init(.notificationRules, user.rawValue)
        case .saveSchedule(let schedule): .init(.schedule, schedule.id.rawValue)
        case .deleteSchedule(let id): .init(.schedule, id.rawValue)
        case .savePolicy(let policy): .init(.escalationPolicy, policy.id.rawValue)
        case .deletePolicy(let id): .init(.escalationPolicy, id.rawValue)
        case .saveSource(let source): .init(.alertSource, source.id.rawValue)
        case .deleteSource(let id): .init(.alertSource, id.rawValue)
        case .saveHeartbeat(let heartbeat): .init(.heartbeat, heartbeat.id.rawValue)
        case .deleteHeartbeat(let id): .init(.heartbeat, id.rawValue)
        case .saveMaintenanceWindow(let window): .init(.maintenanceWindow, window.id.rawValue)
        case .deleteMaintenanceWindow(let id): .init(.maintenanceWindow, id.rawValue)
        }
    }
}

extension Configuration {
    /// The value of a subject; nil when there is none.
    package subscript(subject: ConfigurationSubject) -> (any Encodable & Hashable & Sendable)? {
        let id = subject.id
        return switch subject.kind {
        case .team: teams[TeamID(id)]
        case .user: users[UserID(id)]
        case .contactMethod: contactMethods[ContactMethodID(id)]
        case .notificationRules: rules[UserID(id)]
        case .schedule: schedules[ScheduleID(id)]
        case .escalationPolicy: policies[PolicyID(id)]
        case .alertSource: sources[SourceID(id)]
        case .heartbeat: heartbeats[HeartbeatID(id)]
        case .maintenanceWindow: maintenanceWindows[MaintenanceWindowID(id)]
        }
    }

    /// A subject's name for people; its id when it has none.
    package func name(of subject: ConfigurationSubject) -> String {
        let id = subject.id
        let name: String? =
            switch subject.kind {
            case .team: teams[TeamID(id)]?.name
            case .user: users[UserID(id)]?.name
            case .contactMethod:
                contactMethods[ContactMethodID(id)].map { method in
                    "\(method.channel.name) \(method.address) of \(users[method.userID]?.name ?? "a deleted user")"
                }
            case .notificationRules: "Notification rules of \(users[UserID(id)]?.name ?? "a deleted user")"
            case .schedule: schedules[ScheduleID(id)]?.name
            case .escalationPolicy: policies[PolicyID(id)]?.name
            case .alertSource: sources[SourceID(id)]?.name
            case .heartbeat: heartbeats[HeartbeatID(id)]?.name
            case .maintenanceWindow: maintenanceWindows[MaintenanceWindowID(id)]?.name
            }
        return name ?? id
    }
}
