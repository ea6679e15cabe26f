internal import Domain

/// The settings of this PagerPal and the status of its parts. It shows no secrets.
struct SettingsView: View {
    /// A provider: its channels, its status and a test.
    struct ProviderCard: Sendable {
        var name: String
        /// `SMS, voice`.
        var channels: String
        var tone: Tone
        var words: String
        var fault: String?
        var lastSuccess: Moment?
        var lastFailure: Moment?
        var triesAgain: Moment?
        /// Messages accepted since this process started.
        var accepted: Int
        var failed: Int
        var running: Int
        /// `10 a second, 20 at once, 8 at the same time`.
        var limits: String
        /// The reader's own contact methods that the provider serves.
        var methods: [Field.Choice]
    }

    /// A setting and its value, with the variable that sets it.
    struct Fact: Sendable {
        var name: String
        var value: HTML
        /// The environment variable that changes it, or nil if there is none.
        var variable: String?

        init(_ name: String, _ value: HTML, variable: String? = nil) {
            self.name = name
            self.value = value
            self.variable = variable
        }
    }

    struct Model: Sendable {
        var providers: [ProviderCard]
        /// The channels that no provider serves: `voice, webhook`.
        var missing: [String]
        var workers: [Fact]
        var system: [Fact]
        var limits: [Fact]
    }

    let title = "Settings"
    let section: Section? = .settings
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Settings", lead: "The settings of this PagerPal and the state of its parts. Settings come from the environment of the process. Secrets are never shown."))
        <section class="stack" id="providers" data-live><h2>Providers</h2>\(providers(frame))</section>
        <div class="columns even">
        <div><section class="card" id="workers" data-live><h2>Workers</h2>\(facts(model.workers))</section></div>
        <div><section class="card"><h2>System</h2>\(facts(model.system))</section></div></div>
        <section class="card"><h2>Limits</h2>\(facts(model.limits))</section>
        """
    }

    private func providers(_ frame: Frame) -> HTML {
        let missing: HTML = """
            <p class="quiet">No provider serves \(model.missing.joined(separator: ", ")): a page over such a channel fails at once, and the person's next channel starts.</p>
            """
        guard !model.providers.isEmpty else {
            return """
                <div class="card">\(emptyState(frame.symbol(.outbox), "No provider is set up", "Set SMTP_HOST and SMTP_FROM for e-mail, or INFOBIP_BASE_URL and INFOBIP_API_KEY for SMS, WhatsApp and voice."))</div>
                """
        }
        return """
            <div class="columns even">\(model.providers.map { card($0, frame) })</div>\(if: !model.missing.isEmpty, missing)
            """
    }

    private func card(_ provider: ProviderCard, _ frame: Frame) -> HTML {
        let fault: HTML? = provider.fault.map { "<p class=\"small problem\">\($0)</p>" }
        let moments: [(String, Moment?)] = [
            ("Last success", provider.lastSuccess), ("Last fault", provider.lastFailure),
            ("Tried again", provider.triesAgain),
        ]
        let lines = moments.compactMap { name, moment -> HTML? in
            moment.map { "<dt>\(name)</dt><dd>\($0.html)</dd>" }
        }
        return """
            <div><section class="card"><header><h3>\(provider.name) <span class="quiet">\(provider.channels)</span></h3>\(status(provider.tone, provider.words))</header>\(fault)
            <dl class="facts">\(lines)<dt>Since the start</dt><dd>\(provider.accepted) taken, \(provider.failed) refused, \(provider.running) under way</dd>
            <dt>Limits</dt><dd>\(provider.limits)</dd></dl>\(test(provider, frame))</section></div>
            """
    }

    private func test(_ provider: ProviderCard, _ frame: Frame) -> HTML {
        guard !provider.methods.isEmpty else {
            return """
                <p class="small quiet">To try it, add a contact method of this kind to <a href="/profile">your profile</a>.</p>
                """
        }
        // Two providers may offer the same field, so its id must be unique.
        let id = "method-\(provider.name)"
        let options = provider.methods.map { choice -> HTML in
            "<option value=\"\(choice.value)\">\(choice.label)</option>"
        }
        return frame.form(
            "/settings/test", style: "side",
            """
            <div class="field"><label for="\(id)">Send a test to</label><select id="\(id)" name="method">\(options)</select></div>
            <button class="button" type="submit">Send test</button>
            """)
    }

    private func facts(_ facts: [Fact]) -> HTML {
        let lines = facts.map { fact -> HTML in
            let variable: HTML? = fact.variable.map { " <code class=\"variable\">\($0)</code>" }
            return "<dt>\(fact.name)</dt><dd>\(fact.value)\(variable)</dd>"
        }
        return "<dl class=\"facts\">\(lines)</dl>"
    }
}
