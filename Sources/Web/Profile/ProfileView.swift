internal import Domain

/// The user's own settings: how and when the user is paged.
struct ProfileView: View {
    struct Model: Sendable {
        /// The four lines: how to reach the user, what pages do when urgent and when not, and the user's clock.
        var reach: Line
        var urgent: Line
        var low: Line
        var zone: Line
        /// When a drill was acknowledged last: `3 d ago`, `never`.
        var proven: String
        var details: FormInput
        var methods: [Method]
        /// The form for a new contact method.
        var newMethod: FormInput
        var channels: [Field.Choice]
        /// What a new contact method needs.
        var proof: ProofQuestion
        var rules: [RuleGroup]
        var ruleFaults: [FieldFault]
        var isSendingEnabled: Bool
        /// What a browser needs to subscribe to push messages. Nil if they are not available.
        var pushKey: String?
    }

    typealias Line = (name: String, words: String)

    /// A contact method with the state of its verification.
    struct Method: Sendable {
        var id: ContactMethodID
        var channel: Channel
        var address: String
        var label: String
        var isEnabled: Bool
        var isVerified: Bool
        /// The typed code and its faults.
        var code: FormInput
        /// The key of a webhook's signatures.
        var secret: String?

        init(_ method: ContactMethod, code: FormInput = FormInput(), secret: String? = nil) {
            self.secret = secret
            id = method.id
            channel = method.channel
            address = method.address
            label = method.label
            isEnabled = method.isEnabled
            isVerified = method.verifiedAt != nil
            self.code = code
        }
    }

    /// The rules for one urgency, with some empty rows.
    struct RuleGroup: Sendable {
        var urgency: Urgency
        /// The contact method's id and the delay in minutes.
        var rows: [(method: String, delay: String)]
    }

