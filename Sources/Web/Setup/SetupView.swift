internal import Domain

/// The first run: from an empty database to an acknowledged incident, step by step.
struct SetupView: View {
    enum Step: String, Sendable, CaseIterable {
        case administrator, team, contact, source, incident

        var label: String {
            switch self {
            case .administrator: "You"
            case .team: "Your team"
            case .contact: "Reaching you"
            case .source: "Alerts"
            case .incident: "Acknowledge"
            }
        }
    }

    /// The content of a step.
    enum Stage: Sendable {
        /// The first account, with the code from the log if the browser has to prove that it belongs to the operator.
        case administrator(FormInput, needsCode: Bool)
        case team(FormInput)
        /// The first contact method. If `isSendingEnabled` is false, the step says why nothing would arrive.
        case contact(FormInput, channels: [Field.Choice], ProofQuestion, isSendingEnabled: Bool)
        /// The form for the code that was sent.
        case code(id: ContactMethodID, address: String, FormInput, isSendingEnabled: Bool)
        case source([Field], FormInput)
        /// The new source. Its key is shown only right after it was created.
        case alert(id: SourceID, name: String, key: String?, setup: [(text: String, code: String?)])
        case incident(number: Int, headline: String, state: Incident.State.Name, paged: [String])

        var step: Step {
            switch self {
            case .administrator: .administrator
            case .team: .team
            case .contact, .code: .contact
            case .source, .alert: .source
            case .incident: .incident
            }
        }
    }

    let title = "Set-up"
    private let stage: Stage

    init(_ stage: Stage) { self.stage = stage }

    func content(_ frame: Frame) -> HTML {
        """
        <div class="stack setup">\(progress)\(body(frame))</div>
        """
    }

    private var progress: HTML {
        let all = Step.allCases
        let at = all.firstIndex(of: stage.step) ?? 0
        let items = all.enumerated().map { index, step -> HTML in
            """
            <li\(if: index < at, " class=\"done\"")\(if: index == at, " aria-current=\"step\"")>\(index + 1). <span>\(step.label)</span></li>
            """
        }
        return "<ol class=\"progress\" aria-label=\"Progress\">\(items)</ol>"
    }

    private func body(_ frame: Frame) -> HTML {
        switch stage {
        case .administrator(let input, let needsCode): administrator(input, needsCode, frame)
        case .team(let input): team(input, frame)
        case .contact(let input, let channels, let proof, let isEnabled):
            contact(input, channels, proof, isEnabled, frame)
        case .code(let id, let address, let input, let isEnabled): code(id, address, input, isEnabled, frame)
        case .source(let form, let input): source(form, input, frame)
        case .alert(let id, let name, let key, let setup): alert(id, name, key, setup, frame)
        case .incident(let number, let headline, let state, let paged): incident(number, headline, state, paged, frame)
        }
    }

    private func administrator(_ input: FormInput, _ needsCode: Bool, _ frame: Frame) -> HTML {
        let code = Field(
            "code", "Set-up code", hint: "PagerPal wrote it to its log when it started.", isRequired: true,
            .input(type: "text", maximum: 30, autocomplete: "off"))
        let fields: [Field] =
            (needsCode ? [code] : []) + [
                .text("name", "Your name", isRequired: true, maximum: 100, autocomplete: "name"),
                .email("email", "E-mail"),
                .password("password", "Password", hint: "At least 12 characters.", isNew: true),
                // A script writes what the browser knows into both.
                Field.timeZone(hint: "Like Europe/Zagreb: times are shown and written in it."), .clock,
            ]
        return """
            <h1>Welcome. Who are you?</h1>
            <p class="quiet">You become the administrator of this PagerPal. Five small steps, under three minutes.</p>
            <section class="card">\(frame.form("/setup", fields, input, submit: "Create the administrator"))</section>
            <script src="\(frame.assets.setup)" defer></script>
            """
    }

    private func team(_ input: FormInput, _ frame: Frame) -> HTML {
        let field = Field.text(
            "name", "Team", hint: "Who shares incidents. You are its first member.", isRequired: true, maximum: 100)
        return """
            <h1>Your first team</h1>
            <section class="card">\(frame.form("/setup/team", [field], input, submit: "Create the team"))</section>
            """
    }

