internal import Formats

extension DocumentReader {
    /// Members of an entry that are not members of the thing itself.
    struct Extras {
        var overrides: [JSON]?
        var key: JSON?
        var isVerified: Bool?
    }

    /// Removes the extras from an entry, and reads its secrets from the environment.
    mutating func takeExtras(_ entry: inout JSON, isNew: Bool, _ place: String) -> Extras {
        guard var object = entry.object else { return Extras() }
        let extras = Extras(
            overrides: object["overrides"]?.array, key: object["key"],
            isVerified: object["verified"].map { $0 == .bool(true) })
        for name in ["overrides", "key", "verified", "contact_methods", "notification_rules"] { object[name] = nil }
        if var options = object["options"]?.object, let secret = options["secret"], secret.object != nil {
            let value = self.secret(secret, "\(place).options.secret", isNew: isNew)
            options["secret"] = value.map { .string($0) } ?? .string(Secret.shown)
            object["options"] = .object(options)
        }
        entry = .object(object)
        return extras
    }

    /// The value of `{env: NAME}`. Nil keeps what is stored.
    private mutating func secret(_ json: JSON, _ place: String, isNew: Bool) -> String? {
        guard let name = json["env"]?.text, json.object?.members.count == 1 else {
            fault(place, "Secrets are not written in a file. Name an environment variable: {env: NAME}.")
            return nil
        }
        let value = context.variable(name)
        if value == nil && isNew { fault(place, "Set the environment variable \(name).") }
        return value
    }

    mutating func finish<Value: Documented>(_ value: inout Value, _ extras: Extras, isNew: Bool, _ place: String) {
        if var source = value as? AlertSource {
            if let given = extras.key, let key = secret(given, "\(place).key", isNew: isNew) {
                context.setKey(&source, key)
            } else if isNew && extras.key == nil {
                let key = context.keys.key()
                context.setKey(&source, key)
                result.keys.append((source.name, key))
            }
            value = source as? Value ?? value
        }
        if var channel = value as? TeamChannel, let isVerified = extras.isVerified {
            channel.verifiedAt = isVerified ? channel.verifiedAt ?? context.now : nil
            value = channel as? Value ?? value
        }
        if var schedule = value as? Schedule, let overrides = extras.overrides {
            schedule.overrides = self.overrides(overrides, of: schedule, place)
            value = schedule as? Value ?? value
        }
    }

    /// The overrides of a schedule after the file's. Those that are over stay, and those that are the same keep their id.
    private mutating func overrides(_ entries: [JSON], of schedule: Schedule, _ place: String) -> [Schedule.Override] {
        var left = schedule.overrides.filter { $0.to > context.now }
        var wanted: [Schedule.Override] = []
        for (index, entry) in entries.enumerated() {
            let place = "\(place).overrides[\(index)]"
            guard let override = override(entry, zone: schedule.timeZone, place) else { continue }
            let same = left.firstIndex {
                $0.change == override.change && $0.from == override.from && $0.to == override.to
            }
            wanted.append(same.map { left.remove(at: $0) } ?? override)
        }
        // Their order counts where they overlap. As long as all are the same, it stays as it is.
        if left.isEmpty && Set(wanted).isSubset(of: schedule.overrides) { return schedule.overrides }
        return schedule.overrides.filter { $0.to <= context.now } + wanted
    }

    private mutating func override(_ entry: JSON, zone: String, _ place: String) -> Schedule.Override? {
        var reader = FieldReader(entry)
        var (type, user, other) = ("", "", String?.none)
        var (from, to) = (Timestamp(microseconds: 0), Timestamp(microseconds: 0))
        reader.read("type", into: &type)
        reader.read("user", into: &user)
        reader.read("with", into: &other)
        reader.instant("from", into: &from, local: zone)
        reader.instant("to", into: &to, local: zone)
        reader.require("type", "user", "from", "to")
        let people = [user, other].map { name in
            name.map { UserID(resolved($0, [.user], in: nil) ?? $0) }
        }
        do throws(ConfigurationFault) {
            try reader.end()
        } catch {
            note(error, place)
            return nil
        }
        guard let first = people[0], let change = Schedule.Override.Change(type, first, people[1]) else {
            fault("\(place).type", "Write add, remove, only, or replace with the member with.")
            return nil
        }
        return Schedule.Override(
            id: context.identifiers.next(), change: change, from: from, to: to, author: "configuration file",
            madeAt: context.now)
    }