    let title = "Profile"
    let section: Section? = .profile
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Profile", actions: linkButton("/profile/security", "Password, sessions, tokens", symbol: frame.symbol(.key))))
        <div class="folds-of-card">
        \(fold("reach", [model.reach], isOpen: needsContact, contacts(frame)))
        \(fold("rules", [model.urgent, model.low], isOpen: !model.ruleFaults.isEmpty, rules(frame)))
        \(fold("you", [model.zone], isOpen: !model.details.faults.isEmpty, frame.form("/profile", fields, model.details, submit: "Save")))
        </div>
        \(drill(frame))
        """
    }

    /// One or two lines that say how it is. They unfold to the form that changes it.
    private func fold(_ id: String, _ lines: [Line], isOpen: Bool, _ content: HTML) -> HTML {
        let words = lines.map { line -> HTML in "<span class=\"name\">\(line.name)</span><span>\(line.words)</span>" }
        return """
            <details class="fold" id="\(id)"\(if: isOpen, " open")><summary><span class="lines">\(words)</span>\
            <span class="change">Change</span></summary><div class="stack">\(content)</div></details>
            """
    }

    /// Whether there is something to do before pages arrive, or an entry that was refused.
    private var needsContact: Bool {
        model.methods.isEmpty || !model.newMethod.faults.isEmpty
            || model.methods.contains { $0.isEnabled && !$0.isVerified }
    }

    private func contacts(_ frame: Frame) -> HTML {
        let fields = contactFields(model.channels) + model.proof.fields("method")
        let form = frame.form("/profile/contact-methods", fields, model.newMethod, submit: "Add and send a code")
        return """
            \(methods(frame))
            <section><h3>Add a contact method</h3>\(model.proof.guarding("\(form)\(pushForm(frame))"))</section>
            """
    }

    private func drill(_ frame: Frame) -> HTML {
        let button = frame.button("/profile/drill", "Start a drill")
        return """
            <section class="card line"><p>Last proven: \(model.proven). <span class="quiet">A drill pages you for real, \
            and you acknowledge it.</span></p>\(button)</section>
            """
    }

    private var fields: [Field] {
        [
            .text("name", "Name", isRequired: true, maximum: 100, autocomplete: "name"),
            .text(
                "time_zone", "Time zone", hint: "Like Europe/Zagreb or UTC: times are shown and written in it.",
                isRequired: true, maximum: 60),
            .clock,
            .time(
                "quiet_from", "Quiet from",
                hint: "Pages of low urgency wait until the end. Leave both empty for no quiet hours."),
            .time("quiet_to", "Quiet to"),
            .select(
                "stand_down", "When somebody else has an incident that paged me, or it is over",
                hint: "A quiet message over the way that paged you last, never a call.",
                [
                    .init("nothing", "tell me nothing"), .init("over", "tell me when it is over"),
                    .init("all", "tell me who has it, and when it is over"),
                ]),
            .text(
                "hourly_budget", "Messages an hour to each of my numbers",
                hint: "Further messages wait and arrive as one. Empty: the default of this PagerPal.",
                maximum: 4),
            .check("drills_weekly", "Send me a test page every week"),
            .check("tells_hand_off", "Tell me when my shift starts"),
            .check("tells_shift_ahead", "Tell me a day before my shift"),
        ]
    }

    private func methods(_ frame: Frame) -> HTML {
        guard !model.methods.isEmpty else {
            return "<p class=\"quiet\">Nobody can page you yet. Add a contact method.</p>"
        }
        return "<ul class=\"list\">\(model.methods.map { method($0, frame) })</ul>"
    }

    private func method(_ method: Method, _ frame: Frame) -> HTML {
        let state: HTML =
            !method.isVerified
            ? status(.doubtful, "not verified") : method.isEnabled ? status(.good, "verified") : status(.idle, "off")
        let verify: HTML = method.isVerified ? "" : codeForm(method, frame)
        let secret: HTML =
            method.secret.map { secret -> HTML in
                "<details class=\"quiet\"><summary>Key of its signatures</summary><code>\(secret)</code></details>"
            } ?? ""
        let body = linkButton("/profile/contact-methods/\(method.id)/body", "Body…", style: .quiet)
        let toggle = frame.button(
            "/profile/contact-methods/\(method.id)/state", method.isEnabled ? "Switch off" : "Switch on", style: .quiet,
            values: [("enabled", method.isEnabled ? "no" : "yes")])
        let test = frame.button("/profile/contact-methods/\(method.id)/test", "Test page", style: .quiet)
        let delete = frame.danger(
            "Delete…", explanation: "Its rules are deleted with it.", "/profile/contact-methods/\(method.id)/delete",
            "Delete it"
        )
        return """
            <li><div class="line"><span>\(frame.symbol(Symbol(method.channel))) <b>\(method.channel.shown(method.address))</b> \
            <span class="quiet">\(method.channel.name)\(if: !method.label.isEmpty, ", \(method.label)")</span></span>\(state)</div>
            \(secret)\(verify)<div class="row">\(if: method.isVerified, test)\(if: method.channel == .webhook, body)\(toggle)\(delete)</div></li>
            """
    }

    /// Hidden until the script finds that the browser can have push messages.
    private func pushForm(_ frame: Frame) -> HTML {
        guard let key = model.pushKey else { return "" }
        return """
            <form method="post" action="/profile/contact-methods" class="form" data-push-key="\(key)" hidden>\(frame.tokenField)
            <input type="hidden" name="channel" value="webpush"><input type="hidden" name="address" value="">
            <input type="hidden" name="label" value="">\(model.proof.fields("push").map { $0.html(FormInput()) })<p class="fault" role="alert" data-push-fault hidden></p>
            <div class="row"><button class="button" type="submit">Get push messages in this browser</button></div></form>
            """
    }

    private func codeForm(_ method: Method, _ frame: Frame) -> HTML {
        let field = Field(
            "code", "Code", hint: "Six digits arrived there.", isRequired: true,
            .input(type: "text", maximum: 12, autocomplete: "one-time-code"))
        let again = frame.button("/profile/contact-methods/\(method.id)/code", "Send a new code", style: .quiet)
        return """
            \(frame.form("/profile/contact-methods/\(method.id)/verify", [field.identified(by: method.id.rawValue)], method.code, submit: "Verify"))\(again)
            """
    }

    private func rules(_ frame: Frame) -> HTML {
        let usable = model.methods.map {
            Field.Choice($0.id.rawValue, "\($0.channel.name) \($0.channel.shown($0.address))")
        }
        let choices = [Field.Choice("", "–")] + usable
        let groups = model.rules.map { group -> HTML in
            let rows = group.rows.enumerated().map { index, row in ruleRow(group.urgency, index, row, choices) }
            return
                "<fieldset class=\"stack\"><legend><h3>\(group.urgency == .high ? "High urgency" : "Low urgency")</h3></legend>\(rows)</fieldset>"
        }
        let faults = model.ruleFaults.map { fault -> HTML in
            "<p class=\"fault\" role=\"alert\">\(fault.explanation)</p>"
        }
        return frame.form(
            "/profile/rules",
            """
            <p class="quiet">Until you save your own rules, the default ones apply. Clear all rows to return to them.</p>\(faults)\(groups)
            <div class="row"><button class="button primary" type="submit">Save the rules</button></div>
            """)
    }

    private func ruleRow(
        _ urgency: Urgency, _ index: Int, _ row: (method: String, delay: String), _ choices: [Field.Choice]
    ) -> HTML {
        let name = urgency.rawValue
        let method = Field.select("\(name)_method", "Channel", choices)
        let delay = Field.number("\(name)_delay", "After (minutes)")
        let input = FormInput(["\(name)_method": [row.method], "\(name)_delay": [row.delay]])
        return """
            <div class="side">\(method.identified(by: "\(index)").plain(input))\(delay.identified(by: "\(index)").plain(input))</div>
            """
    }
}

/// The fields of a new contact method.
func contactFields(_ channels: [Field.Choice]) -> [Field] {
    [
        .select("channel", "Channel", channels),
        .text(
            "address", "Address", hint: "A number with its country, like +385915550101, or an e-mail address.",
            isRequired: true, maximum: 254),
        .text("label", "Label", hint: "Like “Work” or “Mobile”.", maximum: 100),
    ]
}
