internal import Formats

/// The named values of a payload that no integration knows, wherever they are: without regard to case and style, in
/// nested objects, with or without the name of the thing in front.
///
/// `ProblemTitle`, `problem_title` and `problem: {title}` are all a `title`.
struct Fields {
    struct Field {
        /// The names from the top, plain.
        let path: [String]
        /// The name without case and punctuation: `problemtitle`.
        let full: String
        /// The name without the thing in front: `title`.
        let base: String
        let value: JSON
        /// How deep it is. Wrappers like `data` don't count.
        let depth: Int
        /// As it was sent, for notes.
        let shown: String

        var text: String? { value.text.flatMap { $0.contains { !$0.isWhitespace } ? $0 : nil } }
        /// The name of the object around it. Empty at the top.
        var parent: String { path.dropLast().last ?? "" }
    }

    private(set) var all: [Field] = []

    /// The limits of the search.
    private enum Limits {
        static let fields = 500
        static let depth = 5
    }

    init(_ json: JSON) {
        walk(json, [], "", 0, 0)
        all.sort { $0.depth < $1.depth }
    }

    private mutating func walk(_ json: JSON, _ path: [String], _ shown: String, _ depth: Int, _ level: Int) {
        for member in json.object?.members ?? [] where member.value != .null && all.count < Limits.fields {
            let words = NameStyle.words(of: member.name)
            let full = words.joined()
            let base = Self.base(of: words)
            let place = shown.isEmpty ? member.name : "\(shown).\(member.name)"
            all.append(
                Field(path: path + [full], full: full, base: base, value: member.value, depth: depth, shown: place))
            guard member.value.object != nil, level < Limits.depth, !Self.strangers.contains(full),
                !(full == "metadata" && path.isEmpty)
            else { continue }
            walk(member.value, path + [full], place, Self.wrappers.contains(full) ? depth : depth + 1, level + 1)
        }
    }

    private static func base(of words: [String]) -> String {
        var rest = words[...]
        while rest.count > 1, let first = rest.first, things.contains(first) { rest.removeFirst() }
        return rest.joined()
    }

    /// Words in front of a name that say whose it is.
    private static let things: Set<String> = [
        "problem", "alert", "alarm", "incident", "event", "monitor", "check", "test", "issue", "trigger",
        "notification",
        "entity", "item", "service", "rule", "policy", "condition", "job", "x", "s4", "new", "current", "display",
        "task",
        "impacted", "is", "source",
    ]

    /// Objects that senders put around the alert.
    static let wrappers: Set<String> = [
        "data", "alert", "payload", "event", "incident", "attributes", "item", "body", "detail", "details",
        "notification",
        "problem", "issue", "content", "message", "alarm", "record", "object", "result", "params",
    ]

    /// Objects about something else, whose names and titles are not the alert's.
    private static let strangers: Set<String> = [
        "labels", "tags", "user", "contact", "owner", "author", "account", "team", "creator", "createdby",
        "organization",
        "organisation", "org", "history", "config", "configuration", "relationships", "headers", "recipient",
        "recipients",
        "annotations", "actor", "sender", "customer", "subscription", "claims", "authorization",
    ]
}

extension Fields {
    /// Returns the first field with one of these plain names: a whole name first, then a name after its thing.
    func first(_ names: [String], deepest: Int = .max, where isUsable: (Field) -> Bool = { $0.text != nil }) -> Field? {
        for name in names {
            for (depth, isWhole) in [(0, true), (0, false), (deepest, true), (deepest, false)] {
                let found = all.first {
                    $0.depth <= depth && (isWhole ? $0.full : $0.base) == name && isUsable($0)
                }
                if let found { return found }
            }
        }
        return nil
    }

    func text(_ names: String...) -> String? { first(names)?.text }

    /// Returns the fields with one of these plain names, in the order of the names.
    func all(named names: [String]) -> [Field] {
        var found: [Field] = []
        for name in names {
            for place in all.indices where all[place].full == name { found.append(all[place]) }
            for place in all.indices where all[place].base == name && all[place].full != name {
                found.append(all[place])
            }
        }
        return found
    }
}
