internal import Domain

/// The editor of a message template, with a preview of the draft.
struct TemplateEditView: View {
    struct Model: Sendable {
        /// Nil for a new template.
        var id: MessageTemplateID?
        var use: MessageTemplate.Use
        /// `German`; shown when it can't be chosen.
        var language: String
        /// The languages to choose from; empty for a stored template.
        var languages: [Field.Choice]
        /// `use`, `language`, `text`.
        var input: FormInput
        /// Nil while the draft can't be used.
        var preview: TemplateSamples?
    }

    let section: Section? = .templates
    private let model: Model
    private var input: FormInput { model.input }

    init(_ model: Model) { self.model = model }

    var title: String {
        model.id == nil ? "New template: \(model.use.name)" : "\(model.use.name), \(model.language)"
    }

    func content(_ frame: Frame) -> HTML {
        let path: Path = model.id.map { "/message-templates/\($0)" } ?? "/message-templates"
        return """
            \(frame.heading(title, lead: model.use.explanation, actions: linkButton("/message-templates", "Cancel", style: .quiet)))
            <div class="columns even"><div>
            <section class="card" data-previews>\(frame.editor(
                path, input, shown: model.languages.isEmpty ? ["text"] : ["language", "text"],
                """
                <input type="hidden" name="use" value="\(model.use.rawValue)">
                \(if: !model.languages.isEmpty, language.html(input))\(text.html(input))
                """,
                actions: """
                \(frame.does("save", model.id == nil ? "Use these words" : "Save", style: .primary))\
                \(frame.does("preview", "Update the preview"))
                """))</section>
            \(if: model.id != nil, reset(frame))</div>
            <div><section class="card" id="preview" aria-live="polite"><h2>Preview</h2>\(model.preview?.html ?? missing)</section>
            \(placeholders)</div></div>
            """
    }

    private var language: Field {
        .select(
            "language", "Language", hint: "That of the people who get the message, as their accounts say.",
            model.languages)
    }

    private var text: Field {
        .area(
            "text", "Your words", hint: "At most \(model.use.limit) characters, with placeholders in braces.",
            isRequired: true, rows: model.use == .opening ? 6 : 3, maximum: 2 * model.use.limit)
    }

    private var missing: HTML {
        guard let fault = input.fault(of: "text") else {
            return "<p class=\"quiet\">The preview appears when there are words.</p>"
        }
        return "<p class=\"problem\">\(fault)</p>"
    }

    private var placeholders: HTML {
        let known = Placeholder.named.filter { $0.placeholder != .link || model.use.mayLink }
        let lines = known.map { one -> HTML in "<dt><code>{\(one.name)}</code></dt><dd>\(one.meaning)</dd>" }
        return """
            <section class="card"><h2>Placeholders</h2><dl class="facts">\(lines)
            <dt><code>{labels.host}</code></dt><dd>a label of the alert, here host; empty if the alert lacks it</dd>
            <dt><code>{{</code> <code>}}</code></dt><dd>a brace</dd></dl></section>
            """
    }

    private func reset(_ frame: Frame) -> HTML {
        frame.danger(
            "Back to PagerPal’s words…",
            explanation:
                "The template is deleted. The audit log keeps it. The next messages have PagerPal’s own words.",
            Path("/message-templates/\(model.id?.rawValue ?? "")/delete"), "Delete the template")
    }
}

/// What messages about a made-up incident would say.
struct TemplateSamples: Sendable {
    struct Sample: Sendable {
        /// `SMS`, `e-mail`.
        var channel: String
        var text: String
        /// What it would say with PagerPal's own words.
        var usual: String
        /// `96 of 160 characters of GSM 7-bit: 1 SMS`; nil where length costs nothing.
        var length: String?
        /// Says which letters make the message short; nil if none do.
        var warning: String?
    }

    var samples: [Sample]
    /// Labels that the made-up alert lacks.
    var missingLabels: [String]

    var html: HTML {
        let items = samples.map { sample -> HTML in
            let length: HTML? = sample.length.map { "<p class=\"small\">\($0)</p>" }
            let warning: HTML? = sample.warning.map { "<p class=\"small problem\">\($0)</p>" }
            let usual: HTML = """
                <details class="small"><summary>With PagerPal’s own words</summary><div class="letter">\(sample.usual)</div></details>
                """
            return """
                <div><h3>\(sample.channel)</h3><div class="letter">\(sample.text)</div>\(length)\(warning)\(if: sample.usual != sample.text, usual)</div>
                """
        }
        let labels = missingLabels.map { "“\($0)”" }.joined(separator: ", ")
        let missing: HTML =
            "<p class=\"small quiet\">The made-up alert has no label \(labels), so it is empty here.</p>"
        return """
            <div class="stack"><p class="small quiet">A made-up incident. Its link leads nowhere.</p>\(items)\(if: !missingLabels.isEmpty, missing)</div>
            """
    }
}
