/// What an incident fills into a template's placeholders.
package struct TemplateValues: Sendable, Hashable {
    package var number: Int
    /// The word in the person's language.
    package var severity: String
    package var title: String
    package var text: String
    package var team: String
    package var source: String
    package var opened: String
    package var labels: [String: String]
    package var link: String
    /// `Drill` in the person's language, if that is what the message is. It stands before a template without `{title}`.
    package var drill: String?
    /// What only programs get: the values of `Placeholder.forPrograms`.
    package var facts: [Placeholder: String] = [:]

    package init(
        number: Int, severity: String, title: String, text: String, team: String, source: String, opened: String,
        labels: [String: String], link: String
    ) {
        self.number = number
        self.severity = severity
        self.title = title
        self.text = text
        self.team = team
        self.source = source
        self.opened = opened
        self.labels = labels
        self.link = link
    }

    /// Those of a message that is about no incident.
    package init(title: String, text: String, team: String = "") {
        self.init(
            number: 0, severity: Severity.info.rawValue, title: title, text: text, team: team, source: "", opened: "",
            labels: [:], link: "")
    }

    package subscript(_ placeholder: Placeholder) -> String {
        switch placeholder {
        case .number: String(number)
        case .severity: severity
        case .severityInCapitals: severity.uppercased()
        case .title: title
        case .text: text
        case .team: team
        case .source: source
        case .opened: opened
        case .link: link
        case .label(let name): labels[name] ?? ""
        case .id, .type, .state, .urgency, .openedAt, .possibleDuplicate, .owner: facts[placeholder] ?? ""
        }
    }

    /// Returns a copy whose texts from the alert were changed.
    package func mapped(_ change: (String) -> String) -> TemplateValues {
        var values = self
        values.title = change(title)
        values.text = change(text)
        values.labels = labels.mapValues(change)
        return values
    }
}

extension TemplateText {
    /// Returns the text with its values. If it is too long, the values are shortened, the longest ones first: the
    /// operator's words stay whole as long as they fit, and the link and the ending stay whole in any case.
    ///
    /// - Parameters:
    ///   - start: what stands before it and stays whole as well.
    ///   - end: what follows it.
    /// - Returns: nil when it would say nothing besides a link.
    package func filled(
        _ values: TemplateValues, within limit: TextLimit? = nil, start: String = "", end: String = ""
    ) -> String? {
        let isUnnamed = !placeholders.contains(.title)
        let start = start + (isUnnamed ? values.drill.map { "\($0): " } ?? "" : "")
        let said = pieces.filter { $0 != .value(.link) }.map { text(of: $0, values, longest: .max) }.joined()
        guard !said.trimmingBlanks().isEmpty else { return nil }
        let fill = { (longest: Int) in
            start + pieces.map { text(of: $0, values, longest: longest) }.joined() + end
        }
        let whole = fill(.max)
        guard let limit, !limit.fits(whole) else { return whole }
        var (kept, tooMany) = (0, whole.count)
        while kept + 1 < tooMany {
            let middle = (kept + tooMany) / 2
            if limit.fits(fill(middle)) { kept = middle } else { tooMany = middle }
        }
        let shortened = fill(kept)
        if limit.fits(shortened) { return shortened }
        // The operator's words alone are too long beside this link.
        let beforeLink = pieces.prefix { $0 != .value(.link) }.map { text(of: $0, values, longest: 0) }.joined()
        return limit.fitted(start + beforeLink, keeping: links > 0 ? values.link + end : end)
    }

    /// - Parameter longest: the most characters of a value.
    private func text(of piece: Piece, _ values: TemplateValues, longest: Int) -> String {
        switch piece {
        case .words(let words): return words
        case .value(.link): return values.link
        case .value(let placeholder):
            let value = values[placeholder]
            guard value.count > longest else { return value }
            return longest < 4 ? "" : value.prefix(longest - 3) + "..."
        }
    }
}
