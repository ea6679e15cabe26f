/// Turns external text into text that is safe to store, show and send.
package enum Clean {
    /// Returns one line. Line ends, tabs and runs of blanks become one blank. Other controls and direction marks are
    /// removed. A text longer than a title may be ends in an ellipsis. HTML stays as it is, because it is text here and
    /// is escaped when shown.
    package static func title(_ text: String) -> String {
        cut(oneLine(visible(text)), AlertEvent.Limits.title)
    }

    /// Returns several lines, by the same rules.
    package static func text(_ text: String) -> String {
        cut(visible(text).trimmingBlanks(), AlertEvent.Limits.text)
    }

    /// Returns cleaned names and values of labels, up to the limit in the order of their names.
    package static func labels(_ labels: [(name: String, value: String)]) -> [String: String] {
        let clean = labels.map { label in
            (name: cut(oneLine(visible(label.name)), AlertEvent.Limits.label), value: self.label(label.value))
        }
        let usable = clean.filter { !$0.name.isEmpty && !$0.value.isEmpty }.sorted { $0.name < $1.name }
        var kept: [String: String] = [:]
        for label in usable where kept.count < AlertEvent.Limits.labels { kept[label.name] = label.value }
        return kept
    }

    private static func label(_ value: String) -> String {
        cut(visible(value).trimmingBlanks(), AlertEvent.Limits.label)
    }

    /// Returns the links with an http or https address, each address once, up to the limit.
    package static func links(_ links: [(title: String, url: String?)]) -> [Link] {
        var kept: [Link] = []
        for link in links where kept.count < AlertEvent.Limits.links {
            guard let url = link.url, let usable = Link(title: name(link.title), url: url),
                !kept.contains(where: { $0.url == usable.url })
            else { continue }
            kept.append(usable)
        }
        return kept
    }

    /// Returns a short text on one line, such as the name of a link or team.
    package static func name(_ text: String) -> String { cut(oneLine(visible(text)), 200) }

    private static func oneLine(_ text: String) -> String {
        isOneLine(text.utf8) ? text : text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
    }

    /// Whether a text is ASCII without controls, and has single blanks between its words only.
    private static func isOneLine(_ text: String.UTF8View) -> Bool {
        var isAfterBlank = true
        for byte in text {
            guard (0x20..<0x7F).contains(byte), byte != 0x20 || !isAfterBlank else { return false }
            isAfterBlank = byte == 0x20
        }
        return !isAfterBlank || text.isEmpty
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        // Counting characters is expensive, and each takes at least one byte.
        guard text.utf8.count > limit else { return text }
        // One character can carry any number of combining marks, so bound the scalars too.
        let bounded = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit * 8)))
        let isCut = bounded.utf8.count < text.utf8.count || bounded.count > limit
        return isCut ? bounded.prefix(limit - 1) + "…" : text
    }
}
