internal import Domain
internal import Formats

/// Answers of Grafana OnCall's API, each in a file with its name: `{"users": {"results": […]}}` and so on, of `/users`,
/// `/teams`, `/on_call_shifts`, `/schedules`, `/escalation_chains`, `/escalation_policies`, `/integrations` and
/// `/personal_notification_rules` (https://grafana.com/docs/oncall/latest/oncall-api-reference/).
struct GrafanaOnCallImport: SetupImporter {
    static let product = "Grafana OnCall"

    private var setup = ImportedSetup()
    private let team: String
    private let now: Timestamp
    private var emails: [String: String] = [:]
    private var teams: [String: String] = [:]
    private var shifts: [String: JSON] = [:]
    private var schedules: [String: String] = [:]
    private var policies: [String: ImportedSetup.Policy] = [:]

    static func read(_ files: [JSON], team: String, at now: Timestamp) -> ImportedSetup {
        var reader = GrafanaOnCallImport(team: team, now: now)
        for entry in Importing.list("teams", in: files) {
            if let id = entry.text("id") { reader.teams[id] = Importing.name(entry.text("name"), team) }
        }
        for user in Importing.list("users", in: files) { reader.read(user: user) }
        for shift in Importing.list("on_call_shifts", in: files) {
            if let id = shift.text("id") { reader.shifts[id] = shift }
        }
        for schedule in Importing.list("schedules", in: files) { reader.read(schedule: schedule) }
        let steps = Importing.list("escalation_policies", in: files)
        for chain in Importing.list("escalation_chains", in: files) { reader.read(chain: chain, steps) }
        for entry in Importing.list("integrations", in: files) { reader.read(integration: entry) }
        reader.setup.note("The API names no telephone numbers; add those of each person.")
        reader.setup.note("Personal notification rules, routes of integrations and templates are not carried over.")
        return reader.setup
    }

    private init(team: String, now: Timestamp) { (self.team, self.now) = (team, now) }

    private mutating func read(user: JSON) {
        guard let id = user.text("id") else { return }
        guard let email = user.text("email"), email.contains("@") else {
            return setup.note("The user \(user.text("username") ?? id) has no e-mail address.")
        }
        emails[id] = email
        let person = ImportedSetup.Person(
            email: email, name: Importing.name(user.text("name", "username"), email), timeZone: user.text("timezone"),
            methods: [.init(channel: "email", address: email)])
        setup.add(person)
        for entry in user["teams"]?.array ?? [] { setup.join(entry.text.flatMap { teams[$0] } ?? team, [email]) }
    }

    private func owner(of json: JSON) -> String { json.text("team_id").flatMap { teams[$0] } ?? team }

    /// The level decides who wins: the higher one, which is the later layer here.
    private mutating func read(schedule: JSON) {
        let (name, owner) = (Importing.name(schedule.text("name"), "Schedule"), owner(of: schedule))
        var roster = ImportedSetup.Roster(name: name, team: owner, timeZone: schedule.text("time_zone") ?? "UTC")
        let known = (schedule["shifts"]?.array ?? []).compactMap { $0.text.flatMap { shifts[$0] } }
        let level = { (shift: JSON) in shift["level"]?.integer ?? 0 }
        for shift in known.sorted(by: { level($0) < level($1) }) {
            if ["single_event", "override"].contains(shift.text("type")) {
                roster.overrides += override(shift, zone: roster.timeZone)
            } else if let layer = layer(shift, zone: roster.timeZone, place: "Schedule \(name)") {
                roster.layers.append(layer)
            }
        }
        if schedule.text("type") == "ical" {
            setup.note("Schedule \(name): it is a calendar elsewhere; make its layers by hand.")
        }
        guard !roster.layers.isEmpty else { return setup.note("Schedule \(name): no rotation could be read.") }
        let levels = known.filter { $0.text("type") != "override" && $0.text("type") != "single_event" }.map(level)
        if Set(levels).count < levels.count {
            setup.note(
                "Schedule \(name): shifts of the same level are on call together there; here the last one counts.")
        }
        if let id = schedule.text("id") { schedules[id] = "\(owner)/\(name)" }
        setup.join(owner, roster.layers.flatMap { $0.participants.compactMap(\.self) })
        setup.rosters.append(roster)
    }

    /// A day and minute as they are written, local to the shift.
    private func local(_ text: String?) -> (day: CivilDate, minute: Int)? {
        guard let text, let day = CivilDate(text.prefix(10)), let minute = Importing.minute(String(text.dropFirst(11)))
        else { return nil }
        return (day, minute)
    }

    private mutating func layer(_ shift: JSON, zone: String, place: String) -> ImportedSetup.Layer? {
        let place = "\(place), shift \(shift.text("name") ?? "")"
        if let own = shift.text("time_zone"), own != zone {
            setup.note("\(place): its time zone \(own) is not that of the schedule; check its hours.")
        }
        if let until = local(shift.text("until")), until.day < Importing.local(now, in: zone).day { return nil }
        guard let start = local(shift.text("rotation_start") ?? shift.text("start")),
            let begin = local(shift.text("start")), let seconds = shift["duration"]?.integer
        else { return nil }
        let units = ["hourly": Schedule.Rotation.Unit.hour, "daily": .day, "weekly": .week, "monthly": .month]
        guard let unit = shift.text("frequency").flatMap({ units[$0] }) else {
            setup.note("\(place): a shift without a frequency is left out.")
            return nil
        }
        let groups = shift["rolling_users"]?.array ?? [shift["users"] ?? .null]
        let people = groups.map { group -> String? in
            let found = (group.array ?? []).compactMap { $0.text.flatMap { emails[$0] } }
            if found.count > 1 { setup.note("\(place): of people who are on call together, the first one is.") }
            return found.first
        }
        guard people.contains(where: { $0 != nil }) else { return nil }
        var layer = ImportedSetup.Layer(
            name: Importing.name(shift.text("name"), "Shift"), participants: people,
            rotation: Schedule.Rotation(
                unit, every: shift["interval"]?.integer ?? 1, handOffMinute: begin.minute),
            start: start.day, firstPlace: shift["start_rotation_from_user_index"]?.integer ?? 0)
        layer.firstPlace %= people.count
        restrict(&layer, shift, from: begin.minute, seconds: seconds)
        layer.end = local(shift.text("until"))?.day
        return layer
    }

