internal import Domain
internal import Formats

/// Answers of PagerDuty's REST API: `GET /users?include[]=contact_methods&include[]=notification_rules`, `/schedules/{id}`,
/// `/escalation_policies`, `/services?include[]=integrations`, `/teams` and `/schedules/{id}/overrides`
/// (https://developer.pagerduty.com/api-reference/).
struct PagerDutyImport: SetupImporter {
    static let product = "PagerDuty"

    private var setup = ImportedSetup()
    private let team: String
    private let now: Timestamp
    private var emails: [String: String] = [:]
    private var schedules: [String: String] = [:]
    private var policies: [String: ImportedSetup.Policy] = [:]

    static func read(_ files: [JSON], team: String, at now: Timestamp) -> ImportedSetup {
        var reader = PagerDutyImport(team: team, now: now)
        for user in Importing.list("users", in: files) { reader.read(user: user) }
        let schedules = Importing.list("schedules", in: files) + files.compactMap { $0["schedule"] }
        for schedule in schedules where schedule["schedule_layers"]?.array?.isEmpty == false {
            reader.read(schedule: schedule)
        }
        for policy in Importing.list("escalation_policies", in: files) + files.compactMap({ $0["escalation_policy"] }) {
            reader.read(policy: policy)
        }
        for service in Importing.list("services", in: files) + files.compactMap({ $0["service"] }) {
            reader.read(service: service)
        }
        reader.setup.note("Rules of event orchestration, priorities and response plays have no counterpart.")
        return reader.setup
    }

    private init(team: String, now: Timestamp) { (self.team, self.now) = (team, now) }

    private mutating func read(user: JSON) {
        guard let id = user.text("id"), let email = user.text("email") else { return }
        emails[id] = email
        var person = ImportedSetup.Person(
            email: email, name: Importing.name(user.text("name"), email), timeZone: user.text("time_zone"))
        var methods: [String: ImportedSetup.Method] = [:]
        for entry in user["contact_methods"]?.array ?? [] {
            guard let address = entry.text("address") else { continue }
            let label = entry.text("label") ?? ""
            let phone = Importing.phone(address, country: entry.text("country_code") ?? "1")
            let method: ImportedSetup.Method? =
                switch entry.text("type") {
                case "email_contact_method": .init(channel: "email", address: address, label: label)
                case "sms_contact_method": .init(channel: "sms", address: phone, label: label)
                case "phone_contact_method": .init(channel: "voice", address: phone, label: label)
                default: nil
                }
            guard let method else {
                setup.note("\(email): the app of PagerDuty is not carried over; set up browser push, ntfy or Pushover.")
                continue
            }
            if !person.methods.contains(where: { $0.documentName == method.documentName }) {
                person.methods.append(method)
            }
            if let id = entry.text("id") { methods[id] = method }
        }
        for entry in user["notification_rules"]?.array ?? [] {
            guard let method = entry.text("contact_method.id").flatMap({ methods[$0] }) else { continue }
            let delay = (entry["start_delay_in_minutes"]?.integer ?? 0) * 60
            person.rules.append(
                .init(urgency: entry.text("urgency") == "low" ? "low" : "high", delay: delay, method: method))
        }
        setup.add(person)
        setup.join(team(of: user), [email])
    }

    /// The first team that something belongs to.
    private func team(of json: JSON) -> String {
        (json["teams"]?.array?.first?.text("name", "summary")).map { Importing.name($0, team) } ?? team
    }

    private mutating func read(schedule: JSON) {
        let name = Importing.name(schedule.text("name", "summary"), "Schedule")
        var roster = ImportedSetup.Roster(
            name: name, team: team(of: schedule), timeZone: schedule.text("time_zone") ?? "UTC")
        // The answer lists the layer that wins first. Here the last one wins.
        for layer in (schedule["schedule_layers"]?.array ?? []).reversed() {
            if let layer = self.layer(layer, of: roster) { roster.layers.append(layer) }
        }
        for entry in schedule.at("overrides_subschedule.rendered_schedule_entries")?.array ?? [] {
            guard let user = entry.text("user.id").flatMap({ emails[$0] }),
                let from = entry.moment("start"), let to = entry.moment("end"), to > now
            else { continue }
            roster.overrides.append(Importing.override("only", user, from, to))
        }
        guard !roster.layers.isEmpty else { return setup.note("Schedule \(name): no layer could be read.") }
        if let id = schedule.text("id") { schedules[id] = "\(roster.team)/\(name)" }
        setup.join(roster.team, roster.layers.flatMap { $0.participants.compactMap(\.self) })
        setup.rosters.append(roster)
    }

