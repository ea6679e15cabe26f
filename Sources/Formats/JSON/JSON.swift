/// A JSON value as it was sent. Numbers keep their digits and objects keep the order of their names.
package enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The number's text, because no Swift number can hold 1e999 or arbitrarily many digits.
    case number(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// The limits of one document.
    package enum Limits {
        /// The maximum nesting of arrays and objects.
        package static let depth = 64
        /// The maximum number of values.
        package static let values = 200_000
    }

    /// The member of an object. Nil for any other value, and for null.
    package subscript(_ name: String) -> JSON? {
        guard case .object(let object) = self, let value = object[name], value != .null else { return nil }
        return value
    }

    /// The value as a text. Senders also write numbers and booleans where a text belongs. Nil for null, arrays and
    /// objects.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .number(let digits): digits
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// A whole number, or a text that contains one.
    package var integer: Int? {
        guard let text else { return nil }
        return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
    }

    /// A boolean, or what senders write in place of one: `"true"`, `"yes"`, `1`.
    package var boolean: Bool? {
        switch text?.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
    }

    /// The elements of an array. Nil for any other value.
    package var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
    /// The members of an object. Nil for any other value.
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The kind of value, for error messages.
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
