package import Formats

/// Reads the members of a JSON object into the fields of a value and collects all faults.
///
/// A missing member leaves its field unchanged, so creation and change use the same code.
package struct FieldReader {
    private let json: JSON
    private let path: String
    private var known: Set<String> = []
    private(set) var faults: [FieldFault] = []

    /// JSON that is not an object is a fault at the whole path.
    package init(_ json: JSON, at path: String = "") {
        if json.object == nil { faults.append(FieldFault(path, "An object was expected, not \(json.kind).")) }
        self.json = json
        self.path = path.isEmpty ? "" : path + "."
    }

    /// - Parameter alias: another accepted name.
    package mutating func read<Value: FieldValue>(_ name: String, or alias: String? = nil, into field: inout Value) {
        guard let value = member(name, alias) else { return }
        if let read = Value(json: value) { field = read } else { fault(name, Value.expectation) }
    }

    /// Reads an optional member. Null clears the field.
    package mutating func read<Value: FieldValue>(_ name: String, or alias: String? = nil, into field: inout Value?) {
        guard let value = member(name, alias) else { return }
        if value == .null {
            field = nil
        } else if let read = Value(json: value) {
            field = read
        } else {
            fault(name, Value.expectation)
        }
    }

    /// Reads a list of values. The faults of each item carry its index.
    package mutating func read<Value>(
        _ name: String, into field: inout [Value], _ read: (inout FieldReader) -> Value?
    ) {
        guard let value = member(name, nil) else { return }
        guard let items = value.array else { return fault(name, "A list was expected, not \(value.kind).") }
        field = []
        for (index, item) in items.enumerated() {
            var reader = FieldReader(item, at: "\(path)\(name)[\(index)]")
            if let value = read(&reader) { field.append(value) }
            faults += reader.finish()
        }
    }

    /// Reads a nested object. Null clears the field.
    package mutating func read<Value>(
        _ name: String, into field: inout Value?, _ read: (inout FieldReader) -> Value?
    ) {
        guard let value = member(name, nil) else { return }
        guard value != .null else { return field = nil }
        var reader = FieldReader(value, at: path + name)
        field = read(&reader)
        faults += reader.finish()
    }

    /// Returns the member's JSON unparsed.
    package mutating func raw(_ name: String) -> JSON? { member(name, nil) }

    package func has(_ name: String) -> Bool { json.object?[name] != nil }

    package mutating func fault(_ name: String, _ explanation: String) {
        faults.append(FieldFault(path + name, explanation))
    }

    /// Accepts members that are read-only and may come back unchanged.
    package mutating func ignore(_ names: [String]) { known.formUnion(names) }

    /// Adds a fault for each missing member that a new value requires.
    package mutating func require(_ names: String...) {
        for name in names where json[name] == nil && !faults.contains(where: { $0.field == path + name }) {
            fault(name, "It is missing.")
        }
    }

    /// Returns all faults, including one for each unknown member.
    package mutating func finish() -> [FieldFault] {
        for member in json.object?.members ?? [] where !known.contains(member.name) {
            fault(
                String(member.name.prefix(100)),
                "There is no such field; known are \(known.sorted().joined(separator: ", ")).")
        }
        return faults
    }

    /// - Throws: `.invalid` with all faults.
    package mutating func end() throws(ConfigurationFault) {
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
