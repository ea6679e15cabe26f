package import Formats

/// A type that a JSON member can be read as.
package protocol FieldValue {
    init?(json: JSON)
    /// The error text for a member that cannot be read as this type.
    static var expectation: String { get }
    /// The JSON for answers. `init(json:)` reads it back.
    var json: JSON { get }
    /// What can be read, as JSON Schema.
    static var schema: JSON { get }
}

extension JSON {
    /// A JSON Schema of one type.
    static func schema(_ type: String, format: String? = nil) -> JSON {
        .members([("type", .string(type)), ("format", format.map { .string($0) } ?? .null)])
    }

    static func schema(listOf item: JSON) -> JSON { .members([("type", .string("array")), ("items", item)]) }

    static func schema(_ schema: JSON, orNull: Bool) -> JSON {
        orNull ? .members([("anyOf", .array([schema, .schema("null")]))]) : schema
    }
}

extension String: FieldValue {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self = Clean.text(text)
    }
    package static var expectation: String { "A text was expected." }
    package var json: JSON { .string(self) }
    package static var schema: JSON { .schema("string") }
}

extension Bool: FieldValue {
    package init?(json: JSON) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }
    package static var expectation: String { "Write true or false." }
    package var json: JSON { .bool(self) }
    package static var schema: JSON { .schema("boolean") }
}

extension Int: FieldValue {
    package init?(json: JSON) {
        guard case .number = json, let number = json.integer else { return nil }
        self = number
    }
    package static var expectation: String { "A whole number was expected." }
    package var json: JSON { .number(String(self)) }
    package static var schema: JSON { .schema("integer") }
}

/// Also reads the object with an `id` and a name that answers contain.
extension ID: FieldValue {
    package init?(json: JSON) {
        let json = json.object?["id"] ?? json
        guard case .string(let text) = json, !text.isEmpty, text.count <= 100 else { return nil }
        self.init(text)
    }
    package static var expectation: String { "The id of something was expected." }
    package var json: JSON { .string(rawValue) }
    /// A number is replaced by its id before it is read.
    package static var schema: JSON { .members([("type", .array([.string("string"), .string("integer")]))]) }
}

extension Timestamp: FieldValue {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(accepting: text)
    }
    package static var expectation: String { "Write it as 2026-03-01T03:00:00Z." }
    package var json: JSON { .string(rfc3339) }
    package static var schema: JSON { .schema("string", format: "date-time") }
}

extension CivilDate: FieldValue {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(text)
    }
    package static var expectation: String { "Write a day as 2026-03-01." }
    package var json: JSON { .string(description) }
    package static var schema: JSON { .schema("string", format: "date") }
}

/// A duration in whole seconds.
extension Duration: FieldValue {
    package init?(json: JSON) {
        guard case .number = json, let seconds = json.integer, abs(seconds) <= 10_000_000_000 else { return nil }
        self = .seconds(seconds)
    }
    package static var expectation: String { "A whole number of seconds was expected." }
    package var json: JSON { .number(String(components.seconds)) }
    package static var schema: JSON { .schema("integer") }
}

/// A time of day like `09:00`, up to `24:00`.
extension TimeOfDay: FieldValue, Encodable {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(text)
    }

    package static var expectation: String { "Write a time of day as 09:00." }

    package var json: JSON { .string(description) }

    package static var schema: JSON { .schema("string") }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(json.rendered)
    }
}

/// One of a fixed set of words.
extension FieldValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(rawValue: text)
    }
    package static var expectation: String { "Write one of \(allCases.map(\.rawValue).joined(separator: ", "))." }
    package var json: JSON { .string(rawValue) }
    package static var schema: JSON {
        .members([("type", .string("string")), ("enum", .array(allCases.map { .string($0.rawValue) }))])
    }
}

extension Role: FieldValue {}
extension StandDown: FieldValue {}
extension ClockForm: FieldValue {}
extension Channel: FieldValue {}
extension Urgency: FieldValue {}

/// Also accepts the words that monitoring systems use.
extension Severity: FieldValue {
    package init?(json: JSON) {
        guard let severity = json.text.flatMap({ Severity(word: $0) }) else { return nil }
        self = severity
    }
    package static var schema: JSON { .schema("string") }
}

extension Schedule.Rotation.Unit: FieldValue {}
