internal import Formats

/// A value that is stored as a JSON object with named members.
///
/// A type writes its members in the order in which they appear in the text. Reading ignores members that it does not
/// ask for, so a member can be added without a new version, if reading it has a default.
protocol StoredObject: StoredValue {
    func write(to members: inout StoredMembers)
    init(from members: StoredMembers) throws(StoredFault)
}

extension StoredObject {
    var stored: JSON { .object(members.object) }

    /// The members in the order in which they are written.
    var members: StoredMembers {
        var members = StoredMembers()
        write(to: &members)
        return members
    }

    init(stored json: JSON) throws(StoredFault) {
        guard case .object(let object) = json else { throw .expected("an object", json) }
        try self.init(from: StoredMembers(object: object))
    }
}

/// The members of an object that is being written or read.
struct StoredMembers: Sendable {
    private(set) var object = JSONObject()

    init(object: JSONObject = JSONObject()) { self.object = object }

    /// Adds a member; nil adds none.
    mutating func put(_ name: String, _ value: some StoredValue) {
        let json = value.stored
        if case .null = json { return }
        object[name] = json
    }

    /// Adds the members of another value, without an object around them.
    mutating func put(membersOf value: some StoredObject) { value.write(to: &self) }

    func get<Value: StoredValue>(_ name: String, as type: Value.Type = Value.self) throws(StoredFault) -> Value {
        do throws(StoredFault) {
            return try Value(stored: object[name] ?? .null)
        } catch {
            throw error.inside(name)
        }
    }

    /// A member that documents of this version may lack.
    func get<Value: StoredValue>(_ name: String, default fallback: Value) throws(StoredFault) -> Value {
        try get(name, as: Value?.self) ?? fallback
    }
}
