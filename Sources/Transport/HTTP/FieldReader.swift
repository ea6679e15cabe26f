internal import Domain
internal import Senders

/// Takes the members of a request's body one by one, and collects what is wrong with them, so that a person is told all
/// of it at once. A member that is missing leaves what is there already.
struct FieldReader {
    private let json: JSON
    private(set) var faults: [FieldFault] = []

    init(_ json: JSON) { self.json = json }

    mutating func fault(_ field: String, _ explanation: String) { faults.append(FieldFault(field, explanation)) }

    /// Whether the member is there, be it null.
    func has(_ name: String) -> Bool { json.object?.members.contains { $0.name == name } ?? false }

    mutating func text(_ name: String, else known: String? = nil) -> String {
        guard has(name) else {
            if known == nil { fault(name, "It is missing.") }
            return known ?? ""
        }
        guard let text = json[name]?.text else {
            fault(name, "A text was expected.")
            return ""
        }
        return text.trimmingBlanks()
    }

    /// A text that may be null or missing.
    mutating func optionalText(_ name: String, else known: String?) -> String? {
        guard has(name) else { return known }
        guard let value = json[name], case .string(let text) = value else {
            if json[name] != nil { fault(name, "A text or null was expected.") }
            return nil
        }
        return text.trimmingBlanks().isEmpty ? nil : text.trimmingBlanks()
    }

    mutating func flag(_ name: String, else known: Bool) -> Bool {
        guard has(name) else { return known }
        guard let value = json[name], case .bool(let flag) = value else {
            fault(name, "Write true or false.")
            return known
        }
        return flag
    }

    mutating func seconds(_ name: String, else known: Duration?) -> Duration? {
        guard has(name) else { return known }
        guard let value = json[name]?.text, let number = Int(value), number >= 0, number <= 100 * 365 * 86_400 else {
            fault(name, "Write a number of whole seconds.")
            return known
        }
        return .seconds(number)
    }

    mutating func instant(_ name: String, else known: Timestamp?) -> Timestamp? {
        guard has(name) else { return known }
        guard let text = json[name]?.text, let instant = Timestamp(rfc3339: text) else {
            fault(name, "Write it as 2026-03-01T03:00:00Z.")
            return nil
        }
        return instant
    }

    /// A time of day as minutes since midnight: `22:00`, up to `24:00`.
    mutating func timeOfDay(_ name: String, else known: Int?) -> Int? {
        guard has(name) else { return known }
        let parts = (json[name]?.text ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0..<60).contains(minute), (0...24).contains(hour), hour * 60 + minute <= 1440
        else {
            fault(name, "Write a time of day like 22:00.")
            return nil
        }
        return hour * 60 + minute
    }

    mutating func texts(_ name: String, else known: [String]) -> [String] {
        guard has(name) else { return known }
        let values = json[name]?.array?.map(\.text)
        guard let values, values.count <= 1_000, !values.contains(nil) else {
            fault(name, "A list of texts was expected.")
            return []
        }
        return values.compactMap(\.self)
    }

    /// Days of the week from 1 (Monday) to 7, or by their English names.
    mutating func weekdays(_ name: String, else known: Set<Int>) -> Set<Int> {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let days = texts(name, else: known.sorted().map { String($0) }).map { text in
            names.firstIndex(of: String(text.lowercased().prefix(3))).map { $0 + 1 } ?? Int(text) ?? 0
        }
        return Set(days)
    }

    mutating func labels(_ name: String, else known: [String: String]) -> [String: String] {
        guard has(name) else { return known }
        guard let members = json[name]?.object?.members else {
            fault(name, "An object of texts was expected.")
            return [:]
        }
        return Dictionary(members.map { ($0.name, $0.value.rendered) }) { $1 }
    }

    /// A team by its id or name.
    mutating func team(_ roster: Roster, else known: TeamID?) -> TeamID {
        let name = has("team_id") ? "team_id" : "team"
        guard has(name) else {
            if known == nil { fault("team", "Name the team.") }
            return known ?? ""
        }
        let text = text(name)
        guard let team = roster.team(named: text) else {
            fault(name, "There is no team “\(text.prefix(100))”.")
            return known ?? ""
        }
        return team.id
    }

    mutating func severity(_ name: String, else known: Severity) -> Severity {
        guard has(name) else { return known }
        guard let severity = json[name]?.text.flatMap({ Severity(word: $0) }) else {
            fault(name, "Write critical, error, warning or info.")
            return known
        }
        return severity
    }

    /// - Throws: a 422 with all faults.
    func finish() throws {
        guard faults.isEmpty else { throw Problem(PayloadError.unprocessable(faults)) }
    }
}
