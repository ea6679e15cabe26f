internal import Domain
internal import Formats

/// The answer of GoAlert's GraphQL interface to the query in docs/moving-in.md
/// (https://github.com/target/goalert/blob/master/graphql2/schema.graphql).
struct GoAlertImport: SetupImporter {
    static let product = "GoAlert"

    private var setup = ImportedSetup()
    private let team: String
    private let now: Timestamp
    private var emails: [String: String] = [:]
    private var rotations: [String: (layer: ImportedSetup.Layer, zone: String)] = [:]
    /// The schedules that came of one. All of its targets are on call together there.
    private var schedules: [String: [String]] = [:]
    private var policies: [String: String] = [:]

    static func read(_ files: [JSON], team: String, at now: Timestamp) -> ImportedSetup {
        var reader = GoAlertImport(team: team, now: now)
        for user in Importing.list("users", in: files) { reader.read(user: user) }
        reader.setup.join(team, reader.emails.values.sorted())
        for rotation in Importing.list("rotations", in: files) { reader.read(rotation: rotation) }
        let overrides = Importing.list("userOverrides", in: files)
        for schedule in Importing.list("schedules", in: files) { reader.read(schedule: schedule, overrides) }
        for policy in Importing.list("escalationPolicies", in: files) { reader.read(policy: policy) }
        for service in Importing.list("services", in: files) { reader.read(service: service) }
        reader.setup.note("GoAlert has no teams: everything belongs to the team \(team).")
        return reader.setup
    }

    private init(team: String, now: Timestamp) { (self.team, self.now) = (team, now) }

    private mutating func read(user: JSON) {
        guard let id = user.text("id") else { return }
        guard let email = user.text("email"), email.contains("@") else {
            return setup.note("The user \(user.text("name") ?? id) has no e-mail address.")
        }
        emails[id] = email
        var person = ImportedSetup.Person(email: email, name: Importing.name(user.text("name"), email))
        var methods: [String: ImportedSetup.Method] = [:]
        for entry in user["contactMethods"]?.array ?? [] where entry["disabled"]?.boolean != true {
            let type = (entry.text("type", "dest.type") ?? "").lowercased()
            guard
                let value = entry.text(
                    "value", "dest.args.phone_number", "dest.args.email_address", "dest.args.webhook_url")
            else { continue }
            let label = entry.text("name") ?? ""
            let channel =
                type.contains("sms")
                ? "sms"
                : type.contains("voice")
                    ? "voice"
                    : type.contains("mail")
                        ? "email"
                        : type.contains("webhook") ? "webhook" : nil
            guard let channel else {
                setup.note("\(email): the contact method \(type) is not carried over.")
                continue
            }
            let isPhone = ["sms", "voice"].contains(channel)
            let method = ImportedSetup.Method(
                channel: channel, address: isPhone ? Importing.phone(value) : value, label: label)
            person.methods.append(method)
            if let id = entry.text("id") { methods[id] = method }
        }
        for entry in user["notificationRules"]?.array ?? [] {
            guard let method = entry.text("contactMethodID", "contactMethod.id").flatMap({ methods[$0] }) else {
                continue
            }
            let delay = (entry["delayMinutes"]?.integer ?? 0) * 60
            person.rules.append(.init(urgency: "high", delay: delay, method: method))
        }
        setup.add(person)
    }

    private mutating func read(rotation json: JSON) {
        let name = Importing.name(json.text("name"), "Rotation")
        let units = ["hourly": Schedule.Rotation.Unit.hour, "daily": .day, "weekly": .week, "monthly": .month]
        guard let id = json.text("id"), let unit = json.text("type").flatMap({ units[$0] }),
            let start = json.moment("start")
        else { return }
        let people = (json["userIDs"]?.array ?? []).map { $0.text.flatMap { emails[$0] } }
        guard people.contains(where: { $0 != nil }) else { return setup.note("Rotation \(name): it has nobody.") }
        let zone = json.text("timeZone") ?? "UTC"
        let local = Importing.local(start, in: zone)
        var layer = ImportedSetup.Layer(
            name: name, participants: people,
            rotation: Schedule.Rotation(
                unit, every: json["shiftLength"]?.integer ?? 1, handOffMinute: local.minute),
            start: local.day)
        // GoAlert remembers who is on call. Here it follows from the first turn.
        if let active = json["activeUserIndex"]?.integer, (0..<people.count).contains(active) {
            layer.firstPlace = Importing.firstPlace(of: layer, active: active, in: zone, at: now) ?? active
        }
        rotations[id] = (layer, zone)
    }

    private mutating func read(schedule: JSON, _ overrides: [JSON]) {
        let name = Importing.name(schedule.text("name"), "Schedule")
        let zone = schedule.text("timeZone") ?? "UTC"
        let layers = (schedule["targets"]?.array ?? []).compactMap { layer($0, zone: zone, place: "Schedule \(name)") }
        guard !layers.isEmpty else { return setup.note("Schedule \(name): nobody is assigned to it.") }
        var names: [String] = []
        for layer in layers {
            let own = layers.count == 1 ? name : Importing.name("\(name), \(layer.name)", name)
            var roster = ImportedSetup.Roster(name: own, team: team, timeZone: zone, layers: [layer])
            roster.overrides = read(overrides, of: schedule, isFirst: names.isEmpty)
            setup.rosters.append(roster)
            names.append(own)
        }
        if layers.count > 1 {
            setup.note("Schedule \(name): its \(layers.count) assignments became schedules that are paged together.")
        }
        if let id = schedule.text("id") { schedules[id] = names }
    }