    private static let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    /// A shift that is shorter than its turn, or has days, is a rotation with hours. Its turns begin with the week.
    private func restrict(_ layer: inout ImportedSetup.Layer, _ shift: JSON, from: Int, seconds: Int) {
        let days = (shift["by_day"]?.array ?? []).compactMap { $0.text.flatMap(Self.days.firstIndex) }.map { $0 + 1 }
        switch layer.rotation.unit {
        case .week where !days.isEmpty:
            layer.hours = Importing.hours(days: days, from: from, seconds: seconds)
            let first = shift.text("week_start").flatMap(Self.days.firstIndex).map { $0 + 1 } ?? 1
            layer.start = layer.start.adding(days: -((layer.start.weekday - first + 7) % 7))
            layer.rotation.handOffMinute = 0
        case .week where seconds < 604_800 * layer.rotation.count:
            layer.hours = Importing.hours(days: [layer.start.weekday], from: from, seconds: seconds)
        case .day where seconds < 86_400 || !days.isEmpty:
            layer.hours = Importing.hours(days: days.isEmpty ? Array(1...7) : days, from: from, seconds: seconds)
        case .hour, .day, .week, .month: break
        }
    }

    private func override(_ shift: JSON, zone: String) -> [JSON] {
        let clock = LocalClock(shift.text("time_zone") ?? zone) ?? .utc
        guard let start = local(shift.text("start")), let seconds = shift["duration"]?.integer else { return [] }
        let from = clock.instant(start.day, minute: start.minute)
        let to = from + .seconds(seconds)
        guard to > now else { return [] }
        let users = (shift["users"]?.array ?? shift.at("rolling_users[0]")?.array ?? [])
            .compactMap { $0.text.flatMap { emails[$0] } }
        return users.prefix(1).map { Importing.override("only", $0, from, to) }
    }

    private mutating func read(chain: JSON, _ all: [JSON]) {
        let (name, id) = (Importing.name(chain.text("name"), "Chain"), chain.text("id") ?? "")
        let position = { (step: JSON) in step["position"]?.integer ?? 0 }
        var policy = ImportedSetup.Policy(name: name, team: owner(of: chain))
        var hasWaited = false
        for step in all.filter({ $0.text("escalation_chain_id") == id }).sorted(by: { position($0) < position($1) }) {
            switch step.text("type") {
            case "wait":
                let seconds = step["duration"]?.integer ?? 300
                if policy.steps.isEmpty {
                    setup.note("Chain \(name): it waits before the first step there and acts at once here.")
                } else {
                    policy.steps[policy.steps.count - 1].delay += seconds
                    hasWaited = true
                }
            case "repeat_escalation": policy.repeats = 5
            case let type?:
                let targets = targets(step, type, of: name)
                guard !targets.isEmpty else { continue }
                if hasWaited || policy.steps.isEmpty {
                    policy.steps.append((0, targets))
                    hasWaited = false
                } else {
                    policy.steps[policy.steps.count - 1].targets += targets
                }
            case nil: continue
            }
        }
        guard !policy.steps.isEmpty else { return setup.note("Chain \(name): no step could be read.") }
        if policy.steps[policy.steps.count - 1].delay == 0 { policy.steps[policy.steps.count - 1].delay = 300 }
        policies[id] = policy
        setup.join(policy.team)
        setup.policies.append(policy)
    }

    private mutating func targets(_ step: JSON, _ type: String, of name: String) -> [JSON] {
        switch type {
        case "notify_persons", "notify_person_next_each_time":
            let people = step["persons_to_notify"]?.array ?? step["persons_to_notify_next_each_time"]?.array ?? []
            return people.compactMap { $0.text.flatMap { emails[$0] } }.map { Importing.target("user", $0) }
        case "notify_on_call_from_schedule":
            guard let schedule = step.text("notify_on_call_from_schedule").flatMap({ schedules[$0] }) else {
                setup.note("Chain \(name): a schedule is not in the files.")
                return []
            }
            return [Importing.target("schedule", schedule)]
        case "notify_team_members":
            return step.text("notify_to_team_members").flatMap { teams[$0] }.map { [Importing.target("team", $0)] }
                ?? []
        default:
            setup.note("Chain \(name): the step \(type) is not carried over.")
            return []
        }
    }

    private mutating func read(integration json: JSON) {
        let name = Importing.name(json.text("name"), "Integration")
        let type = json.text("type") ?? ""
        guard type != "inbound_email" else { return setup.note("Integration \(name): mail has no counterpart.") }
        let policy = json.text("default_route.escalation_chain_id").flatMap { policies[$0] }
        let owner = policy?.team ?? owner(of: json)
        setup.join(owner)
        setup.sources.append(.init(name: name, kind: Importing.kind(type), team: owner, policy: policy?.name))
    }
}
