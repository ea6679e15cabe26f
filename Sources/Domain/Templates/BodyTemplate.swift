internal import Formats

/// What a webhook gets in place of PagerPal's JSON: a text with placeholders, as its receiver wants it.
package struct BodyTemplate: Sendable, Hashable {
    /// JSON, a form or any other text, with placeholders like `{title}`. Empty for PagerPal's JSON.
    package var text: String
    /// The media type, such as `text/plain; charset=utf-8`. Empty for JSON.
    package var contentType: String

    package init(text: String = "", contentType: String = "") {
        self.text = text
        self.contentType = contentType
    }

    /// The header of the request.
    package var header: String { contentType.isEmpty ? "application/json" : contentType }

    package enum Limits {
        /// Characters of the template.
        package static let text = 4_000
        /// More than any receiver needs. It bounds a filled body to some 600 KB.
        package static let placeholders = 50
        package static let contentType = 100
        /// Characters of what the alert says further, and of a title.
        package static let value = 2_000
    }

    /// Returns the body with its values. Nil for PagerPal's JSON, also if an older program can't read the template.
    package func filled(_ values: TemplateValues) -> String? {
        guard !text.trimmingBlanks().isEmpty, let template = try? TemplateText(text, .plain) else { return nil }
        var values = values
        let used = template.placeholders
        // Only the title says that it is a drill.
        if values.drill != nil && !used.contains(.title) {
            values.text = values.text.isEmpty ? values.title : "\(values.title)\n\(values.text)"
        }
        // A code is in the text, and has to be in a body that has only a title.
        if values.number == 0 && !used.contains(.text) && !values.text.isEmpty {
            values.title = values.text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
        values = values.mapped { String($0.prefix(Limits.value)) }
        let escaping = TextEscaping(contentType: header)
        return template.pieces.map { piece in
            switch piece {
            case .words(let words): words
            case .value(let placeholder): escaping.escaped(values[placeholder])
            }
        }.joined()
    }
}

extension BodyTemplate {
    /// Returns what is wrong, with the member's name. Nil if it can be used.
    package var fault: FieldFault? {
        guard contentType.count <= Limits.contentType,
            contentType.isEmpty || contentType.wholeMatch(of: BodyTemplate.mediaType) != nil
        else {
            return FieldFault(
                "content_type",
                "Write a media type of at most \(Limits.contentType) characters, like application/json or text/plain; charset=utf-8."
            )
        }
        if text.trimmingBlanks().isEmpty {
            return contentType.isEmpty
                ? nil
                : FieldFault("content_type", "It belongs to a body of your own. Write that, too, or leave this empty.")
        }
        return textFault.map { FieldFault("body", $0) }
    }

    private var textFault: String? {
        guard text.count <= Limits.text else {
            return "Write at most \(Limits.text) characters. These are \(text.count)."
        }
        let template: TemplateText
        do throws(TemplateFault) { template = try TemplateText(text, .plain) } catch { return error.description }
        let used = template.placeholders
        guard used.count <= Limits.placeholders else {
            return "Use at most \(Limits.placeholders) placeholders. These are \(used.count)."
        }
        guard used.contains(.title) || used.contains(.text) else {
            return "Write {title} or {text}: only they say what a code, a test or a drill is."
        }
        guard TextEscaping(contentType: header) == .json else { return nil }
        for sample in BodyTemplate.samples {
            do throws(JSONFault) {
                let json = try JSONParser.parse(filled(sample) ?? "")
                if let number = json.oddNumber { return "Filled in, it has the number \(number), which is not JSON." }
            } catch {
                return "Filled in, it is not JSON: \(error). Put placeholders between quotes; only {number} and "
                    + "{possible_duplicate} can do without."
            }
        }
        return nil
    }

    /// RFC 9110, 8.3.1, with parameters.
    private static var mediaType: Regex<Substring> {
        /[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+(?: *; *[A-Za-z0-9_-]+=[A-Za-z0-9_.+-]+)*/
            .matchingSemantics(.unicodeScalar)
    }

    /// Values that fit into the quotes of JSON only if the template has them there.
    private static let samples: [TemplateValues] = [
        sample(number: 42, "\"Disk\\ full\"\non /var"), sample(number: 0, ""), sample(number: 1_000_007, "a"),
    ]

    private static func sample(number: Int, _ word: String) -> TemplateValues {
        var values = TemplateValues(
            number: number, severity: word, title: word, text: word, team: word, source: word, opened: word,
            labels: [:], link: word)
        for (_, placeholder, _) in Placeholder.forPrograms { values.facts[placeholder] = word }
        values.facts[.possibleDuplicate] = "false"
        return values
    }
}

extension JSON {
    /// A number that begins with a zero, such as `042`. PagerPal reads it, others don't.
    fileprivate var oddNumber: String? {
        switch self {
        case .number(let digits): digits.prefixMatch(of: /-?0[0-9]/) == nil ? nil : digits
        case .array(let values): values.lazy.compactMap(\.oddNumber).first
        case .object(let object): object.members.lazy.compactMap(\.value.oddNumber).first
        case .null, .bool, .string: nil
        }
    }
}
