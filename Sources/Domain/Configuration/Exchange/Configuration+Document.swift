package import Formats

extension Configuration {
    /// The version of the files that `document` makes and `plan` reads.
    package static let documentVersion = 1

    /// Returns the configuration as a file contains it: by name, without ids, and with references to secrets in place of
    /// them.
    ///
    /// - Parameters:
    ///   - now: what ended before is left out.
    ///   - rules: says what a new source would be protected by. A source without it is written as such.
    package func document(at now: Timestamp, _ rules: SourceRules) -> JSON {
        var document = JSONObject()
        document["version"] = .number(String(Configuration.documentVersion))
        add(
            User.self, to: &document,
            extend: { user, entry in
                entry["contact_methods"] = .array(contactMethods(of: user.id).map(self.entry))
                let own = self.rules[user.id] ?? []
                if !own.isEmpty { entry["notification_rules"] = .array(own.map(self.entry)) }
            })
        add(Team.self, to: &document)
        add(
            TeamChannel.self, to: &document,
            extend: { channel, entry in entry["verified"] = .bool(channel.verifiedAt != nil) })
        add(
            Schedule.self, to: &document,
            extend: { schedule, entry in
                let overrides = schedule.overrides.filter { $0.to > now }
                if !overrides.isEmpty { entry["overrides"] = .array(overrides.map(self.entry)) }
            })
        add(EscalationPolicy.self, to: &document)
        add(
            AlertSource.self, to: &document,
            extend: { source, entry in
                // As they are stored, because answers show them as texts.
                guard var options = (try? JSONParser.parse(source.options))?.object else { return }
                if options["secret"] != nil {
                    options["secret"] = .members([("env", .string(secretVariable(of: source)))])
                }
                for name in rules.protections(source.kind) where options[name] == nil { options[name] = .bool(false) }
                entry["options"] = .object(options)
            })
        add(Heartbeat.self, to: &document)
        add(
            MaintenanceWindow.self, to: &document,
            where: { window in
                if case .once(_, let end) = window.span { end > now } else { true }
            })
        add(MessageTemplate.self, to: &document)
        return .object(document)
    }

    private func add<Value: Documented>(
        _ type: Value.Type, to document: inout JSONObject, where isWanted: (Value) -> Bool = { _ in true },
        extend: (Value, inout JSONObject) -> Void = { _, _ in }
    ) {
        let values = self[keyPath: Value.definition.values].values.filter(isWanted)
            .map { ($0.reference(self), $0) }.sorted { ($0.0.lowercased(), $0.1.id) < ($1.0.lowercased(), $1.1.id) }
        guard !values.isEmpty else { return }
        document[Value.section] = .array(
            values.map { _, value in
                var entry = self.entry(value)
                extend(value, &entry)
                return .object(entry)
            })
    }

    /// The members of a value that can be read again, with names in place of ids.
    private func entry<Value: Documented>(_ value: Value) -> JSONObject {
        let shown = Value.definition.members(of: value, self)
        var entry = JSONObject()
        for part in Value.definition.fields.flatMap(\.parts) {
            if part.name == "team_id", let team = Value.definition.team {
                entry["team_id"] = .string(team(value).rawValue)
            } else if let member = shown[part.name] {
                entry[part.name] = member
            }
        }
        let owner = Value.definition.team?(value) ?? (value as? Team)?.id
        let named = Reference.replacing(in: .object(entry), .toFile) { kinds, json in
            guard let id = (json["id"] ?? json).text else { return json }
            return .string(name(id, kinds, in: owner))
        }
        return named.object ?? entry
    }

    /// The name of something as a file refers to it. Within a team, its own things need no team.
    private func name(_ id: String, _ kinds: [ConfigurationSubject.Kind], in owner: TeamID?) -> String {
        let value = kinds.lazy.compactMap { self[ConfigurationSubject($0, id)] as? any Documented }.first
        guard let value else { return id }
        let reference = value.reference(self)
        guard let owner, let team = teams[owner], reference.hasPrefix("\(team.name)/") else { return reference }
        return String(reference.dropFirst(team.name.count + 1))
    }

    private func entry(_ method: ContactMethod) -> JSON {
        .members([
            ("channel", method.channel.json), ("address", .string(method.address)),
            ("label", method.label.isEmpty ? .null : .string(method.label)),
            ("body", method.body.text.isEmpty ? .null : .string(method.body.text)),
            ("content_type", method.body.contentType.isEmpty ? .null : .string(method.body.contentType)),
            ("is_enabled", method.isEnabled ? .null : .bool(false)), ("verified", .bool(method.verifiedAt != nil)),
        ])
    }

    private func entry(_ rule: NotificationRule) -> JSON {
        let method = contactMethods[rule.contactMethodID]
        return .members([
            ("urgency", rule.urgency.json), ("delay_seconds", rule.delay.json),
            ("contact_method", .string(method?.documentName ?? rule.contactMethodID.rawValue)),
        ])
    }

    private func entry(_ override: Schedule.Override) -> JSON {
        let (type, user, other) = override.change.words
        return .members([
            ("type", .string(type)), ("user", .string(users[user]?.email ?? user.rawValue)),
            ("with", other.map { .string(users[$0]?.email ?? $0.rawValue) } ?? .null), ("from", override.from.json),
            ("to", override.to.json),
        ])
    }

    /// The environment variable from which a source's secret is read: `SECRET_OF_GRAFANA`.
    private func secretVariable(of source: AlertSource) -> String {
        let letters = source.name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return "SECRET_OF_\(String(letters))"
    }
}

extension ContactMethod {
    /// What a notification rule of the same person calls it: `sms +385915550101`.
    var documentName: String { "\(channel.rawValue) \(address)" }
}

extension Schedule.Override.Change {
    var words: (type: String, user: UserID, with: UserID?) {
        switch self {
        case .add(let user): ("add", user, nil)
        case .remove(let user): ("remove", user, nil)
        case .replace(let user, let other): ("replace", user, other)
        case .only(let user): ("only", user, nil)
        }
    }

    init?(_ type: String, _ user: UserID, _ other: UserID?) {
        switch (type, other) {
        case ("add", _): self = .add(user)
        case ("remove", _): self = .remove(user)
        case ("only", _): self = .only(user)
        case ("replace", let other?): self = .replace(user, with: other)
        default: return nil
        }
    }
}
