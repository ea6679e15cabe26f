package import Formats

/// A type that a JSON member can be read as.
package protocol FieldValue {
    init?(json: JSON)
    /// The error text for a member that cannot be read as this type.
    static var expectation: String { get }
    /// The JSON for answers. `init(json:)` reads it back.
    var json: JSON { get }
}

extension String: FieldValue {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self = Clean.text(text)
    }
    package static var expectation: String { "A text was expected." }
    package var json: JSON { .string(self) }
}

extension Bool: FieldValue {
    package init?(json: JSON) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }
    package static var expectation: String { "Write true or false." }
    package var json: JSON { .bool(self) }
}

extension Int: FieldValue {
    package init?(json: JSON) {
        guard case .number = json, let number = json.integer else { return nil }
        self = number
    }
    package static var expectation: String { "A whole number was expected." }
    package var json: JSON { .number(String(self)) }
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
}

extension Timestamp: FieldValue {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(accepting: text)
    }
    package static var expectation: String { "Write it as 2026-03-01T03:00:00Z." }
    package var json: JSON { .string(rfc3339) }
}

extension CivilDate: FieldValue {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(text)
    }
    package static var expectation: String { "Write a day as 2026-03-01." }
    package var json: JSON { .string(description) }
}

/// A duration in whole seconds.
extension Duration: FieldValue {
    package init?(json: JSON) {
        guard case .number = json, let seconds = json.integer, abs(seconds) <= 10_000_000_000 else { return nil }
        self = .seconds(seconds)
    }
    package static var expectation: String { "A whole number of seconds was expected." }
    package var json: JSON { .number(String(components.seconds)) }
}

/// A time of day like `09:00`, up to `24:00`.
extension TimeOfDay: FieldValue, Encodable {
    package init?(json: JSON) {
        guard case .string(let text) = json else { return nil }
        self.init(text)
    }

    package static var expectation: String { "Write a time of day as 09:00." }

    package var json: JSON { .string(description) }

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
}

extension Role: FieldValue {}
extension Channel: FieldValue {}
extension Urgency: FieldValue {}

/// Also accepts the words that monitoring systems use.
extension Severity: FieldValue {
    package init?(json: JSON) {
        guard let severity = json.text.flatMap({ Severity(word: $0) }) else { return nil }
        self = severity
    }
}

extension Schedule.Rotation.Unit: FieldValue {}
