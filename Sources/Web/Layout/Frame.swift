internal import Domain

/// What surrounds a page: who looks at it, where they may go, what has to be said first. It also makes what every page
/// needs: forms with their token, buttons, symbols.
struct Frame: Sendable {
    /// Whoever is signed in.
    struct Viewer: Sendable {
        var name: String
        var role: Role
    }

    /// What happened to the form that was sent before this page.
    struct Flash: Sendable, Hashable {
        var text: String
        var isBad: Bool

        init(_ text: String, isBad: Bool = false) {
            self.text = text
            self.isBad = isBad
        }
    }

    /// Where the style sheet, the script and the drawings are, with the hash of what is in them.
    struct Assets: Sendable {
        var style: Path
        var script: Path
        var symbols: Path
        var icon: Path
    }

    var assets: Assets
    var reader: Reader
    /// Nil: nobody is signed in, and the page stands alone.
    var viewer: Viewer?
    /// Proof that a form is PagerPal's own, for this session.
    var token: String = ""
    var flash: Flash?
    var isSendingEnabled: Bool = true
    /// The entries of the navigation that exist and that the viewer may open.
    var sections: Set<Section> = []

    /// The whole document.
    func html(_ page: some View) -> HTML {
        """
        <!doctype html>
        <html lang="en" data-now="\(reader.now.rfc3339)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>\(page.title) · PagerPal</title>
        <link rel="icon" href="\(assets.icon)" type="image/svg+xml">
        <link rel="stylesheet" href="\(assets.style)">
        <script src="\(assets.script)" defer></script>
        </head>
        <body>
        \(viewer.map { shell(page, $0) } ?? alone(page))
        </body>
        </html>
        """
    }

    private func shell(_ page: some View, _ viewer: Viewer) -> HTML {
        """
        <div class="shell">
        <a class="skip button" href="#main">Skip to content</a>
        \(navigation(current: page.section, viewer))
        <div class="stage">
        \(if: !isSendingEnabled, sendingBanner)
        <main id="main">\(flashLine)\(page.content(self))</main>
        </div>
        </div>
        \(tabs(current: page.section))
        \(keyboardHelp)
        """
    }

    private func alone(_ page: some View) -> HTML {
        """
        <main class="alone" id="main">
        <span class="brand">\(brandMark)PagerPal</span>
        \(flashLine)\(page.content(self))
        </main>
        """
    }

    private var sendingBanner: HTML {
        """
        <p class="banner" role="note">\(symbol(.warning))Sending is disabled: pages are kept in the outbox and reach nobody.</p>
        """
    }

    private var flashLine: HTML? {
        flash.map { flash in
            """
            <p class="flash\(if: flash.isBad, " bad")" role="\(flash.isBad ? "alert" : "status")">\
            \(symbol(flash.isBad ? .warning : .check))\(flash.text)</p>
            """
        }
    }
}

extension Frame {
    /// A drawing of the sprite. It says nothing to screen readers: words stand beside it.
    func symbol(_ symbol: Symbol) -> HTML {
        "<svg class=\"symbol\" aria-hidden=\"true\"><use href=\"\(assets.symbols)#\(symbol.rawValue)\"></use></svg>"
    }

    var brandMark: HTML {
        "<svg class=\"symbol\" aria-hidden=\"true\"><use href=\"\(assets.symbols)#brand\"></use></svg>"
    }

    /// What makes a form PagerPal's own; `form` has it already.
    var tokenField: HTML { "<input type=\"hidden\" name=\"token\" value=\"\(token)\">" }

    /// A form that changes something.
    ///
    /// - Parameter style: the form's class; `form` stacks its fields.
    func form(_ action: Path, style: String = "form", _ content: HTML) -> HTML {
        "<form method=\"post\" action=\"\(action)\" class=\"\(style)\">\(tokenField)\(content)</form>"
    }

    /// A form of fields with what was typed and what is wrong, and one button.
    ///
    /// - Parameter hidden: sent along.
    func form(
        _ action: Path, hidden: [(name: String, value: String)] = [], _ fields: [Field], _ input: FormInput,
        submit label: String
    ) -> HTML {
        let names = Set(fields.map(\.name))
        let others = input.faults.filter { !names.contains($0.field) }
        let general: [HTML] = others.map { "<p class=\"fault\" role=\"alert\">\($0.explanation)</p>" }
        return form(
            action,
            """
            \(hidden.map(hiddenField))\(general)\(fields.map { $0.html(input) })
            <div class="row"><button class="button primary" type="submit">\(label)</button></div>
            """)
    }

    /// A button that is a form of its own.
    ///
    /// - Parameters:
    ///   - values: sent along.
    ///   - key: the word by which the keyboard finds it: `acknowledge`, `resolve`.
    func button(
        _ action: Path, _ label: String, symbol: Symbol? = nil, style: ButtonStyle = .plain,
        values: [(name: String, value: String)] = [], key: String? = nil
    ) -> HTML {
        let keyword: HTML? = key.map { " data-key=\"\($0)\"" }
        return form(
            action, style: "inline",
            """
            \(values.map(hiddenField))<button class="button \(style.rawValue)" type="submit"\(keyword)>\
            \(symbol.map { self.symbol($0) })\(label)</button>
            """)
    }

    private func hiddenField(_ field: (name: String, value: String)) -> HTML {
        "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">"
    }

    /// A dangerous button behind a disclosure, which asks once more without any script.
    func danger(_ summary: String, explanation: String, _ action: Path, _ label: String) -> HTML {
        """
        <details class="danger"><summary class="button quiet">\(summary)</summary>
        <div class="stack"><p>\(explanation)</p>\(button(action, label, style: .danger))</div></details>
        """
    }

    /// The heading of a page: its name, what it is about, what can be done.
    func heading(_ title: String, lead: String? = nil, actions: HTML? = nil) -> HTML {
        let lead: HTML? = lead.map { "<p class=\"lead\">\($0)</p>" }
        return "<header class=\"page-head\"><h1>\(title)</h1>\(actions)\(lead)</header>"
    }
}
