internal import Domain
internal import Formats
internal import HTTPTypes
internal import Integrations

/// Takes the members of a JSON object into the fields of a value, and collects all that is wrong with them.
///
/// A member that is left out leaves its field as it is, so creating and changing read the same way.
struct FieldReader {
    private let json: JSON
    private let path: String
    private var known: Set<String> = []
    private(set) var faults: [FieldFault] = []

    /// - Throws: when it is no object.
    init(_ json: JSON, at path: String = "") throws {
        guard json.object != nil else {
            throw path.isEmpty
                ? APIProblem(.badRequest, "Malformed body", "Send a JSON object.")
                : APIProblem.invalid(path, "An object was expected, not \(json.kind).")
        }
        self.json = json
        self.path = path.isEmpty ? "" : path + "."
    }

    /// - Parameter alias: another name that is taken too.
    mutating func read<Value: FieldValue>(_ name: String, or alias: String? = nil, into field: inout Value) {
        guard let value = member(name, alias) else { return }
        if let read = Value(json: value) { field = read } else { fault(name, Value.expectation) }
    }

    /// Null empties the field.
    mutating func read<Value: FieldValue>(_ name: String, or alias: String? = nil, into field: inout Value?) {
        guard let value = member(name, alias) else { return }
        if value == .null {
            field = nil
        } else if let read = Value(json: value) {
            field = read
        } else {
            fault(name, Value.expectation)
        }
    }

    /// A list of values; each is read by itself, and its faults bear its place.
    mutating func read<Value>(
        _ name: String, into field: inout [Value], _ read: (inout FieldReader) -> Value?
    ) throws {
        guard let value = member(name, nil) else { return }
        guard let items = value.array else { return fault(name, "A list was expected, not \(value.kind).") }
        field = []
        for (index, item) in items.enumerated() {
            var reader = try FieldReader(item, at: "\(path)\(name)[\(index)]")
            if let value = read(&reader) { field.append(value) }
            faults += reader.finish()
        }
    }

    /// An object of its own; null empties the field.
    mutating func read<Value>(
        _ name: String, into field: inout Value?, _ read: (inout FieldReader) -> Value?
    ) throws {
        guard let value = member(name, nil) else { return }
        guard value != .null else { return field = nil }
        var reader = try FieldReader(value, at: path + name)
        field = read(&reader)
        faults += reader.finish()
    }

    /// The JSON of a member as it is.
    mutating func raw(_ name: String) -> JSON? { member(name, nil) }

    func has(_ name: String) -> Bool { json.object?[name] != nil }

    mutating func fault(_ name: String, _ explanation: String) {
        faults.append(FieldFault(path + name, explanation))
    }

    /// Members that are only shown, and may come back unchanged.
    mutating func ignore(_ names: String...) { known.formUnion(names) }

    /// Faults the absence of members that a new value needs.
    mutating func require(_ names: String...) {
        for name in names where json[name] == nil && !faults.contains(where: { $0.field == path + name }) {
            fault(name, "It is missing.")
        }
    }

    /// All faults, with one for each member that nobody asked for.
    mutating func finish() -> [FieldFault] {
        for member in json.object?.members ?? [] where !known.contains(member.name) {
            fault(
                String(member.name.prefix(100)),
                "There is no such field; known are \(known.sorted().joined(separator: ", ")).")
        }
        return faults
    }

    /// - Throws: a 422 with all faults.
    mutating func end() throws {
        let faults = finish()
        if !faults.isEmpty { throw ConfigurationFault.invalid(faults) }
    }

    private mutating func member(_ name: String, _ alias: String?) -> JSON? {
        known.insert(name)
        if let alias, json.object?[alias] != nil {
            known.insert(alias)
            return json.object?[alias]
        }
        return json.object?[name]
    }
}

/// What a member of a JSON object can be read as.
protocol FieldValue {
    init?(json: JSON)
    /// What to write instead, when it can't be read.
    static var expectation: String { get }
}

extension String: FieldValue {
    init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self = Clean.text(text)
    }
    static var expectation: String { "A text was expected." }
}

extension Bool: FieldValue {
    init?(json: JSON) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }
    static var expectation: String { "Write true or false." }
}

extension Int: FieldValue {
    init?(json: JSON) {
        guard case .number = json, let number = json.integer else { return nil }
        self = number
    }
    static var expectation: String { "A whole number was expected." }
}

extension ID: FieldValue {
    init?(json: JSON) {
        guard case .string(let text) = json, !text.isEmpty, text.count <= 100 else { return nil }
        self.init(text)
    }
    static var expectation: String { "The id of something was expected." }
}

extension Timestamp: FieldValue {
    init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(rfc3339: text)
    }
    static var expectation: String { "Write it as 2026-03-01T03:00:00Z." }
}

extension CivilDate: FieldValue {
    init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(text)
    }
    static var expectation: String { "Write a day as 2026-03-01." }
}

/// A length of time as a number of seconds.
extension Duration: FieldValue {
    init?(json: JSON) {
        guard case .number = json, let seconds = json.integer, abs(seconds) <= 10_000_000_000 else { return nil }
        self = .seconds(seconds)
    }
    static var expectation: String { "A whole number of seconds was expected." }
}

/// A time of day as `09:00`, up to `24:00`.
struct TimeOfDay: FieldValue, Encodable {
    var minute: Int

    init(_ minute: Int) { self.minute = minute }

    init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        self.minute = hour * 60 + minute
    }

    static var expectation: String { "Write a time of day as 09:00." }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode("\(padded(minute / 60)):\(padded(minute % 60))")
    }
}

/// One of a few words.
extension FieldValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(rawValue: text)
    }
    static var expectation: String { "Write one of \(allCases.map(\.rawValue).joined(separator: ", "))." }
}

extension Role: FieldValue {}
extension Channel: FieldValue {}
extension Urgency: FieldValue {}

/// Also by the words of monitoring systems.
extension Severity: FieldValue {
    init?(json: JSON) {
        guard let severity = json.text.flatMap({ Severity(word: $0) }) else { return nil }
        self = severity
    }
}

extension Schedule.Rotation.Unit: FieldValue {}
