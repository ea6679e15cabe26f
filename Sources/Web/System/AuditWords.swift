internal import Domain
internal import Formats

/// Describes the differences between the two documents of an audit entry in words.
///
/// A member's name tells what its value means (docs/stored-forms.md): `delay_ms` is a duration, `from_minute` a time of
/// day. An id appears as the name of its object. List entries with a name are matched by it, so that moving one does
/// not look like a change of all.
struct AuditWords {
    private let names: [String: String]
    private let reader: Reader
    /// The maximum number of differences of one entry to show.
    private static let limit = 60

    init(configuration: Configuration, reader: Reader) {
        var names: [String: String] = [:]
        for user in configuration.users.values { names[user.id.rawValue] = user.name }
        for team in configuration.teams.values { names[team.id.rawValue] = team.name }
        for schedule in configuration.schedules.values { names[schedule.id.rawValue] = schedule.name }
        for policy in configuration.policies.values { names[policy.id.rawValue] = policy.name }
        for source in configuration.sources.values { names[source.id.rawValue] = source.name }
        for method in configuration.contactMethods.values {
            names[method.id.rawValue] = "\(method.channel.name) \(method.channel.shown(method.address))"
        }
        self.names = names
        self.reader = reader
    }

    /// The differences between two values, sorted by name.
    func differences(from before: String?, to after: String?) -> [AuditView.Difference] {
        let (old, new) = (leaves(of: before), leaves(of: after))
        let known = Dictionary(new.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let former = Dictionary(old.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let changed = old.compactMap { leaf -> AuditView.Difference? in
            let after = known[leaf.name]
            return after == leaf.value ? nil : .init(name: leaf.name, before: leaf.value, after: after)
        }
        let added = new.filter { former[$0.name] == nil }.map {
            AuditView.Difference(name: $0.name, before: nil, after: $0.value)
        }
        return Array((changed + added).prefix(AuditWords.limit))
    }

    private func leaves(of text: String?) -> [(name: String, value: String)] {
        guard let text, let json = try? JSONParser.parse(text) else { return [] }
        var leaves: [(name: String, value: String)] = []
        collect(json, key: "", path: [], into: &leaves)
        return leaves
    }

    /// - Parameters:
    ///   - key: the name of the member that contains the value.
    ///   - path: the words for the members above it.
    private func collect(
        _ json: JSON, key: String, path: [String], into leaves: inout [(name: String, value: String)]
    ) {
        switch json {
        case .object(let object):
            // Only a reference to another object has both a type and a meaningful id: `{"type": "user", "id": "7"}`.
            let type = json["type"]?.text
            let hidden: Set = type == nil ? ["version", "id"] : ["version", "type"]
            let path = type.map { path + [words($0)] } ?? path
            for member in object.members where !hidden.contains(member.name) {
                let name = member.name == "id" ? [] : [words(member.name)]
                collect(member.value, key: member.name, path: path + name, into: &leaves)
            }
        case .array(let values) where values.allSatisfy { $0.object == nil && $0.array == nil }:
            // The worst severity comes first.
            let texts = (key.hasSuffix("severities") ? values.reversed() : values).map { text($0, of: key) }
            leaves.append((path.joined(separator: ", "), texts.isEmpty ? "none" : texts.joined(separator: ", ")))
        case .array(let values):
            for (place, value) in values.enumerated() {
                collect(value, key: key, path: path + [label(of: value, at: place)], into: &leaves)
            }
        case .null, .bool, .number, .string: leaves.append((path.joined(separator: ", "), text(json, of: key)))
        }
    }

    /// A scalar value in words, formatted by the name of its member.
    private func text(_ json: JSON, of key: String) -> String {
        switch json {
        case .null: return "nobody"
        case .bool(let isTrue): return isTrue ? "yes" : "no"
        case .string(let text): return names[text] ?? (text.isEmpty ? "empty" : text)
        case .number(let digits):
            guard let number = Int64(digits) else { return digits }
            if key.hasSuffix("_ms") { return length(.milliseconds(number)) }
            if key.hasSuffix("_at") { return reader.exact(Timestamp(microseconds: number)) }
            if key.hasSuffix("_minute") { return reader.words(TimeOfDay(Int(clamping: number))) }
            if key == "weekdays", (1...7).contains(number) {
                return Weekday.shortName(of: Int(number))
            }
            return digits
        case .array, .object: return ""
        }
    }

    /// The label of a list entry: its name, or else its position.
    private func label(of value: JSON, at place: Int) -> String {
        if let name = value["name"]?.text, !name.isEmpty { return "“\(name)”" }
        return "\(place + 1)"
    }

    /// `hand_off_minute` as `hand off`, `team_id` as `team`, `member_ids` as `members`.
    private func words(_ name: String) -> String {
        if name.hasSuffix("_ids") { return words(String(name.dropLast(4))) + "s" }
        let ending = ["_id", "_minute", "_ms"].first { name.hasSuffix($0) } ?? ""
        return String(name.dropLast(ending.count)).replacing("_", with: " ")
    }
}
