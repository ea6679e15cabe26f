internal import Domain

/// The editor of a webhook's body, with a preview of the draft.
struct WebhookBodyView: View {
    struct Sample: Sendable {
        /// `incident`, `verification`, `update`, `test`.
        var type: String
        var body: String
    }

    /// The fields of the form.
    static let names: Set = ["body", "content_type"]

    let title = "Body of the webhook"
    /// Where the form goes, and where its owner is shown.
    let path: Path
    let back: Path
    let section: Section?
    let fields: [Field]
    let input: FormInput
    /// Empty while the draft can't be used.
    let samples: [Sample]

    var isUsable: Bool { input.faults.isEmpty }

    func content(_ frame: Frame) -> HTML {
        let content: HTML = "\(fields.map { $0.html(input) })"
        return """
            \(frame.heading(title, lead: "What the receiver gets instead of PagerPal’s JSON. The signature is that of the filled body.", actions: linkButton(back, "Cancel", style: .quiet)))
            <div class="columns even"><div>
            <section class="card" data-previews>\(frame.editor(
                path, input, shown: WebhookBodyView.names, content,
                actions: """
                \(frame.does("save", "Save", style: .primary))\(frame.does("preview", "Update the preview"))
                """))</section></div>
            <div><section class="card" id="preview" aria-live="polite"><h2>Preview</h2>\(preview)</section>
            \(placeholders)</div></div>
            """
    }

    private var preview: HTML {
        guard !samples.isEmpty else {
            let faults = input.faults.map { fault -> HTML in "<p class=\"problem\">\(fault.explanation)</p>" }
            return "\(faults)"
        }
        let items = samples.map { sample -> HTML in
            "<div><h3>\(sample.type)</h3><div class=\"letter\">\(sample.body)</div></div>"
        }
        return """
            <div class="stack"><p class="small quiet">A made-up incident, and a message with a code. The links lead nowhere.</p>\(items)</div>
            """
    }

    private var placeholders: HTML {
        let lines = (Placeholder.named + Placeholder.forPrograms).map { one -> HTML in
            "<dt><code>{\(one.name)}</code></dt><dd>\(WebhookBodyView.meaning(of: one.placeholder) ?? one.meaning)</dd>"
        }
        return """
            <section class="card"><h2>Placeholders</h2><dl class="facts">\(lines)
            <dt><code>{labels.host}</code></dt><dd>a label of the alert, here host; empty if the alert lacks it</dd></dl></section>
            """
    }

    /// What differs from messages to people.
    private static func meaning(of placeholder: Placeholder) -> String? {
        switch placeholder {
        case .number: "the incident’s number; 0 if it is about no incident"
        case .severity: "critical, error, warning or info"
        case .link: "the link that acknowledges; in a team channel the incident’s page"
        case .title, .text, .team, .source, .opened, .label, .severityInCapitals, .id, .type, .state, .urgency,
            .openedAt, .possibleDuplicate, .owner:
            nil
        }
    }
}
