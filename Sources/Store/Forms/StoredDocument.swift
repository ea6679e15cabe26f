internal import Database
internal import Formats

/// A value with a column of its own. Its text begins with a version.
///
/// docs/stored-forms.md lists the forms and explains how to change one.
protocol StoredDocument: StoredObject {
    /// The version that is written. 1 unless a form overrides it.
    static var version: Int { get }

    /// Converts the output of Swift's synthesized `Codable`, from before documents had versions, to version 1.
    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON

    /// Converts a document from version 1 or later to the next version.
    static func upgraded(_ json: JSON, from version: Int) throws(StoredFault) -> JSON
}

extension StoredDocument {
    static var version: Int { 1 }

    static func upgraded(_ json: JSON, from version: Int) throws(StoredFault) -> JSON { json }

    /// The document's JSON.
    var storedText: String { Self.text(members.object) }

    /// Reads a document of any version up to the current one.
    init(storedText text: String) throws(StoredFault) {
        try self.init(stored: try Self.upgraded(try storedJSON(text)))
    }

    /// Returns the document's text in the current version, or the same text if it already has that version.
    static func current(_ text: String) throws(StoredFault) -> String {
        let json = try storedJSON(text)
        if version(of: json) == version { return text }
        return try Self(stored: try upgraded(json)).storedText
    }

    private static func text(_ members: JSONObject) -> String {
        var object = JSONObject()
        object["version"] = version.stored
        for member in members.members { object[member.name] = member.value }
        return JSON.object(object).description
    }

    private static func upgraded(_ json: JSON) throws(StoredFault) -> JSON {
        let found = version(of: json)
        guard (0...version).contains(found) else {
            throw StoredFault(
                explanation: "its version is \(found), and this PagerPal knows versions up to \(version). "
                    + "Start the PagerPal that wrote it, or a later one")
        }
        var json = json
        for step in found..<version {
            json = step == 0 ? try fromSwiftCoding(json) : try upgraded(json, from: step)
        }
        return json
    }

    /// Returns 0 for documents from before versions existed.
    private static func version(of json: JSON) -> Int {
        guard case .object(let object) = json, case .number(let digits)? = object["version"] else { return 0 }
        return Int(digits) ?? -1
    }
}

private func storedJSON(_ text: String) throws(StoredFault) -> JSON {
    do throws(JSONFault) { return try JSONParser.parse(text) } catch { throw StoredFault(explanation: "\(error)") }
}

/// Returns the text of a value without a version: a list, or a plain object whose form never changes.
func storedText(_ value: some StoredValue) -> String { value.stored.description }

extension StoredValue {
    /// Reads a value without a version.
    init(storedValueText text: String) throws(StoredFault) { try self.init(stored: try storedJSON(text)) }
}

extension Row {
    /// Reads a document that must be present.
    ///
    /// - Parameters:
    /// - table: the table to name in the error.
    /// - key: the column that identifies the row.
    /// - Throws: `.decoding` with the table, the row, the column and the path within the document.
    func document<Document: StoredDocument>(
        _ column: String, of table: String, key: String = "id"
    ) throws(DatabaseError) -> Document {
        let text: String = try get(column)
        return try read(column, table, key) { () throws(StoredFault) in try Document(storedText: text) }
    }

    /// Reads a document that may be NULL.
    func optionalDocument<Document: StoredDocument>(
        _ column: String, of table: String, key: String = "id"
    ) throws(DatabaseError) -> Document? {
        guard let text = try get(column, as: String?.self) else { return nil }
        return try read(column, table, key) { () throws(StoredFault) in try Document(storedText: text) }
    }

    /// Reads a value without a version.
    func stored<Value: StoredValue>(
        _ column: String, of table: String, key: String = "id"
    ) throws(DatabaseError) -> Value {
        let text: String = try get(column)
        return try read(column, table, key) { () throws(StoredFault) in try Value(storedValueText: text) }
    }

    private func read<Value>(
        _ column: String, _ table: String, _ key: String, _ body: () throws(StoredFault) -> Value
    ) throws(DatabaseError) -> Value {
        do throws(StoredFault) {
            return try body()
        } catch {
            let id = (try? get(key, as: String.self)) ?? "unknown"
            throw .decoding("column \(column) of the row \(id) in \(table) can't be read: \(error)")
        }
    }
}
