/// One configured object. Audit records refer to it.
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
        case teamChannel = "team-channel"
        case messageTemplate = "message-template"
    }

    package var kind: Kind
    package var id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

extension ConfigurationSubject {
    package static func team(_ id: TeamID) -> Self { .init(.team, id.rawValue) }
    package static func user(_ id: UserID) -> Self { .init(.user, id.rawValue) }
    package static func contactMethod(_ id: ContactMethodID) -> Self { .init(.contactMethod, id.rawValue) }
    package static func notificationRules(_ id: UserID) -> Self { .init(.notificationRules, id.rawValue) }
    package static func schedule(_ id: ScheduleID) -> Self { .init(.schedule, id.rawValue) }
    package static func policy(_ id: PolicyID) -> Self { .init(.escalationPolicy, id.rawValue) }
    package static func source(_ id: SourceID) -> Self { .init(.alertSource, id.rawValue) }
    package static func heartbeat(_ id: HeartbeatID) -> Self { .init(.heartbeat, id.rawValue) }
    package static func maintenanceWindow(_ id: MaintenanceWindowID) -> Self { .init(.maintenanceWindow, id.rawValue) }
    package static func teamChannel(_ id: TeamChannelID) -> Self { .init(.teamChannel, id.rawValue) }
    package static func messageTemplate(_ id: MessageTemplateID) -> Self { .init(.messageTemplate, id.rawValue) }
}

extension Configuration {
    /// Returns the value of a subject, or nil when it does not exist.
    package subscript(subject: ConfigurationSubject) -> (any Hashable & Sendable)? {
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
        case .teamChannel: teamChannels[TeamChannelID(id)]
        case .messageTemplate: messageTemplates[MessageTemplateID(id)]
        }
    }

    /// Returns a subject's name for people, or its id when it has none.
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
            case .teamChannel: teamChannels[TeamChannelID(id)]?.name
            case .messageTemplate: messageTemplates[MessageTemplateID(id)]?.name
            }
        return name ?? id
    }
}
