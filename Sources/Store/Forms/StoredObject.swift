internal import Formats

/// A value stored as a JSON object with named members.
///
/// A type writes its members in the order of the text. Reading ignores unknown members, so adding a member needs no new
/// version if reading it has a default.
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

/// The members of an object while it is written or read.
struct StoredMembers: Sendable {
    private(set) var object = JSONObject()

    init(object: JSONObject = JSONObject()) { self.object = object }

    /// Adds a member. Nil adds nothing.
    mutating func put(_ name: String, _ value: some StoredValue) {
        let json = value.stored
        if case .null = json { return }
        object[name] = json
    }

    /// Adds another value's members directly, without a nested object.
    mutating func put(membersOf value: some StoredObject) { value.write(to: &self) }

    func get<Value: StoredValue>(_ name: String, as type: Value.Type = Value.self) throws(StoredFault) -> Value {
        do throws(StoredFault) {
            return try Value(stored: object[name] ?? .null)
        } catch {
            throw error.inside(name)
        }
    }

    /// Returns a member that documents of this version may lack.
    func get<Value: StoredValue>(_ name: String, default fallback: Value) throws(StoredFault) -> Value {
        try get(name, as: Value?.self) ?? fallback
    }
}
