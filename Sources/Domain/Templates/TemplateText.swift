/// The parsed text of a template: words, and placeholders for what an incident says.
///
/// `{number}` is a placeholder. There are no expressions, and a brace in a value is a brace.
package struct TemplateText: Sendable, Hashable {
    package enum Piece: Sendable, Hashable {
        case words(String)
        case value(Placeholder)
    }

    /// What braces around no name are.
    package enum Braces: Sendable, Hashable {
        /// A mistake; `{{` and `}}` are braces.
        case doubled
        /// Themselves, as in JSON.
        case plain
    }

    package private(set) var pieces: [Piece] = []

    package init(_ text: String, _ braces: Braces = .doubled) throws(TemplateFault) {
        var words = ""
        var rest = text[...]
        var place: Int { text.count - rest.count + 1 }
        while let character = rest.first {
            if braces == .plain && !TemplateText.beginsWithName(rest) {
                words.append(character)
                rest = rest.dropFirst()
            } else if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
                words.append(character)
                rest = rest.dropFirst(2)
            } else if character == "}" {
                throw .unopened(place: place)
            } else if character == "{" {
                let name = rest.dropFirst().prefix { !"{}\n".contains($0) }
                guard rest.dropFirst(name.count + 1).first == "}" else { throw .unclosed(place: place) }
                guard let placeholder = Placeholder(String(name).trimmingBlanks(), isForPrograms: braces == .plain)
                else {
                    throw .unknown(name: String(name.prefix(50)), isForPrograms: braces == .plain)
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

    /// Whether a text begins with a word in braces.
    private static func beginsWithName(_ text: Substring) -> Bool {
        text.prefixMatch(of: /\{[A-Za-z][^{}"\n]*\}/) != nil
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
    /// For programs: facts that are the same in all languages.
    case id, type, state, urgency, openedAt, possibleDuplicate, owner

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

    /// Those that only programs get, in the bodies of webhooks.
    package static let forPrograms: [(name: String, placeholder: Placeholder, meaning: String)] = [
        ("id", .id, "the message's id, the same in every attempt"),
        ("type", .type, "incident, test, verification, notice, or update in a team channel"),
        ("state", .state, "triggered, acknowledged or resolved"),
        ("urgency", .urgency, "high or low"),
        ("opened_at", .openedAt, "when the incident opened, as 2027-03-06T02:00:00Z"),
        ("possible_duplicate", .possibleDuplicate, "true if it may have arrived before, else false"),
        ("owner", .owner, "who has acknowledged the incident"),
    ]

    /// - Parameter name: what stands between the braces.
    init?(_ name: String, isForPrograms: Bool = false) {
        let known = Placeholder.named + (isForPrograms ? Placeholder.forPrograms : [])
        if let known = known.first(where: { $0.name == name }) {
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
    case unknown(name: String, isForPrograms: Bool = false)
    case unclosed(place: Int)
    case unopened(place: Int)

    package var description: String {
        switch self {
        case .unknown(let name, let isForPrograms):
            let known = (Placeholder.named + (isForPrograms ? Placeholder.forPrograms : [])).map { "{\($0.name)}" }
                .joined(separator: ", ")
            return "There is no placeholder {\(name)}. There are \(known), and {labels.NAME} for a label of the alert."
        case .unclosed(let place):
            return "The brace at character \(place) is not closed. Close it, or write {{ for a brace."
        case .unopened(let place):
            return "The brace at character \(place) closes nothing. Remove it, or write }} for a brace."
        }
    }
}
