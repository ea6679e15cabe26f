internal import Domain
internal import Formats

/// Plain text as an alert: the first line is the title, the rest the text. `Status: UP` in a line of its own is a field.
enum PlainText {
    /// Nil when the body is no text for people: broken JSON, markup without words, bytes.
    static func of(_ body: [UInt8]) -> [String]? {
        let bytes = body.starts(with: [0xef, 0xbb, 0xbf]) ? body[3...] : body[...]
        guard let first = bytes.first(where: { $0 > 32 }), first != UInt8(ascii: "{"), !looksLikeArray(bytes) else {
            return nil
        }
        guard !bytes.contains(where: { $0 < 32 && $0 != 9 && $0 != 10 && $0 != 13 && $0 != 12 }) else { return nil }
        var text = String(decoding: bytes, as: UTF8.self)
        if first == UInt8(ascii: "<") { text = withoutMarkup(text) }
        if first == UInt8(ascii: "\""), let json = try? JSONParser.parse(Array(bytes)) { text = json.text ?? text }
        guard text.contains(where: \.isLetter), !["null", "true", "false"].contains(text.trimmingBlanks()) else {
            return nil
        }
        return text.split(whereSeparator: \.isNewline).prefix(1_000).map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    /// `[{`, `["`, `[7`. Text may begin with a bracket as well: `[API] is down`.
    private static func looksLikeArray(_ bytes: ArraySlice<UInt8>) -> Bool {
        let start = bytes.lazy.filter { $0 > 32 }.prefix(2)
        guard start.first == UInt8(ascii: "[") else { return false }
        guard let next = start.dropFirst().first else { return true }
        return [UInt8(ascii: "{"), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]")].contains(next)
            || (48...57).contains(next)
    }

    private static func withoutMarkup(_ text: String) -> String {
        var kept = ""
        var isTag = false
        for character in text.prefix(100_000) {
            if character == "<" {
                isTag = true
                kept.append("\n")
            } else if character == ">" {
                isTag = false
            } else if !isTag {
                kept.append(character)
            }
        }
        return kept
    }

    static func decode(_ lines: [String], _ options: SourceOptions, at now: Timestamp) -> Decoded? {
        guard
            let draft = draft(
                lines: lines, fields: fields(in: lines, adding: JSONObject()), links: [], color: nil, options, now),
            let event = draft.event
        else { return nil }
        return Decoded(entries: [.event(event)], notes: ["Read as plain text: the first line is the title."])
    }

    /// Returns the fields, and those that lines like `*Severity:* high` add.
    static func fields(in lines: [String], adding known: JSONObject) -> JSONObject {
        var fields = known
        for line in lines.prefix(100) {
            guard let (name, value) = assignment(in: line), fields[name] == nil, fields.members.count < 100 else {
                continue
            }
            fields[name] = .string(value)
        }
        return fields
    }

    private static func assignment(in line: String) -> (name: String, value: String)? {
        let marks: Set<Character> = ["*", "_", "-", "•", "`", ">", " "]
        let text = line.drop { marks.contains($0) }
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else { return nil }
        let name = text[..<colon]
        guard name.count <= 30, name.split(separator: " ").count <= 3,
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == " " || $0 == "_" || $0 == "-" || $0 == "*" })
        else { return nil }
        let rest = text[text.index(after: colon)...]
        let isMarked = rest.first == "*" || rest.first == "_"
        guard isMarked || rest.first?.isWhitespace == true else { return nil }
        var value = Substring(rest.drop { "*_ ".contains($0) }.trimmingBlanks())
        while let last = value.last, "*_`".contains(last) { value.removeLast() }
        return value.isEmpty ? nil : (String(name.filter { $0 != "*" }).trimmingBlanks(), String(value))
    }

    /// - Parameters:
    ///   - lines: at least one. The first that says something is the title.
    ///   - color: of a chat's message: `good`, `danger`.
    static func draft(
        lines: [String], fields object: JSONObject, links: [String], color: String?, _ options: SourceOptions,
        _ now: Timestamp
    ) -> Draft? {
        guard let first = lines.first(where: { $0.contains { $0.isLetter || $0.isNumber } }) else { return nil }
        let fields = Fields(.object(object))
        let heading = object["Title"]?.text ?? object["title"]?.text ?? object["Subject"]?.text ?? unmarked(first)
        var state = StateReading(fields, title: heading, now: now)
        if !state.isStated, let color = color.flatMap(status) { state = state.saying(color) }
        var draft = Draft(title: heading)
        draft.status = state.status
        draft.stem = heading
        let rest = lines.drop { $0 != first }.dropFirst().map(unmarked).filter {
            $0 != TitleState(heading).stem && $0 != unmarked(first)
        }
        draft.text = [rest.joined(separator: "\n")]
        var alert = LooseAlert(.object(object), now: now)
        draft.severity = alert.severity(state)
        draft.key = alert.key()
        draft.identity = alert.identity(nil)
        let found = links + SNSMessage.links(in: lines.joined(separator: "\n").replacing("|", with: " "))
        for url in found { draft.link("Link", url) }
        for part in alert.hostLabels { draft.label(part.name, part.value) }
        if draft.severity == nil, draft.status == .firing, TestMessage.isOne(heading, [rest.joined(separator: " ")]) {
            draft.severity = .info
        }
        return draft
    }

    /// Removes the marks of Markdown: `*bold*`, `# heading`, `<https://a.b|link>`.
    static func unmarked(_ line: String) -> String {
        var text = Substring(line)
        while let first = text.first, "*#>`~".contains(first) || first.isWhitespace { text.removeFirst() }
        while let last = text.last, "*`~".contains(last) || last.isWhitespace { text.removeLast() }
        var plain = text.replacing("**", with: "").replacing("`", with: "")
        // `*Title:* Pod crashed`
        plain = plain.replacing(":* ", with: ": ")
        if let end = plain.firstIndex(of: "|"), let start = plain[..<end].lastIndex(of: "<"),
            let close = plain[end...].firstIndex(of: ">"), plain[start...].hasPrefix("<http")
        {
            plain.replaceSubrange(start...close, with: plain[plain.index(after: end)..<close])
        }
        return String(plain)
    }

    private static func status(_ color: String) -> AlertEvent.Status? {
        switch color.lowercased() {
        case "good", "green", "#2eb886", "#36a64f", "36a64f", "#2eb67d", "00ff00", "#00ff00", "2dc72d", "3066993":
            .resolved
        default: nil
        }
    }
}

/// A message that a sender's test button sends. It opens an incident, so that people see that it arrived, but of the lowest
/// severity.
enum TestMessage {
    static func isOne(_ title: String, _ texts: [String]) -> Bool {
        let said = ([title] + texts).joined(separator: " ").prefix(500).lowercased()
        return [
            "test message", "test notification", "test alert", "this is a test", "testing webhook", "test webhook",
            "webhook test",
            "test event", "just a test",
        ].contains { said.contains($0) }
    }
}
