/// A JSON value as it was sent: numbers keep their digits, objects the order of their keys.
package enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The number's text, since 1e999 or twenty digits fit no Swift number.
    case number(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// What a payload may hold.
    package enum Limits {
        /// Arrays and objects within each other.
        package static let depth = 64
        /// Values in all.
        package static let values = 200_000
    }

    /// The member of an object; nil for anything else, and for null.
    package subscript(_ name: String) -> JSON? {
        guard case .object(let object) = self, let value = object[name], value != .null else { return nil }
        return value
    }

    /// A text, or what senders write instead of one: numbers and booleans. Nil for null, arrays and objects.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .number(let digits): digits
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// A whole number, or a text that is one.
    package var integer: Int? {
        guard let text else { return nil }
        return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
    }

    /// A boolean, or what senders write instead of one: `"true"`, `"yes"`, `1`.
    package var boolean: Bool? {
        switch text?.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }

    /// The values of an array; nil for anything else.
    package var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
    /// The object itself; nil for anything else.
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// What kind of value it is, for error messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a text"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
