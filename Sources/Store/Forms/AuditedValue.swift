internal import Domain
internal import Formats

extension ConfigurationSubject.Kind {
    /// The form in which audit records keep a value of this kind.
    var form: any StoredDocument.Type { row ?? NotificationRules.self }
}

extension Configuration {
    /// Returns a subject's value for an audit record, without secrets. Nil when the subject does not exist.
    func auditText(of subject: ConfigurationSubject) -> String? {
        let id = subject.id
        return switch subject.kind {
        case .team: teams[TeamID(id)]?.storedText
        case .user: users[UserID(id)]?.storedText
        case .contactMethod: contactMethods[ContactMethodID(id)]?.storedText
        case .notificationRules: rules[UserID(id)].map { NotificationRules($0).storedText }
        case .schedule: schedules[ScheduleID(id)]?.storedText
        case .escalationPolicy: policies[PolicyID(id)]?.storedText
        case .alertSource: sources[SourceID(id)]?.withoutSecrets.storedText
        case .heartbeat: heartbeats[HeartbeatID(id)]?.withoutSecrets.storedText
        case .maintenanceWindow: maintenanceWindows[MaintenanceWindowID(id)]?.storedText
        case .teamChannel: teamChannels[TeamChannelID(id)]?.withoutSecrets.storedText
        case .messageTemplate: messageTemplates[MessageTemplateID(id)]?.storedText
        }
    }
}

extension AlertSource {
    /// The source without its key and without secrets in its options.
    fileprivate var withoutSecrets: AlertSource {
        var source = self
        source.keyHash = keyHash.isEmpty ? "" : "key …\(keyHash.suffix(6))"
        source.options = hidingSecrets(options)
        return source
    }
}

extension Heartbeat {
    /// The monitor without its token.
    fileprivate var withoutSecrets: Heartbeat {
        var heartbeat = self
        heartbeat.token = hidden
        return heartbeat
    }
}

extension TeamChannel {
    /// The channel with only as much of its address as people recognise.
    fileprivate var withoutSecrets: TeamChannel {
        var channel = self
        channel.address = maskedAddress
        return channel
    }
}

private let hidden = "•••"

/// Returns options with masked secrets.
private func hidingSecrets(_ options: String) -> String {
    guard case .object(let object)? = try? JSONParser.parse(options) else { return "{}" }
    var shown = object
    for member in object.members where member.name.contains("secret") || member.name.contains("token") {
        shown[member.name] = .string(hidden)
    }
    return JSON.object(shown).description
}
