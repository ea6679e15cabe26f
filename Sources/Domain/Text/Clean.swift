/// The rules by which texts from outside become texts that can be stored, shown and sent.
package enum Clean {
    /// One line: line ends, tabs and runs of blanks become one blank, other controls and direction marks go, and what
    /// is longer than a title may be ends in an ellipsis. HTML stays as it is: it is text, and is escaped where shown.
    package static func title(_ text: String) -> String {
        cut(oneLine(visible(text)), AlertEvent.Limits.title)
    }

    /// Several lines, by the same rules.
    package static func text(_ text: String) -> String {
        cut(visible(text).trimmingBlanks(), AlertEvent.Limits.text)
    }

    /// Names and values of labels; texts only, the first so many in the order of their names.
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

    /// The links that lead somewhere: http or https, each address once, the first so many.
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

    /// A short text of one line, like a link's or a team's name.
    package static func name(_ text: String) -> String { cut(oneLine(visible(text)), 200) }

    private static func oneLine(_ text: String) -> String {
        text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        // Counting characters costs, and none is shorter than a byte.
        guard text.utf8.count > limit else { return text }
        // One character may carry any number of marks, and a page of them is nothing to read.
        let bounded = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit * 8)))
        let isCut = bounded.utf8.count < text.utf8.count || bounded.count > limit
        return isCut ? bounded.prefix(limit - 1) + "…" : text
    }
}
