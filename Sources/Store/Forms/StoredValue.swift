internal import Domain
internal import Formats

/// A value that a stored document can contain.
protocol StoredValue: Sendable {
    var stored: JSON { get }

    /// - Parameter json: `.null` when the member is missing.
    init(stored json: JSON) throws(StoredFault)
}

/// Why a stored value cannot be read, and where in its document.
struct StoredFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A path like `steps[2].delay_ms`. Empty for the whole document.
    var path = ""
    var explanation: String

    var description: String { path.isEmpty ? explanation : "\(path): \(explanation)" }

    static func expected(_ what: String, _ json: JSON) -> StoredFault {
        if case .null = json { return StoredFault(explanation: "\(what) was expected and there is none") }
        return StoredFault(explanation: "\(what) was expected, not \(json.kind)")
    }

    /// Returns the fault with the name of the enclosing member or element before its path.
    func inside(_ name: String) -> StoredFault {
        let isJoined = path.isEmpty || path.hasPrefix("[")
        return StoredFault(path: isJoined ? name + path : "\(name).\(path)", explanation: explanation)
    }
}

extension String: StoredValue {
    var stored: JSON { .string(self) }

    init(stored json: JSON) throws(StoredFault) {
        guard case .string(let text) = json else { throw .expected("a text", json) }
        self = text
    }
}

extension Bool: StoredValue {
    var stored: JSON { .bool(self) }

    init(stored json: JSON) throws(StoredFault) {
        guard case .bool(let value) = json else { throw .expected("true or false", json) }
        self = value
    }
}

extension Int64: StoredValue {
    var stored: JSON { .number(String(self)) }

    init(stored json: JSON) throws(StoredFault) {
        guard case .number(let digits) = json, let number = Int64(digits) else {
            throw .expected("a whole number", json)
        }
        self = number
    }
}

extension Int: StoredValue {
    var stored: JSON { .number(String(self)) }

    init(stored json: JSON) throws(StoredFault) { self = Int(try Int64(stored: json)) }
}

/// Microseconds since 1970 in UTC, as in the columns. The names of these members end in `_at`.
extension Timestamp: StoredValue {
    var stored: JSON { microseconds.stored }

    init(stored json: JSON) throws(StoredFault) { self.init(microseconds: try Int64(stored: json)) }
}

/// Whole milliseconds, rounded up. The names of these members end in `_ms`.
extension Duration: StoredValue {
    var stored: JSON { (microseconds + 999).flooredQuotient(by: 1000).stored }

    init(stored json: JSON) throws(StoredFault) { self = .milliseconds(try Int64(stored: json)) }
}

extension ID: StoredValue {
    var stored: JSON { .string(rawValue) }

    init(stored json: JSON) throws(StoredFault) { self.init(try String(stored: json)) }
}

/// `2026-03-01`.
extension CivilDate: StoredValue {
    var stored: JSON { .string(description) }

    init(stored json: JSON) throws(StoredFault) {
        let text = try String(stored: json)
        guard let date = CivilDate(text) else {
            throw StoredFault(explanation: "a day like 2026-03-01 was expected, not “\(text)”")
        }
        self = date
    }
}

extension CronExpression: StoredValue {
    var stored: JSON { .string(description) }

    init(stored json: JSON) throws(StoredFault) {
        let text = try String(stored: json)
        guard let expression = CronExpression(text) else {
            throw StoredFault(explanation: "a cron expression was expected, not “\(text)”")
        }
        self = expression
    }
}

/// A member that may be missing.
extension Optional: StoredValue where Wrapped: StoredValue {
    var stored: JSON { self?.stored ?? .null }

    init(stored json: JSON) throws(StoredFault) {
        if case .null = json { self = nil } else { self = try Wrapped(stored: json) }
    }
}

extension Array: StoredValue where Element: StoredValue {
    var stored: JSON { .array(map(\.stored)) }

    init(stored json: JSON) throws(StoredFault) {
        guard case .array(let values) = json else { throw .expected("a list", json) }
        self = []
        reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            do throws(StoredFault) { append(try Element(stored: value)) } catch { throw error.inside("[\(index)]") }
        }
    }
}

/// A list in ascending order, so that equal sets have equal texts.
extension Set: StoredValue where Element: StoredValue & Comparable {
    var stored: JSON { sorted().stored }

    init(stored json: JSON) throws(StoredFault) { self.init(try [Element](stored: json)) }
}

/// An object whose names are data, in sorted order.
extension Dictionary: StoredValue where Key == String, Value: StoredValue {
    var stored: JSON {
        var object = JSONObject()
        for (name, value) in sorted(by: { $0.key < $1.key }) { object[name] = value.stored }
        return .object(object)
    }

    init(stored json: JSON) throws(StoredFault) {
        guard case .object(let object) = json else { throw .expected("an object", json) }
        self = [:]
        for member in object.members {
            do throws(StoredFault) {
                self[member.name] = try Value(stored: member.value)
            } catch { throw error.inside(member.name) }
        }
    }
}

/// One of a fixed set of words. The raw value is stored.
protocol StoredWord: StoredValue, RawRepresentable where RawValue == String {}

extension StoredWord {
    var stored: JSON { .string(rawValue) }

    init(stored json: JSON) throws(StoredFault) {
        let word = try String(stored: json)
        guard let value = Self(rawValue: word) else {
            throw StoredFault(explanation: "the word “\(word)” is not known")
        }
        self = value
    }
}

extension Severity: StoredWord {}
extension Urgency: StoredWord {}
extension Channel: StoredWord {}
extension Role: StoredWord {}
extension Author.Kind: StoredWord {}
extension Schedule.Rotation.Unit: StoredWord {}
