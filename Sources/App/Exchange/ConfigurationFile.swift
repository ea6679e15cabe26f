internal import Domain
internal import Formats
internal import Yams

/// Configuration files in YAML. JSON is YAML, too.
enum ConfigurationFile {
    /// More than this is no configuration.
    static let limit = 4 << 20
    /// The most values of a file.
    static let values = 200_000

    struct Fault: Error, CustomStringConvertible { let description: String }

    /// Reads a file. Times and dates without quotes stay texts, unlike in YAML 1.1.
    static func read(_ text: String) throws(Fault) -> JSON {
        guard text.utf8.count <= limit else { throw Fault(description: "The file has more than \(limit) bytes.") }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw Fault(description: "The file is not valid YAML. \(error)")
        }
        guard let node else { throw Fault(description: "The file is empty.") }
        var count = 0
        return try json(node, &count)
    }

    private static func json(_ node: Node, _ count: inout Int) throws(Fault) -> JSON {
        count += 1
        // Aliases could make a small file large.
        guard count <= values else { throw Fault(description: "The file has more than \(values) values.") }
        switch node {
        case .scalar(let scalar): return json(scalar)
        case .sequence(let sequence):
            var items: [JSON] = []
            for item in sequence { items.append(try json(item, &count)) }
            return .array(items)
        case .mapping(let mapping):
            var object = JSONObject()
            for (name, value) in mapping {
                guard case .scalar(let key) = name else {
                    throw Fault(description: "A name in the file is not a text.")
                }
                guard object[key.string] == nil else {
                    let line = key.mark.map { " in line \($0.line)" } ?? ""
                    throw Fault(description: "\(key.string) is there twice\(line).")
                }
                object[key.string] = try json(value, &count)
            }
            return .object(object)
        case .alias: throw Fault(description: "Aliases are not supported.")
        }
    }

    private static func json(_ scalar: Node.Scalar) -> JSON {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return isNumber(scalar.string) ? .number(scalar.string) : .string(scalar.string)
        }
    }

    /// Whether a text is a number in JSON. `012` and `+1` are texts, such as phone numbers.
    private static func isNumber(_ text: String) -> Bool {
        text.utf8.count <= 30 && text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?/) != nil
    }

    /// Writes a file: one member a line, texts with quotes wherever they could be taken for something else.
    static func write(_ json: JSON) -> String {
        var lines: [String] = []
        write(json, indent: "", &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func write(_ json: JSON, indent: String, _ lines: inout [String]) {
        switch json {
        case .object(let object):
            for member in object.members { write(member.name, member.value, indent: indent, &lines) }
        case .array(let values):
            for value in values {
                guard isBlock(value) else {
                    lines.append("\(indent)- \(inline(value))")
                    continue
                }
                var inner: [String] = []
                write(value, indent: "", &inner)
                for (index, line) in inner.enumerated() { lines.append(indent + (index == 0 ? "- " : "  ") + line) }
            }
        case .null, .bool, .number, .string: lines.append(indent + inline(json))
        }
    }

    private static func write(_ name: String, _ value: JSON, indent: String, _ lines: inout [String]) {
        guard isBlock(value) else { return lines.append("\(indent)\(scalar(name)): \(inline(value))") }
        lines.append("\(indent)\(scalar(name)):")
        write(value, indent: indent + "  ", &lines)
    }

    /// Whether a value needs lines of its own.
    private static func isBlock(_ value: JSON) -> Bool {
        switch value {
        case .null, .bool, .number, .string: false
        case .object(let object): !object.members.isEmpty
        case .array(let values): !values.isEmpty && values.contains { $0.object != nil || $0.array != nil }
        }
    }

    private static func inline(_ value: JSON) -> String {
        switch value {
        case .null, .bool, .number: value.description
        case .string(let text): scalar(text)
        case .array(let values): "[\(values.map(inline).joined(separator: ", "))]"
        case .object: "{}"
        }
    }

    private static func scalar(_ text: String) -> String {
        let words: Set = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        let isPlain = text.wholeMatch(of: /[A-Za-z][A-Za-z0-9_.@\/-]*( [A-Za-z0-9_.@\/-]+)*/) != nil
        return isPlain && !words.contains(text.lowercased()) ? text : JSON.string(text).description
    }
}