    private mutating func layer(_ json: JSON, of roster: ImportedSetup.Roster) -> ImportedSetup.Layer? {
        let place = "Schedule \(roster.name), layer \(json.text("name") ?? "")"
        if let end = json.moment("end"), end <= now { return nil }
        guard let start = json.moment("rotation_virtual_start", "start"),
            let seconds = json["rotation_turn_length_seconds"]?.integer
        else { return nil }
        let local = Importing.local(start, in: roster.timeZone)
        guard let rotation = Importing.rotation(seconds: seconds, handOff: local.minute) else {
            setup.note("\(place): a turn of \(seconds) seconds is no whole number of hours.")
            return nil
        }
        let people = (json["users"]?.array ?? []).map { entry in
            (entry.text("user.id") ?? entry.text("id")).flatMap { emails[$0] }
        }
        guard people.contains(where: { $0 != nil }) else {
            setup.note("\(place): none of its people is in the files.")
            return nil
        }
        if people.contains(nil) { setup.note("\(place): a person who is not in the files became a turn of nobody.") }
        if let begin = json.moment("start"), begin > now {
            setup.note("\(place): it begins only at \(begin.rfc3339).")
        }
        if rotation.unit == .hour { setup.note("\(place): turns in hours follow elapsed time when the clocks change.") }
        let end = json.moment("end").map { Importing.local($0, in: roster.timeZone).day }
        return ImportedSetup.Layer(
            name: Importing.name(json.text("name"), "Layer"), participants: people, rotation: rotation,
            start: local.day, end: end, hours: hours(json["restrictions"]?.array ?? []))
    }

    private func hours(_ restrictions: [JSON]) -> [WeeklyHours] {
        restrictions.flatMap { entry -> [WeeklyHours] in
            guard let from = entry.text("start_time_of_day").flatMap(Importing.minute),
                let seconds = entry["duration_seconds"]?.integer
            else { return [] }
            let day = entry["start_day_of_week"]?.integer
            return Importing.hours(days: day.map { [$0] } ?? Array(1...7), from: from, seconds: seconds)
        }
    }

    private mutating func read(policy json: JSON) {
        let name = Importing.name(json.text("name", "summary"), "Policy")
        var policy = ImportedSetup.Policy(
            name: name, team: team(of: json), repeats: json["num_loops"]?.integer ?? 0)
        for rule in json["escalation_rules"]?.array ?? [] {
            let targets = (rule["targets"]?.array ?? []).compactMap { target -> JSON? in
                guard let id = target.text("id") else { return nil }
                if let user = emails[id] { return Importing.target("user", user) }
                return schedules[id].map { Importing.target("schedule", $0) }
            }
            guard !targets.isEmpty else {
                setup.note("Policy \(name): a step whose people are not in the files is left out.")
                continue
            }
            policy.steps.append(((rule["escalation_delay_in_minutes"]?.integer ?? 30) * 60, targets))
        }
        guard !policy.steps.isEmpty else { return setup.note("Policy \(name): no step could be read.") }
        if let id = json.text("id") { policies[id] = policy }
        setup.join(policy.team)
        setup.policies.append(policy)
    }

    private mutating func read(service: JSON) {
        let name = Importing.name(service.text("name", "summary"), "Service")
        let policy = service.text("escalation_policy.id").flatMap { policies[$0] }
        if policy == nil { setup.note("Service \(name): its escalation policy is not in the files.") }
        let team = policy?.team ?? team(of: service)
        setup.join(team)
        let integrations = service["integrations"]?.array ?? []
        for (index, entry) in integrations.enumerated() where entry.text("type")?.contains("email") == true {
            setup.note("Service \(name): its integration \(index + 1) takes mail, which has no counterpart.")
        }
        let usable = integrations.filter { $0.text("type")?.contains("email") != true }
        let kinds =
            usable.isEmpty
            ? ["pagerduty"] : usable.map { Importing.kind(($0.text("vendor.summary") ?? "") + ($0.text("type") ?? "")) }
        for (index, kind) in kinds.enumerated() {
            setup.sources.append(
                .init(
                    name: index == 0 ? name : Importing.name("\(name) \(index + 1)", name), kind: kind, team: team,
                    policy: policy?.name))
        }
    }
}
