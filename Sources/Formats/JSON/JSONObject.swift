/// The members of an object in their order. If a name occurs several times, the last one counts (RFC 8259 leaves it
/// open).
package struct JSONObject: Sendable, Hashable {
    /// A name and its value.
    package struct Member: Sendable, Hashable {
        package let name: String
        package var value: JSON
    }

    /// The names and values in order.
    package private(set) var members: [Member] = []
    /// The index of each name. It is only filled for objects that are too large to search.
    private var places: [String: Int] = [:]

    package init() {}

    package subscript(_ name: String) -> JSON? {
        get { place(of: name).map { members[$0].value } }
        set {
            guard let newValue else { return remove(name) }
            if let place = place(of: name) {
                members[place].value = newValue
            } else {
                append(name, newValue)
            }
        }
    }

    private func place(of name: String) -> Int? {
        places.isEmpty ? members.firstIndex { $0.name == name } : places[name]
    }

    private mutating func append(_ name: String, _ value: JSON) {
        members.append(Member(name: name, value: value))
        if !places.isEmpty {
            places[name] = members.count - 1
        } else if members.count == 16 {
            for (place, member) in members.enumerated() { places[member.name] = place }
        }
    }

    private mutating func remove(_ name: String) {
        members.removeAll { $0.name == name }
        guard !places.isEmpty else { return }
        places = [:]
        for (place, member) in members.enumerated() { places[member.name] = place }
    }
}
