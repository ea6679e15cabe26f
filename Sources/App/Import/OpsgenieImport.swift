internal import Domain
internal import Formats

/// Answers of Opsgenie's REST API, each in a file with its name: `{"users": {"data": […]}}` and so on, of
/// `GET /v2/users?expand=contact`, `/v2/teams/{id}`, `/v2/schedules?expand=rotation`, `/v2/schedules/{id}/overrides`,
/// `/v2/escalations` and `/v2/integrations` (https://docs.opsgenie.com/docs/api-overview).
struct OpsgenieImport: SetupImporter {
    static let product = "Opsgenie"

    private var setup = ImportedSetup()
    private let team: String
    private let now: Timestamp
    /// The schedules that came of one, by its id and its name. People of all rotations are on call there.
    private var schedules: [String: [String]] = [:]
    private var emails: Set<String> = []

    static func read(_ files: [JSON], team: String, at now: Timestamp) -> ImportedSetup {
        var reader = OpsgenieImport(team: team, now: now)
        for user in Importing.list("users", in: files) { reader.read(user: user) }
        for entry in Importing.list("teams", in: files) {
            let members = (entry["members"]?.array ?? []).compactMap { $0.text("user.username") }
            reader.setup.join(Importing.name(entry.text("name"), team), members.filter(reader.emails.contains))
        }
        let overrides = Importing.list("overrides", in: files)
        for schedule in Importing.list("schedules", in: files) { reader.read(schedule: schedule, overrides) }
        for entry in Importing.list("escalations", in: files) { reader.read(escalation: entry) }
        for entry in Importing.list("integrations", in: files) { reader.read(integration: entry) }
        reader.setup.note(
            "Notification rules of people, alert policies and routing rules are not carried over. People have the usual rules."
        )
        return reader.setup
    }

    private init(team: String, now: Timestamp) { (self.team, self.now) = (team, now) }

    private mutating func read(user: JSON) {
        guard let email = user.text("username") else { return }
        emails.insert(email)
        var person = ImportedSetup.Person(
            email: email, name: Importing.name(user.text("fullName"), email), timeZone: user.text("timeZone"))
        for contact in user["userContacts"]?.array ?? [] where contact["enabled"]?.boolean != false {
            guard let to = contact.text("to", "applyOrder.to") else { continue }
            let method: ImportedSetup.Method? =
                switch contact.text("contactMethod", "method") {
                case "email": .init(channel: "email", address: to)
                case "sms": .init(channel: "sms", address: Importing.phone(to))
                case "voice": .init(channel: "voice", address: Importing.phone(to))
                default: nil
                }
            guard let method else {
                setup.note("\(email): the app of Opsgenie is not carried over; set up browser push, ntfy or Pushover.")
                continue
            }
            if !person.methods.contains(method) { person.methods.append(method) }
        }
        setup.add(person)
    }

    private func owner(of json: JSON) -> String {
        json.text("ownerTeam.name").map { Importing.name($0, team) } ?? team
    }

    /// Rotations of a schedule are on call together, so each becomes a schedule of its own if there are several.
    private mutating func read(schedule: JSON, _ overrides: [JSON]) {
        let (name, owner) = (Importing.name(schedule.text("name"), "Schedule"), owner(of: schedule))
        let zone = schedule.text("timezone") ?? "UTC"
        if schedule["enabled"]?.boolean == false { return setup.note("Schedule \(name): it is switched off.") }
        let layers = (schedule["rotations"]?.array ?? []).compactMap { rotation in
            layer(rotation, zone: zone, place: "Schedule \(name)")
        }
        guard !layers.isEmpty else { return setup.note("Schedule \(name): no rotation could be read.") }
        var names: [String] = []
        for layer in layers {
            let own = layers.count == 1 ? name : Importing.name("\(name), \(layer.name)", name)
            var roster = ImportedSetup.Roster(name: own, team: owner, timeZone: zone, layers: [layer])
            roster.overrides = read(overrides, of: schedule, layer.name)
            setup.rosters.append(roster)
            names.append("\(owner)/\(own)")
        }
        if layers.count > 1 {
            setup.note("Schedule \(name): its \(layers.count) rotations became schedules that are paged together.")
        }
        for key in [schedule.text("id"), schedule.text("name")].compactMap(\.self) { schedules[key] = names }
        setup.join(owner, layers.flatMap { $0.participants.compactMap(\.self) })
    }

    private mutating func layer(_ json: JSON, zone: String, place: String) -> ImportedSetup.Layer? {
        let place = "\(place), rotation \(json.text("name") ?? "")"
        if let end = json.moment("endDate"), end <= now { return nil }
        guard let start = json.moment("startDate") else { return nil }
        let (units, length) = (
            ["hourly": Schedule.Rotation.Unit.hour, "daily": .day, "weekly": .week],
            json["length"]?.integer ?? 1
        )
        guard let unit = json.text("type").flatMap({ units[$0] }) else { return nil }
        let local = Importing.local(start, in: zone)
        let people = (json["participants"]?.array ?? []).map { entry -> String? in
            if entry.text("type") == "none" { return nil }
            guard let user = entry.text("username"), emails.contains(user) else {
                setup.note(
                    "\(place): \(entry.text("name", "username", "type") ?? "a participant") became a turn of nobody.")
                return nil
            }
            return user
        }
        guard people.contains(where: { $0 != nil }) else { return nil }
        return ImportedSetup.Layer(
            name: Importing.name(json.text("name"), "Rotation"), participants: people,
            rotation: Schedule.Rotation(unit, every: length, handOffMinute: local.minute), start: local.day,
            end: json.moment("endDate").map { Importing.local($0, in: zone).day },
            hours: hours(json["timeRestriction"]))
    }

