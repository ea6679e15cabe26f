internal import Domain

/// Everything around a web page's content: the viewer, the navigation and the messages. It also creates what all web
/// pages need: forms with their token, buttons and symbols.
struct Frame: Sendable {
    /// The signed-in user.
    struct Viewer: Sendable {
        var name: String
        var role: Role
    }

    /// The result of the form that was sent before this web page.
    struct Flash: Sendable, Hashable {
        var text: String
        var isBad: Bool
        /// The numbers of the incidents whose latest action can be taken back.
        var undo: [Int]

        init(_ text: String, isBad: Bool = false, undo: [Int] = []) {
            self.text = text
            self.isBad = isBad
            self.undo = undo
        }

        /// What may be in a cookie.
        enum Limits { static let undo = 40 }
    }

    /// The URLs of the style sheet, the script and the symbols. They contain hashes of the content.
    struct Assets: Sendable {
        var style: Path
        var script: Path
        /// The script that keeps one event stream for all tabs.
        var live: Path
        /// The script of the pages with passkeys.
        var passkeys: Path
        /// The script of the first run.
        var setup: Path
        var symbols: Path
        var icon: Path
    }

    var assets: Assets
    var reader: Reader
    /// Nil if nobody is signed in. The web page then has no navigation.
    var viewer: Viewer?
    /// What proves that a form came from PagerPal in this session. New forms have the first one.
    var tokens: [String] = []
    var token: String { tokens.first ?? "" }
    var flash: Flash?
    var isSendingEnabled: Bool = true
    /// The navigation entries that exist and that the viewer may open.
    var sections: Set<Section> = []

    /// Renders the whole document.
    func html(_ page: some View) -> HTML {
        """
        <!doctype html>
        <html lang="en" data-now="\(reader.now.rfc3339)" data-zone="\(reader.timeZone)" data-clock="\(reader.form.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>\(page.title) · PagerPal</title>
        <link rel="icon" href="\(assets.icon)" type="image/svg+xml">
        <link rel="stylesheet" href="\(assets.style)">
        \(viewer.map { _ in liveScript })<script src="\(assets.script)" defer></script>
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

    private var liveScript: HTML { "<script src=\"\(assets.live)\" defer></script>\n" }

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
            \(symbol(flash.isBad ? .warning : .check))\(flash.text)</p>\(if: !flash.undo.isEmpty, undo(flash))
            """
        }
    }

    /// The button that takes the last action back. The style sheet hides it after ten seconds.
    private func undo(_ flash: Flash) -> HTML {
        let numbers = flash.undo.map { String($0) }.joined(separator: " ")
        return
            "<div class=\"undo\">\(button("/incidents/undo", "Undo", symbol: .reopen, values: [("numbers", numbers)]))</div>"
    }
}

extension Frame {
    /// A symbol of the sprite. Screen readers ignore it, because a text is always next to it.
    func symbol(_ symbol: Symbol) -> HTML {
        "<svg class=\"symbol\" aria-hidden=\"true\"><use href=\"\(assets.symbols)#\(symbol.rawValue)\"></use></svg>"
    }

    var brandMark: HTML {
        "<svg class=\"symbol\" aria-hidden=\"true\"><use href=\"\(assets.symbols)#brand\"></use></svg>"
    }

    /// The hidden field with the form token. `form` already includes it.
    var tokenField: HTML { "<input type=\"hidden\" name=\"token\" value=\"\(token)\">" }

    /// A form that posts.
    ///
    /// - Parameters:
    ///   - style: the form's class; `form` stacks its fields.
    ///   - attributes: further attributes, each with a blank before it.
    func form(_ action: Path, style: String = "form", attributes: HTML = "", _ content: HTML) -> HTML {
        "<form method=\"post\" action=\"\(action)\" class=\"\(style)\"\(attributes)>\(tokenField)\(content)</form>"
    }

    /// A form with fields, their typed values and faults, and one button.
    ///
    /// - Parameters:
    ///   - hidden: hidden values to send.
    ///   - more: further buttons.
    func form(
        _ action: Path, hidden: [(name: String, value: String)] = [], _ fields: [Field], _ input: FormInput,
        submit label: String, more: HTML = ""
    ) -> HTML {
        let names = Set(fields.map(\.name))
        let others = input.faults.filter { !names.contains($0.field) }
        let general: [HTML] = others.map { "<p class=\"fault\" role=\"alert\">\($0.explanation)</p>" }
        return form(
            action,
            """
            \(hidden.map(hiddenField))\(input.seenField)\(general)\(fields.map { $0.html(input) })
            <div class="row"><button class="button primary" type="submit">\(label)</button>\(more)</div>
            """)
    }

    /// A button in a form of its own.
    ///
    /// - Parameters:
    ///   - values: hidden values to send.
    ///   - key: the name by which the keyboard shortcut finds the button: `acknowledge`, `resolve`.
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

    func hiddenField(_ field: (name: String, value: String)) -> HTML {
        "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">"
    }

    /// A dangerous action behind a disclosure, which works as a confirmation without a script.
    func danger(_ summary: String, explanation: String, _ action: Path, _ label: String) -> HTML {
        """
        <details class="danger"><summary class="button quiet">\(summary)</summary>
        <div class="stack"><p>\(explanation)</p>\(button(action, label, style: .danger))</div></details>
        """
    }

    /// The heading of a web page: its name, a lead and actions.
    func heading(_ title: String, lead: String? = nil, actions: HTML? = nil) -> HTML {
        let lead: HTML? = lead.map { "<p class=\"lead\">\($0)</p>" }
        return "<header class=\"page-head\"><h1>\(title)</h1>\(actions)\(lead)</header>"
    }
}
