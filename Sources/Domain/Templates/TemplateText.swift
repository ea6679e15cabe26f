/// The parsed text of a message template: words, and placeholders for what an incident says.
///
/// `{number}` is a placeholder; `{{` and `}}` are braces. There are no expressions, and a brace in a value is a brace.
package struct TemplateText: Sendable, Hashable {
    package enum Piece: Sendable, Hashable {
        case words(String)
        case value(Placeholder)
    }

    package private(set) var pieces: [Piece] = []

    package init(_ text: String) throws(TemplateFault) {
        var words = ""
        var rest = text[...]
        var place: Int { text.count - rest.count + 1 }
        while let character = rest.first {
            if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
                words.append(character)
                rest = rest.dropFirst(2)
            } else if character == "}" {
                throw .unopened(place: place)
            } else if character == "{" {
                let name = rest.dropFirst().prefix { !"{}\n".contains($0) }
                guard rest.dropFirst(name.count + 1).first == "}" else { throw .unclosed(place: place) }
                guard let placeholder = Placeholder(String(name).trimmingBlanks()) else {
                    throw .unknown(name: String(name.prefix(50)))
                }
                if !words.isEmpty { pieces.append(.words(words)) }
                words = ""
                pieces.append(.value(placeholder))
                rest = rest.dropFirst(name.count + 2)
            } else {
                words.append(character)
                rest = rest.dropFirst()
            }
        }
        if !words.isEmpty { pieces.append(.words(words)) }
    }

    /// The operator's words, without placeholders.
    package var words: String {
        pieces.map { piece in if case .words(let words) = piece { words } else { "" } }.joined()
    }

    package var placeholders: [Placeholder] {
        pieces.compactMap { piece in if case .value(let placeholder) = piece { placeholder } else { nil } }
    }

    /// How often it contains `{link}`.
    package var links: Int { placeholders.count { $0 == .link } }
}

/// Something of an incident that a template can name.
package enum Placeholder: Sendable, Hashable {
    case number, severity, severityInCapitals, title, text, team, source, opened, link
    /// The value of a label of the alert; empty if the alert has no such label.
    case label(String)

    /// Those without labels, by their names in templates.
    package static let named: [(name: String, placeholder: Placeholder, meaning: String)] = [
        ("number", .number, "the incident's number"),
        ("severity", .severity, "critical, error, warning or info, in the person's language"),
        ("SEVERITY", .severityInCapitals, "the same in capitals"),
        ("title", .title, "what the alert says, in one line"),
        ("text", .text, "what else it says"),
        ("team", .team, "the team"),
        ("source", .source, "the alert source"),
        ("opened", .opened, "when the incident opened, in the person's time zone"),
        ("link", .link, "the link that acknowledges"),
    ]

    /// - Parameter name: what stands between the braces.
    init?(_ name: String) {
        if let known = Placeholder.named.first(where: { $0.name == name }) {
            self = known.placeholder
        } else if name.hasPrefix("labels."), name.count > "labels.".count {
            self = .label(String(name.dropFirst("labels.".count)))
        } else {
            return nil
        }
    }
}

/// Why a template can't be read. A place counts characters from 1.
package enum TemplateFault: Error, Sendable, Hashable, CustomStringConvertible {
    case unknown(name: String)
    case unclosed(place: Int)
    case unopened(place: Int)

    package var description: String {
        switch self {
        case .unknown(let name):
            let known = Placeholder.named.map { "{\($0.name)}" }.joined(separator: ", ")
            return "There is no placeholder {\(name)}. There are \(known), and {labels.NAME} for a label of the alert."
        case .unclosed(let place):
            return "The brace at character \(place) is not closed. Close it, or write {{ for a brace."
        case .unopened(let place):
            return "The brace at character \(place) closes nothing. Remove it, or write }} for a brace."
        }
    }
}
