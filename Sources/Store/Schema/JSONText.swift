package import Database
internal import Foundation

/// A value as JSON text, with its keys in order so that equal values give equal texts.
package func jsonText(_ value: some Encodable) throws(DatabaseError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
        throw .invalidValue("a value can't be written as JSON: \(error)")
    }
}

/// The same for a value that may be missing.
func optionalJSONText(_ value: (some Encodable)?) throws(DatabaseError) -> String? {
    guard let value else { return nil }
    return try jsonText(value)
}

extension Row {
    /// A column that holds JSON or NULL.
    func optionalJSON<Value: Decodable>(
        _ column: String, as type: Value.Type = Value.self
    ) throws(DatabaseError) -> Value? {
        let text: String? = try get(column)
        return text == nil ? nil : try json(column)
    }

    /// A column that holds JSON.
    func json<Value: Decodable>(_ column: String, as type: Value.Type = Value.self) throws(DatabaseError) -> Value {
        let text: String = try get(column)
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw .decoding("column \(column) holds JSON that is not a \(type): \(error)")
        }
    }
}