    private func contact(
        _ input: FormInput, _ channels: [Field.Choice], _ proof: ProofQuestion, _ isEnabled: Bool, _ frame: Frame
    ) -> HTML {
        let fields = contactFields(channels) + proof.fields("method")
        let form: HTML =
            channels.isEmpty
            ? """
            <p>No way out is configured yet. Set SMTP_HOST for e-mail or INFOBIP_BASE_URL for SMS, WhatsApp and voice, \
            start PagerPal again, and come back.</p>
            """
            : proof.guarding(frame.form("/setup/contact", fields, input, submit: "Send me a code"))
        return """
            <h1>How do we reach you?</h1>
            <p class="quiet">A code goes there over the real channel: what brings the code brings pages, too.</p>
            \(sendingNote(isEnabled, frame))<section class="card">\(form)</section>\(skip)
            """
    }

    private func code(
        _ id: ContactMethodID, _ address: String, _ input: FormInput, _ isEnabled: Bool, _ frame: Frame
    ) -> HTML {
        let field = Field(
            "code", "Code", isRequired: true, .input(type: "text", maximum: 12, autocomplete: "one-time-code"))
        return """
            <h1>Type the code</h1><p class="quiet">Six digits are on their way to \(address).</p>
            \(sendingNote(isEnabled, frame))
            <section class="card">\(frame.form("/setup/contact/\(id)/verify", [field], input, submit: "Verify and send a test page"))</section>
            <div class="row">\(frame.button("/setup/contact/\(id)/code", "Send a new code", style: .quiet))</div>\(skip)
            """
    }

    private func sendingNote(_ isEnabled: Bool, _ frame: Frame) -> HTML {
        isEnabled
            ? ""
            : """
            <p class="banner">\(frame.symbol(.warning))Sending is disabled, so nothing arrives. Set \
            NOTIFICATION_SENDING_ENABLED=true and start PagerPal again, or go on without.</p>
            """
    }

    private var skip: HTML { "<p class=\"small\"><a href=\"/setup/source\">Go on without for now</a></p>" }

    private func source(_ fields: [Field], _ input: FormInput, _ frame: Frame) -> HTML {
        """
        <h1>Where do alerts come from?</h1>
        <p class="quiet">Pick your monitoring system; “Generic” understands any script.</p>
        <section class="card">\(frame.form("/setup/source", fields, input, submit: "Create the source"))</section>
        """
    }

    private func alert(
        _ id: SourceID, _ name: String, _ key: String?, _ setup: [(text: String, code: String?)], _ frame: Frame
    ) -> HTML {
        let steps = setup.map { step -> HTML in
            "<li class=\"stack\"><p>\(step.text)</p>\(step.code.map { copyable($0) })</li>"
        }
        let shown: HTML? = key.map { key in
            "<section class=\"card calm\"><h2>The key, shown once</h2>\(copyable(key))</section>"
        }
        let test = frame.button("/setup/alert", "Send a test alert", symbol: .bell, style: .primary)
        return """
            <h1>\(name) is ready</h1>\(shown)
            <p>Set your monitoring system up now or later; a test alert shows how it goes.</p>\(test)
            <section class="card"><h2>Set-up</h2><ol class="list">\(steps)</ol></section>
            """
    }

    private func incident(
        _ number: Int, _ headline: String, _ state: Incident.State.Name, _ paged: [String], _ frame: Frame
    ) -> HTML {
        let lines = paged.map { page -> HTML in "<li>\(page)</li>" }
        let none: HTML = "<li class=\"quiet\">Nobody was paged yet.</li>"
        let head: HTML = """
            <section class="card stack" id="first-incident" data-live><p class="row">\(badge(.critical))\(badge(state))<span>#\(number)</span></p>
            <h2>\(headline)</h2><ul class="list">\(lines.isEmpty ? none : "\(lines)")</ul></section>
            """
        guard state == .triggered else {
            return """
                <h1>That is all.</h1><p>The incident is yours, and nobody else is paged for it.</p>\(head)
                <div class="row">\(linkButton("/incidents/\(number)", "View the incident", style: .primary))\
                \(linkButton("/dashboard", "To the dashboard"))</div>
                <p class="quiet">Next: invite people under Users, plan who is on call under Schedules, and say who follows whom under Escalation policies.</p>
                """
        }
        return """
            <h1>An incident!</h1><p>It pages until somebody owns it. Own it:</p>\(head)
            \(frame.button("/setup/acknowledge", "Acknowledge", symbol: .acknowledge, style: .primary, key: "acknowledge"))
            """
    }
}
