internal import Formats

/// Helpers for `fromSwiftCoding` to read the output of Swift's synthesized `Codable`.
extension JSON {
    /// Returns an object. Nil omits its member.
    static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        var object = JSONObject()
        for (name, value) in members {
            if let value { object[name] = value }
        }
        return .object(object)
    }

    /// Returns the case name and the associated values of an enum, stored as `{"due": {"_0": …, "at": …}}`.
    func swiftCase() throws(StoredFault) -> (name: String, values: JSON) {
        guard case .object(let object) = self, object.members.count == 1, let member = object.members.first else {
            throw .expected("an object with one member", self)
        }
        return (member.name, member.value)
    }

    /// Upgrades the elements of a list that may be missing.
    func swiftList(
        _ name: String, _ upgrade: (JSON) throws(StoredFault) -> JSON
    ) throws(StoredFault) -> JSON? {
        guard let list = self[name] else { return nil }
        guard case .array(let values) = list else { throw StoredFault.expected("a list", list).inside(name) }
        var upgraded: [JSON] = []
        for (index, value) in values.enumerated() {
            do throws(StoredFault) { upgraded.append(try upgrade(value)) } catch {
                throw error.inside("[\(index)]").inside(name)
            }
        }
        return .array(upgraded)
    }

    /// Upgrades a member that may be missing.
    func swiftMember(
        _ name: String, _ upgrade: (JSON) throws(StoredFault) -> JSON
    ) throws(StoredFault) -> JSON? {
        guard let member = self[name] else { return nil }
        do throws(StoredFault) { return try upgrade(member) } catch { throw error.inside(name) }
    }

    /// Reads a duration in milliseconds.
    func swiftDuration(_ name: String) throws(StoredFault) -> JSON? {
        try swiftMember(name, milliseconds(ofSwiftDuration:))
    }
}

/// `Codable` wrote a duration as the high and the low 64 bits of its attoseconds.
private func milliseconds(ofSwiftDuration json: JSON) throws(StoredFault) -> JSON {
    guard case .array(let halves) = json, halves.count == 2, case .number(let first) = halves[0],
        case .number(let second) = halves[1], let high = Int64(first), let low = UInt64(second)
    else { throw .expected("two halves of a duration", json) }
    let attoseconds = Int128(high) << 64 | Int128(low)
    let (milliseconds, rest) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
    return Int64(clamping: rest > 0 ? milliseconds + 1 : milliseconds).stored
}

/// The fault for an unknown enum case.
func unknownCase(_ name: String) -> StoredFault { StoredFault(explanation: "the case “\(name)” is not known") }