    private mutating func layer(_ json: JSON, zone: String, place: String) -> ImportedSetup.Layer? {
        let id = json.text("target.id") ?? ""
        let rules = json["rules"]?.array ?? []
        guard !rules.isEmpty else { return nil }
        var layer: ImportedSetup.Layer
        if json.text("target.type") == "rotation" {
            guard let known = rotations[id] else {
                setup.note("\(place): the rotation \(json.text("target.name") ?? id) is not in the file.")
                return nil
            }
            layer = known.layer
            if known.zone != zone {
                setup.note("\(place): \(layer.name) hands over by the clock of \(known.zone); check the hand-off time.")
            }
        } else {
            guard let email = emails[id] else { return nil }
            layer = ImportedSetup.Layer(
                name: Importing.name(json.text("target.name"), email), participants: [email], rotation: .init(.week),
                start: Importing.local(now, in: zone).day.adding(days: -7))
        }
        layer.hours = rules.flatMap { rule -> [WeeklyHours] in
            let filter = (rule["weekdayFilter"]?.array ?? []).map { $0.boolean ?? false }
            // Sunday comes first there.
            let days = filter.isEmpty ? Array(1...7) : filter.indices.filter { filter[$0] }.map { $0 == 0 ? 7 : $0 }
            guard !days.isEmpty, let from = rule.text("start").flatMap(Importing.minute),
                let to = rule.text("end").flatMap(Importing.minute)
            else { return [] }
            return Importing.hours(
                days: days, from: from % 1_440, seconds: Importing.seconds(from: from % 1_440, to: to % 1_440))
        }
        let isAlways = layer.hours.contains { $0.weekdays.count == 7 && $0.from.minute == 0 && $0.to.minute == 1_440 }
        if isAlways { layer.hours = [] }
        return layer
    }

    private func read(_ overrides: [JSON], of schedule: JSON, isFirst: Bool) -> [JSON] {
        overrides.compactMap { entry in
            guard entry.text("target.id", "targetID") == schedule.text("id"), let from = entry.moment("start"),
                let to = entry.moment("end"), to > now
            else { return nil }
            let added = entry.text("addUser.id", "addUserID").flatMap { emails[$0] }
            let removed = entry.text("removeUser.id", "removeUserID").flatMap { emails[$0] }
            switch (removed, added) {
            case (let away?, let other?): return Importing.override("replace", away, with: other, from, to)
            case (let away?, nil): return Importing.override("remove", away, from, to)
            case (nil, let other?): return isFirst ? Importing.override("add", other, from, to) : nil
            case (nil, nil): return nil
            }
        }
    }

    private mutating func read(policy json: JSON) {
        let name = Importing.name(json.text("name"), "Policy")
        var policy = ImportedSetup.Policy(
            name: name, team: team, repeats: json["repeat"]?.integer ?? 0)
        for step in json["steps"]?.array ?? [] {
            let targets = (step["targets"]?.array ?? step["actions"]?.array ?? []).flatMap {
                self.targets($0, of: name)
            }
            guard !targets.isEmpty else {
                setup.note("Policy \(name): a step without people is left out.")
                continue
            }
            policy.steps.append(((step["delayMinutes"]?.integer ?? 5) * 60, targets))
        }
        guard !policy.steps.isEmpty else { return setup.note("Policy \(name): no step could be read.") }
        if let id = json.text("id") { policies[id] = name }
        setup.policies.append(policy)
    }

    private mutating func targets(_ json: JSON, of name: String) -> [JSON] {
        let id = json.text("id", "args.user_id", "args.schedule_id", "args.rotation_id") ?? ""
        let type = json.text("type") ?? ""
        if type.contains("user"), let email = emails[id] { return [Importing.target("user", email)] }
        if type.contains("schedule"), let names = schedules[id] {
            return names.map { Importing.target("schedule", $0) }
        }
        if type.contains("rotation"), let rotation = rotations[id] {
            if schedules[id] == nil {
                setup.rosters.append(
                    .init(name: rotation.layer.name, team: team, timeZone: rotation.zone, layers: [rotation.layer]))
                schedules[id] = [rotation.layer.name]
            }
            return [Importing.target("schedule", rotation.layer.name)]
        }
        setup.note("Policy \(name): the target \(json.text("name") ?? type) is not carried over.")
        return []
    }

    private mutating func read(service json: JSON) {
        let name = Importing.name(json.text("name"), "Service")
        let policy = json.text("escalationPolicyID", "escalationPolicy.id").flatMap { policies[$0] }
        let keys = json["integrationKeys"]?.array ?? []
        var kinds: [(name: String, kind: String)] = []
        for key in keys {
            let type = key.text("type") ?? ""
            if type == "email" {
                setup.note("Service \(name): its integration key for mail has no counterpart.")
            } else {
                kinds.append((Importing.name("\(name), \(key.text("name") ?? type)", name), Importing.kind(type)))
            }
        }
        if kinds.isEmpty { kinds = [(name, "generic")] }
        for (index, kind) in kinds.enumerated() {
            setup.sources.append(
                .init(
                    name: index == 0 && kinds.count == 1 ? name : kind.name, kind: kind.kind, team: team, policy: policy
                ))
        }
        for monitor in json["heartbeatMonitors"]?.array ?? [] {
            setup.note("Service \(name): make a heartbeat for the monitor \(monitor.text("name") ?? "") by hand.")
        }
    }
}
