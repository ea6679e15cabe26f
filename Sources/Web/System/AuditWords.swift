internal import Domain
internal import Formats
internal import Integrations

/// Turns the values that an audit record holds as JSON into what differs between them, in words.
///
/// Names stand for identities, times of day for minutes, lengths for durations. Entries of a list that have a name are
/// known by it, so that moving one does not look like a change of all.
struct AuditWords {
    private let names: [String: String]
    private let reader: Reader
    /// Differences of one record that are shown.
    private static let limit = 60

    init(configuration: Configuration, reader: Reader) {
        var names: [String: String] = [:]
        for user in configuration.users.values { names[user.id.rawValue] = user.name }
        for team in configuration.teams.values { names[team.id.rawValue] = team.name }
        for schedule in configuration.schedules.values { names[schedule.id.rawValue] = schedule.name }
        for policy in configuration.policies.values { names[policy.id.rawValue] = policy.name }
        for source in configuration.sources.values { names[source.id.rawValue] = source.name }
        for method in configuration.contactMethods.values {
            names[method.id.rawValue] = "\(method.channel.name) \(method.address)"
        }
        self.names = names
        self.reader = reader
    }

    /// What differs between two values, in the order of their names.
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
        guard let text, let json = try? JSONParser.parse(Array(text.utf8)) else { return [] }
        var leaves: [(name: String, value: String)] = []
        collect(json, key: "", path: [], into: &leaves)
        return leaves
    }

    /// - Parameters:
    ///   - key: the member's own name, which tells what its numbers mean.
    ///   - path: the words that lead to it.
    private func collect(
        _ json: JSON, key: String, path: [String], into leaves: inout [(name: String, value: String)]
    ) {
        switch json {
        case .object(let object):
            // An enumeration with a value: {"user": {"_0": "…"}}.
            if object.members.count == 1, let inner = object.members[0].value["_0"] {
                return collect(inner, key: key, path: path + [words(object.members[0].name)], into: &leaves)
            }
            for member in object.members where member.name != "id" {
                collect(member.value, key: member.name, path: path + [words(member.name)], into: &leaves)
            }
        case .array(let values):
            if let text = simple(values, key) {
                leaves.append((path.joined(separator: ", "), text))
            } else {
                for (place, value) in values.enumerated() {
                    collect(value, key: key, path: path + [label(of: value, at: place)], into: &leaves)
                }
            }
        case .null, .bool, .number, .string:
            leaves.append((path.joined(separator: ", "), words(of: json, key)))
        }
    }

    /// A list of plain values as one text, or a duration; nil for anything else.
    private func simple(_ values: [JSON], _ key: String) -> String? {
        if let duration = duration(values) { return length(duration) }
        guard values.allSatisfy({ $0.object == nil && $0.array == nil }) else { return nil }
        let texts = values.map { words(of: $0, key) }
        if texts.isEmpty { return "none" }
        // The order of a set is of no meaning, and chance.
        let isSet = ["weekdays", "severities", "urgentSeverities"].contains(key)
        return (isSet ? texts.sorted() : texts).joined(separator: ", ")
    }

    /// Swift writes a duration as the two halves of a number of attoseconds.
    private func duration(_ values: [JSON]) -> Duration? {
        guard values.count == 2, let high = values[0].integer, let low = values[1].text.flatMap({ UInt64($0) }),
            low == 0 ? high == 0 : low >= 1_000_000_000_000
        else { return nil }
        let attoseconds = Int128(high) << 64 | Int128(low)
        return .microseconds(Int64(clamping: attoseconds / 1_000_000_000_000))
    }

    private func words(of json: JSON, _ key: String) -> String {
        switch json {
        case .null: return "nobody"
        case .bool(let isTrue): return isTrue ? "yes" : "no"
        case .string(let text): return names[text] ?? (text.isEmpty ? "empty" : text)
        case .number(let digits):
            guard let number = Int(digits) else { return digits }
            if key.lowercased().hasSuffix("minute") {
                return "\(twoDigits(number / 60)):\(twoDigits(number % 60))"
            }
            // Microseconds since 1970 of any year that matters are larger than any other number here.
            if number > 100_000_000_000_000 { return reader.exact(Timestamp(microseconds: Int64(number))) }
            if key == "weekdays", (1...7).contains(number) {
                return ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][number - 1]
            }
            return digits
        case .array, .object: return ""
        }
    }

    /// An entry of a list: by its name, else by its place.
    private func label(of value: JSON, at place: Int) -> String {
        if let name = value["name"]?.text, !name.isEmpty { return "“\(name)”" }
        return "\(place + 1)"
    }

    /// `handOffMinute` as `hand off`, `teamID` as `team`.
    private func words(_ name: String) -> String {
        var words = ""
        var wasUpper = true
        for character in name {
            if character.isUppercase && !wasUpper { words += " " }
            wasUpper = character.isUppercase
            words += character.lowercased()
        }
        if words.hasSuffix(" ids") { return words.dropLast(4) + "s" }
        for ending in [" id", " minute"] where words.hasSuffix(ending) {
            return String(words.dropLast(ending.count))
        }
        return words
    }
}
