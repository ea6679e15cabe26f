internal import Domain
internal import Formats

/// What an importer read from another product, in PagerPal's terms and by name, and what it could not carry over.
struct ImportedSetup {
    struct Method: Hashable {
        var channel: String
        var address: String
        var label = ""

        var documentName: String { "\(channel) \(address)" }
    }

    struct Rule {
        var urgency: String
        var delay: Int
        var method: Method
    }

    struct Person {
        var email: String
        var name: String
        var timeZone: String?
        var methods: [Method] = []
        var rules: [Rule] = []
    }

    struct Layer {
        var name: String
        /// Addresses, in order. Nil is a turn of nobody.
        var participants: [String?]
        var rotation: Schedule.Rotation
        var start: CivilDate
        var end: CivilDate?
        var firstPlace = 0
        var hours: [WeeklyHours] = []
    }

    struct Roster {
        var name: String
        var team: String
        var timeZone: String
        var layers: [Layer] = []
        var overrides: [JSON] = []
    }

    /// Steps, each with the seconds until the next one.
    struct Policy {
        var name: String
        var team: String
        var steps: [(delay: Int, targets: [JSON])] = []
        var repeats = 0
    }

    struct Source {
        var name: String
        var kind: String
        var team: String
        var policy: String?
    }

    var people: [Person] = []
    /// Members by team.
    var teams: [(name: String, members: [String])] = []
    var rosters: [Roster] = []
    var policies: [Policy] = []
    var sources: [Source] = []
    /// What could not be carried over, and what to look at.
    private(set) var notes: [String] = []

    mutating func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }

    /// Adds people to a team, which is made if it isn't there.
    mutating func join(_ team: String, _ people: [String] = []) {
        guard let index = teams.firstIndex(where: { $0.name == team }) else {
            return teams.append((team, people.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }))
        }
        for person in people where !teams[index].members.contains(person) { teams[index].members.append(person) }
    }

    mutating func add(_ person: Person) {
        guard !people.contains(where: { $0.email.lowercased() == person.email.lowercased() }) else { return }
        people.append(person)
    }
}

extension ImportedSetup {
    /// The same in the form of `pagerpal export`.
    var document: JSON {
        var document = JSONObject()
        document["version"] = .number(String(Configuration.documentVersion))
        let sections: [(String, [JSON])] = [
            ("users", people.map(json)), ("teams", teams.map { json($0.name, $0.members) }),
            ("schedules", rosters.map(json)), ("escalation_policies", policies.map(json)),
            ("alert_sources", sources.map(json)),
        ]
        for (name, entries) in sections where !entries.isEmpty { document[name] = .array(entries) }
        return .object(document)
    }

    private func json(_ person: Person) -> JSON {
        let methods = person.methods.map { method in
            JSON.members([
                ("channel", .string(method.channel)), ("address", .string(method.address)),
                ("label", method.label.isEmpty ? .null : .string(method.label)), ("verified", .bool(true)),
            ])
        }
        let rules = person.rules.map { rule in
            JSON.members([
                ("urgency", .string(rule.urgency)), ("delay_seconds", number(rule.delay)),
                ("contact_method", .string(rule.method.documentName)),
            ])
        }
        return .members([
            ("name", .string(person.name)), ("email", .string(person.email)),
            ("time_zone", person.timeZone.map { .string($0) } ?? .null),
            ("contact_methods", methods.isEmpty ? .null : .array(methods)),
            ("notification_rules", rules.isEmpty ? .null : .array(rules)),
        ])
    }

    private func json(_ team: String, _ members: [String]) -> JSON {
        .members([("name", .string(team)), ("members", .array(members.map { .string($0) }))])
    }

    private func json(_ roster: Roster) -> JSON {
        .members([
            ("name", .string(roster.name)), ("team", .string(roster.team)), ("time_zone", .string(roster.timeZone)),
            ("layers", .array(roster.layers.map(json))),
            ("overrides", roster.overrides.isEmpty ? .null : .array(roster.overrides)),
        ])
    }

    private func json(_ layer: Layer) -> JSON {
        let rotation = JSON.members([
            ("unit", .string(layer.rotation.unit.rawValue)), ("count", number(layer.rotation.count)),
            ("hand_off", .string(TimeOfDay(layer.rotation.handOffMinute).description)),
        ])
        let hours = layer.hours.map { hours in
            JSON.members([
                ("weekdays", .array(hours.weekdays.map(\.rawValue).sorted().map(number))),
                ("from", .string(hours.from.description)), ("to", .string(hours.to.description)),
            ])
        }
        return .members([
            ("name", .string(layer.name)),
            ("participants", .array(layer.participants.map { $0.map { .string($0) } ?? .null })),
            ("rotation", rotation), ("start", .string("\(layer.start)")),
            ("end", layer.end.map { .string("\($0)") } ?? .null), ("first_place", number(layer.firstPlace)),
            ("restrictions", hours.isEmpty ? .null : .array(hours)),
        ])
    }

    private func json(_ policy: Policy) -> JSON {
        let steps = policy.steps.map { step in
            JSON.members([("delay_seconds", number(max(1, step.delay))), ("targets", .array(step.targets))])
        }
        return .members([
            ("name", .string(policy.name)), ("team", .string(policy.team)), ("repeats", number(policy.repeats)),
            ("steps", .array(steps)),
        ])
    }

    private func json(_ source: Source) -> JSON {
        .members([
            ("name", .string(source.name)), ("kind", .string(source.kind)), ("team", .string(source.team)),
            ("policy", source.policy.map { .string($0) } ?? .null),
        ])
    }

    private func number(_ value: Int) -> JSON { .number(String(value)) }
}
