/// One alert source: how to set up its sender, its key, its settings and its latest payloads.
struct SourceView: View {
    struct Model: Sendable {
        var name: String
        var path: String
        var kind: String
        var team: String
        var maskedKey: String
        /// Set only right after the key was created.
        var freshKey: String?
        var isEnabled: Bool
        var setup: [(text: String, code: String?)]
        var mayConfigure: Bool
        var fields: [Field]
        var input: FormInput
        /// How the dedup key is made, with names in backticks, and the key of the last payload with its parts.
        var keyRule: String
        var lastKey: (key: String, parts: [String])?
        var payloads: [Payload]
    }

    /// A received payload.
    struct Payload: Sendable {
        var at: Moment
        var tone: Tone
        var verdict: String
        /// The results of its alerts.
        var results: [String]
        var body: String
    }

    var title: String { model.name }
    let section: Section? = .sources
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        let test: HTML? =
            model.mayConfigure && model.isEnabled
            ? frame.button(
                path("test"), "Send a test alert", symbol: .bell, style: model.freshKey == nil ? .plain : .primary)
            : nil
        return """
            \(frame.heading(model.name, lead: "\(model.kind), for \(model.team).", actions: test))
            \(if: !model.isEnabled, "<p class=\"flash bad\">\(frame.symbol(.warning))Disabled: its alerts are refused.</p>")
            \(model.freshKey.map { key($0, frame) })
            <div class="columns wide-first"><div>\(setup)\(payloads)\(dedupKey)</div>
            <div>\(keyCard(frame))\(if: model.mayConfigure, settings(frame))</div></div>
            """
    }

    private func path(_ word: String) -> Path { "/alert-sources/\(model.path)/\(word)" }

    private func key(_ key: String, _ frame: Frame) -> HTML {
        """
        <section class="card calm"><h2>The key, shown once</h2>
        <p>Copy it now. It is not shown again. The set-up below holds it already.</p>\(copyable(key))</section>
        """
    }

    private var setup: HTML {
        let steps = model.setup.map { step -> HTML in
            "<li class=\"stack\"><p>\(step.text)</p>\(step.code.map { copyable($0) })</li>"
        }
        let placeholder: HTML =
            "<p class=\"small quiet\">Replace YOUR_KEY with the key. It was shown when it was created.</p>"
        return """
            <section class="card"><h2>Set-up</h2><ol class="list">\(steps)</ol>\(if: model.freshKey == nil, placeholder)</section>
            """
    }

    /// Why two alerts are one problem, or are not.
    private var dedupKey: HTML {
        let last = model.lastKey.map { last -> HTML in
            let parts = last.parts.map { part -> HTML in "<li><code>\(part)</code></li>" }
            let made: HTML =
                parts.isEmpty
                ? "<p class=\"small quiet\">The sender named it.</p>" : "<ul class=\"list small\">\(parts)</ul>"
            return "<p>The key of the last alert: <code>\(last.key)</code></p>\(made)"
        }
        return """
            <section class="card stack" id="dedup-key" data-live><h2>How alerts are told apart</h2><p>\(marked(model.keyRule))</p>\(last)</section>
            """
    }

    /// Shows names in backticks as code.
    private func marked(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map {
            index, part -> HTML in
            index.isMultiple(of: 2) ? "\(String(part))" : "<code>\(String(part))</code>"
        }
        return "\(parts)"
    }

    private func keyCard(_ frame: Frame) -> HTML {
        let regenerate = frame.danger(
            "Regenerate key…", explanation: "The old key stops working at once, on every process.", path("regenerate"),
            "Regenerate key")
        return """
            <section class="card stack"><h2>Key</h2><p><code>\(model.maskedKey)</code></p>\(if: model.mayConfigure, regenerate)</section>
            """
    }

    private func settings(_ frame: Frame) -> HTML {
        let change = frame.form("/alert-sources/\(model.path)", model.fields, model.input, submit: "Save")
        let toggle = frame.button(
            path("state"), model.isEnabled ? "Disable" : "Enable",
            values: [("enabled", model.isEnabled ? "no" : "yes")])
        let delete = frame.danger(
            "Delete…", explanation: "Its incidents stay. New alerts from it are refused.", path("delete"),
            "Delete the source")
        return
            "<section class=\"card\"><h2>Settings</h2>\(change)</section><section class=\"card row\">\(toggle)\(delete)</section>"
    }

    private var payloads: HTML {
        guard !model.payloads.isEmpty else {
            return """
                <section class="card" id="payloads" data-live><h2>Latest payloads</h2><p class="quiet">Waiting for its first alert.</p></section>
                """
        }
        let items = model.payloads.map { payload -> HTML in
            let results = payload.results.map { result -> HTML in "<p class=\"small cut\" dir=\"auto\">\(result)</p>" }
            return """
                <li><div class="line">\(status(payload.tone, payload.verdict))<span class="quiet small">\(payload.at.html)</span></div>
                \(results)<details><summary class="small">Body</summary>\(copyable(payload.body))</details></li>
                """
        }
        return """
            <section class="card" id="payloads" data-live><h2>Latest payloads</h2><ul class="list">\(items)</ul></section>
            """
    }
}