    /// Reads the contact methods and the notification rules of all people.
    mutating func readPeople(prunes: Bool) {
        for (place, json) in entries(User.section) {
            guard let user = id(of: json, User.self) else { continue }
            var methods: [String: ContactMethodID] = [:]
            for method in before.contactMethods(of: user) { methods[method.documentName.lowercased()] = method.id }
            if let entries = json["contact_methods"] {
                methods = readMethods(entries, of: user, methods, prunes: prunes, "\(place).contact_methods")
            }
            if let entries = json["notification_rules"] {
                readRules(entries, of: user, methods, "\(place).notification_rules")
            }
        }
    }

    private mutating func readMethods(
        _ entries: JSON, of user: UserID, _ known: [String: ContactMethodID], prunes: Bool, _ place: String
    ) -> [String: ContactMethodID] {
        var methods = known
        var kept: Set<ContactMethodID> = []
        for (index, entry) in (entries.array ?? []).enumerated() {
            var members = entry.object ?? JSONObject()
            let isVerified = members["verified"].map { $0 == .bool(true) }
            members["verified"] = nil
            let channel = members["channel"]?.text.flatMap { Channel(rawValue: $0) } ?? .email
            let address = channel.definition.address.normalized(members["address"]?.text ?? "")
            let old = known["\(channel.rawValue) \(address)".lowercased()].flatMap { before.contactMethods[$0] }
            var method =
                old
                ?? ContactMethod(id: context.identifiers.next(), userID: user, channel: channel, address: address)
            do throws(ConfigurationFault) {
                let fieldContext = FieldContext(before, isNew: true, sources: context.sources)
                try ContactMethod.definition.read(.object(members), into: &method, fieldContext)
            } catch {
                note(error, "\(place)[\(index)]")
                continue
            }
            if let isVerified { method.verifiedAt = isVerified ? old?.verifiedAt ?? context.now : nil }
            kept.insert(method.id)
            methods[method.documentName.lowercased()] = method.id
            add(method, old)
        }
        for id in known.values.sorted() where prunes && !kept.contains(id) {
            guard let method = before.contactMethods[id] else { continue }
            result.changes.append(.delete(.contactMethod(id)))
            after = after.applying([.delete(.contactMethod(id))])
            result.lines.append(.init(action: .delete, subject: subject(of: method), members: []))
        }
        return methods
    }

    private mutating func add(_ method: ContactMethod, _ old: ContactMethod?) {
        guard method != old else { return }
        result.changes.append(.save(method))
        after = after.applying([.save(method)])
        result.lines.append(
            .init(action: old == nil ? .create : .change, subject: subject(of: method), members: []))
    }

    private func subject(of method: ContactMethod) -> String {
        "contact method \(method.documentName) of \(after.users[method.userID]?.email ?? "")"
    }

    private mutating func readRules(
        _ entries: JSON, of user: UserID, _ methods: [String: ContactMethodID], _ place: String
    ) {
        var rules: [NotificationRule] = []
        for (index, entry) in (entries.array ?? []).enumerated() {
            var reader = FieldReader(entry)
            var rule = NotificationRule(
                id: context.identifiers.next(), userID: user, urgency: .high, delay: .zero, contactMethodID: "")
            var name = ""
            reader.read("urgency", into: &rule.urgency)
            reader.read("delay_seconds", into: &rule.delay)
            reader.read("contact_method", into: &name)
            reader.require("urgency", "contact_method")
            rule.contactMethodID = methods[name.lowercased()] ?? ContactMethodID(name)
            do throws(ConfigurationFault) { try reader.end() } catch { note(error, "\(place)[\(index)]") }
            rules.append(rule)
        }
        let known = before.rules[user] ?? []
        let describe = { (rule: NotificationRule) in "\(rule.urgency) \(rule.delay) \(rule.contactMethodID)" }
        guard known.map(describe).sorted() != rules.map(describe).sorted() else { return }
        result.changes.append(.saveRules(user, rules))
        after = after.applying([.saveRules(user, rules)])
        let person = after.users[user]?.email ?? ""
        result.lines.append(
            .init(action: known.isEmpty ? .create : .change, subject: "notification rules of \(person)", members: []))
    }
}
