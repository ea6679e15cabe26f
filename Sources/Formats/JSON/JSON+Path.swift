extension JSON {
    /// Returns the value at a path like `data.essentials.alertId` or `alerts[0].labels.x`. A leading `$.` is allowed,
    /// and a name with dots or blanks is written `["Event Source"]`. Nil when there is no value or it is null.
    package func at(_ path: String) -> JSON? {
        // Names with dots are common (`host.name`), so a whole name takes precedence over a path.
        if let member = self[path] { return member }
        // A plain name is no path.
        guard path.isEmpty || path.utf8.contains(where: JSONPath.isMark) else { return nil }
        guard let steps = JSONPath.steps(of: path) else { return nil }
        return steps.reduce(self as JSON?) { value, step in
            switch step {
            case .name(let name): value?[name]
            case .index(let index): value?.element(index)
            }
        }
    }

    /// Returns the first text at one of the paths that is not blank.
    package func text(_ paths: String...) -> String? { text(paths) }

    /// Returns the first text at one of the paths that is not blank.
    package func text(_ paths: [String]) -> String? {
        for path in paths {
            if let text = at(path)?.text, text.contains(where: { !$0.isWhitespace }) { return text }
        }
        return nil
    }

    /// Returns the first text, array or object at one of the paths, rendered.
    package func rendered(_ paths: String...) -> String? {
        for path in paths {
            if let text = at(path)?.rendered, text.contains(where: { !$0.isWhitespace }) { return text }
        }
        return nil
    }

    /// Whether this is an object with all these names, even if their values are null.
    package func has(_ names: String...) -> Bool {
        guard case .object(let object) = self else { return false }
        return names.allSatisfy { object[$0] != nil }
    }

    /// Returns an element of an array. A negative index counts from the end.
    private func element(_ index: Int) -> JSON? {
        guard case .array(let values) = self else { return nil }
        let place = index < 0 ? values.count + index : index
        return values.indices.contains(place) && values[place] != .null ? values[place] : nil
    }
}

/// The location of a value within a JSON document.
package enum JSONPath {
    package enum Step: Hashable {
        case name(String)
        case index(Int)
    }

    /// Whether a byte can be there only in a path of more than one name.
    static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "$"): true
        default: false
        }
    }

    /// Nil when the path is malformed.
    package static func steps(of path: String) -> [Step]? {
        var steps: [Step] = []
        var rest = Substring(path)
        if rest.hasPrefix("$") { rest.removeFirst() }
        while !rest.isEmpty {
            if rest.first == "." { rest.removeFirst() }
            guard let step = rest.first == "[" ? bracketed(&rest) : named(&rest) else { return nil }
            steps.append(step)
        }
        return steps
    }

    private static func named(_ rest: inout Substring) -> Step? {
        let name = rest.prefix { $0 != "." && $0 != "[" }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : .name(String(name))
    }

    private static func bracketed(_ rest: inout Substring) -> Step? {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let inside = rest[..<end]
        rest = rest[rest.index(after: end)...]
        if let index = Int(inside) { return .index(index) }
        guard let quote = inside.first, quote == "\"" || quote == "'", inside.count >= 2, inside.last == quote else {
            return nil
        }
        return .name(String(inside.dropFirst().dropLast()))
    }
}
