internal import Domain

/// Whom an incident would page, when, how and why, if nobody answered.
struct PolicyPreview: Sendable {
    /// What reaches one person at one instant.
    struct Entry: Sendable {
        var at: Timestamp
        /// The time since the incident opened: `at once`, `after 5 min`.
        var after: String
        var person: String
        var channels: [Channel]
        var why: String
    }

    /// `preview_severity`, `preview_at`.
    var input: FormInput
    var severity: Severity
    var urgency: Urgency
    /// Events other than pages: skipped steps, the end.
    var notes: [(at: Timestamp, text: String)]
    var entries: [Entry]
    /// The number of pages that are not listed.
    var more: Int
    var warnings: [String]

    /// The fields of the preview's form.
    static func fields(_ input: FormInput) -> HTML {
        let severities = Severity.allCases.reversed().map { Field.Choice($0.rawValue, $0.rawValue) }
        return """
            <div class="side">\(Field.select("preview_severity", "An alert of severity", severities).html(input))
            \(Field("preview_at", "comes at", isRequired: true, .input(type: "datetime-local", maximum: 16, autocomplete: "off")).html(input))</div>
            """
    }

    /// The first lines of a list, and the others folded. A large team can have a warning for each person.
    private static func folded(_ lines: [HTML], noun: String) -> HTML {
        let shown = 5
        let rest = Array(lines.dropFirst(shown))
        let more: HTML =
            "<details><summary>\(rest.count) more \(noun)</summary><ul class=\"warnings\">\(rest)</ul></details>"
        return "<ul class=\"warnings\">\(Array(lines.prefix(shown)))</ul>\(if: !rest.isEmpty, more)"
    }

    /// Renders the result.
    func html(_ frame: Frame) -> HTML {
        let lines = warnings.map { text -> HTML in
            "<li class=\"warning-line\">\(frame.symbol(.warning))<span>\(text)</span></li>"
        }
        let warnings = PolicyPreview.folded(lines, noun: "warnings")
        let pages = entries.map { entry -> HTML in
            """
            <li class="page"><span class="dot">\(frame.symbol(entry.channels.first.map { Symbol($0) } ?? .globe))</span>
            <div class="what"><b>\(entry.person)</b> by \(entry.channels.map(\.name).joined(separator: " and "))
            <p class="when"><b>\(entry.after)</b>, \(frame.reader.local(entry.at))</p><p class="small quiet">\(entry.why)</p></div></li>
            """
        }
        let notes = notes.map { note -> HTML in
            "<li class=\"small\">\(frame.reader.fixed(note.at)): \(note.text)</li>"
        }
        let more: HTML = "<p class=\"small quiet\">and \(more) more</p>"
        return """
            <p class="small quiet">It is of \(urgency.rawValue) urgency. If nobody answers:</p>
            \(if: !self.warnings.isEmpty, "<div class=\"warnings\">\(warnings)</div>")
            <ol class="timeline">\(pages)</ol>\(if: self.more > 0, more)\(if: !notes.isEmpty, "<ul class=\"stack\">\(notes)</ul>")
            """
    }
}