    private static let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private func hours(_ restriction: JSON?) -> [WeeklyHours] {
        let entries = restriction?["restrictions"]?.array ?? restriction?["restriction"].map { [$0] } ?? []
        return entries.flatMap { entry -> [WeeklyHours] in
            let number = { (name: String) in entry[name]?.integer ?? 0 }
            let (from, to) = (number("startHour") * 60 + number("startMin"), number("endHour") * 60 + number("endMin"))
            let day = { (name: String) in entry.text(name).flatMap { Self.days.firstIndex(of: $0.lowercased()) } }
            guard let first = day("startDay") else {
                return Importing.hours(
                    days: Array(1...7), from: from % 1_440, seconds: Importing.seconds(from: from, to: to))
            }
            let last = day("endDay") ?? first
            var minutes = ((last - first + 7) % 7) * 1_440 + to - from
            if minutes <= 0 { minutes += 7 * 1_440 }
            return Importing.hours(days: [first + 1], from: from % 1_440, seconds: minutes * 60)
        }
    }

    private func read(_ overrides: [JSON], of schedule: JSON, _ rotation: String) -> [JSON] {
        overrides.compactMap { entry in
            let parent = entry.text("_parent.id", "_parent.name", "schedule.id", "schedule.name")
            guard parent == schedule.text("id") || parent == schedule.text("name"),
                let user = entry.text("user.username"), emails.contains(user), let from = entry.moment("startDate"),
                let to = entry.moment("endDate"), to > now
            else { return nil }
            // Without rotations it is for all of them.
            let rotations = (entry["rotations"]?.array ?? []).compactMap { $0.text("name") }
            guard rotations.isEmpty || rotations.contains(rotation) else { return nil }
            return Importing.override("only", user, from, to)
        }
    }

    /// Opsgenie counts delays from the alert, PagerPal from one step to the next.
    private mutating func read(escalation json: JSON) {
        let (name, owner) = (Importing.name(json.text("name"), "Escalation"), owner(of: json))
        var steps: [(at: Int, targets: [JSON])] = []
        for rule in json["rules"]?.array ?? [] {
            let unit = ["minutes": 60, "hours": 3_600, "days": 86_400][rule.text("delay.timeUnit") ?? "minutes"] ?? 60
            let at = (rule.at("delay.timeAmount")?.integer ?? 0) * unit
            let targets = targets(rule["recipient"], of: name)
            if targets.isEmpty { continue }
            if let last = steps.last, last.at == at {
                steps[steps.count - 1].targets += targets
            } else {
                steps.append((at, targets))
            }
            if rule.text("condition") == "if-not-closed" {
                setup.note("Escalation \(name): a step “if not closed” ends with an acknowledgement here.")
            }
        }
        guard let first = steps.first else { return setup.note("Escalation \(name): no step could be read.") }
        if first.at > 0 {
            setup.note("Escalation \(name): its first step waits \(first.at / 60) min there and acts at once here.")
        }
        var policy = ImportedSetup.Policy(name: name, team: owner)
        policy.repeats = json.at("repeat.count")?.integer ?? 0
        for (index, step) in steps.enumerated() {
            let next = index + 1 < steps.count ? steps[index + 1].at - step.at : 300
            policy.steps.append((next, step.targets))
        }
        setup.join(owner)
        setup.policies.append(policy)
    }

    private mutating func targets(_ recipient: JSON?, of name: String) -> [JSON] {
        let id = recipient?.text("id", "name", "username") ?? ""
        switch recipient?.text("type") {
        case "user": return (recipient?.text("username")).map { [Importing.target("user", $0)] } ?? []
        case "team": return (recipient?.text("name")).map { [Importing.target("team", $0)] } ?? []
        case "schedule":
            let known = schedules[id] ?? recipient?.text("name").flatMap { schedules[$0] }
            if known == nil {
                setup.note("Escalation \(name): the schedule \(recipient?.text("name") ?? id) is not in the files.")
            }
            return (known ?? []).map { Importing.target("schedule", $0) }
        default:
            setup.note("Escalation \(name): \(recipient?.text("type") ?? "a recipient") is not carried over.")
            return []
        }
    }

    private mutating func read(integration json: JSON) {
        let (name, type) = (Importing.name(json.text("name"), "Integration"), json.text("type") ?? "")
        guard type.lowercased() != "email" else { return setup.note("Integration \(name): mail has no counterpart.") }
        let owner = json.text("ownerTeam.name", "teamName").map { Importing.name($0, team) } ?? team
        let kind = Importing.kind(type)
        setup.join(owner)
        let policy = setup.policies.first { $0.team == owner }?.name
        setup.sources.append(
            .init(name: name, kind: kind == "generic" && type == "API" ? "opsgenie" : kind, team: owner, policy: policy)
        )
    }
}
