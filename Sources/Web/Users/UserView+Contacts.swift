internal import Domain

extension UserView {
    /// The contact methods for readers who may change them. Others see only that they are private.
    func contacts(_ frame: Frame) -> HTML {
        guard let contacts = model.contacts else {
            return """
                <section class="card"><h2>Contact methods</h2>
                <p class="quiet">Only \(model.name) and administrators see them.</p></section>
                """
        }
        let none: HTML = "<p>\(status(.doubtful, "No way to reach \(model.name) yet."))</p>"
        let fields: [Field] =
            [
                .select("channel", "Channel", model.channels),
                .text(
                    "address", "Address",
                    hint: "A number with its country, like +385915550101, an e-mail address, or an https address.",
                    isRequired: true, maximum: 500),
                .text("label", "Label", hint: "Like Mobile or Work.", maximum: 100),
            ] + model.proof.fields("new")
        let form = frame.form(
            "/users/\(model.id)/contact-methods", fields, input(of: "", fields), submit: "Add")
        return """
            <section class="card" id="contacts"><h2>Contact methods</h2>
            \(contacts.isEmpty ? none : "<ul class=\"list\">\(contacts.map { line($0, frame) })</ul>")</section>
            <section class="card" id="contact"><h2>Add a contact method</h2>
            \(model.proof.guarding(form))</section>
            """
    }

    private func line(_ contact: Contact, _ frame: Frame) -> HTML {
        let state: HTML =
            !contact.isEnabled
            ? status(.idle, "disabled")
            : contact.isVerified ? status(.good, "verified") : status(.doubtful, "not verified: gets no pages")
        let path: Path = "/users/\(model.id)/contact-methods/\(contact.id)"
        let label: HTML = contact.label.isEmpty ? "" : " <span class=\"tag\">\(contact.label)</span>"
        return """
            <li class="stack"><div class="line"><span>\(frame.symbol(Symbol(contact.channel))) \
            <b>\(contact.address)</b> <span class="quiet">\(contact.name)</span>\(label)</span>\(state)</div>
            \(contact.isVerified || !contact.isEnabled ? nil : verification(contact, path, frame))
            <div class="row">\(frame.button("\(path)/enabled", contact.isEnabled ? "Disable" : "Enable", style: .quiet))\
            \(frame.button("\(path)/delete", "Delete", style: .quiet))</div></li>
            """
    }

    /// Buttons and a field for sending and confirming a code.
    private func verification(_ contact: Contact, _ path: Path, _ frame: Frame) -> HTML {
        let code = Field(
            "code", "Code that arrived", isRequired: true,
            .input(type: "text", maximum: 12, autocomplete: "one-time-code"))
        let isThis = model.input["method"] == contact.id.rawValue
        let input = isThis ? model.input.mentions([code]) : FormInput()
        let field = code.identified(by: contact.id.rawValue).html(input)
        return """
            <div class="side">\(frame.button("\(path)/code", "Send a code"))\
            \(frame.form("\(path)/verification", style: "side", "\(field)<button class=\"button\" type=\"submit\">Verify</button>"))</div>
            """
    }

    /// Whether the user signs in, and a form for the password.
    func signingIn(_ frame: Frame) -> HTML {
        let password = Field.password(
            "password", "New password", hint: "At least 12 characters. All of the person’s sessions end.", isNew: true)
        let fields = [password] + model.proof.fields("password")
        let form = frame.form(
            "/users/\(model.id)/password", fields, input(of: "password", fields),
            submit: model.signsIn ? "Set the password" : "Let \(model.name) sign in")
        let take = frame.danger(
            "Block sign-in", explanation: "\(model.name) is still paged but can't sign in. All sessions end.",
            "/users/\(model.id)/password/delete", "Block sign-in")
        let again = model.invitedUntil == nil ? "Send an invitation" : "Send the invitation again"
        let invite = frame.button("/users/\(model.id)/invitation", again, symbol: .notifications)
        let withdraw = frame.button("/users/\(model.id)/invitation/delete", "Withdraw the invitation", style: .quiet)
        let buttons: HTML = "<div class=\"row\">\(invite)\(if: model.invitedUntil != nil, withdraw)</div>"
        return """
            <section class="card" id="password"><h2>Sign-in</h2><div class="stack">
            \(if: model.canInvite && model.isEnabled && !model.signsIn, buttons)\(model.proof.guarding(form))
            \(if: model.signsIn && !model.isSelf, take)</div></section>
            """
    }

    /// What was typed into a form of the page, and its faults.
    ///
    /// - Parameter name: the form's `form`. That of a new contact method has none.
    private func input(of name: String, _ fields: [Field]) -> FormInput {
        model.input["form"] == name ? model.input.mentions(fields) : FormInput()
    }

    /// What the user gets in with besides the password.
    func access(_ frame: Frame) -> HTML {
        let none: HTML = "<p class=\"quiet\">No API tokens.</p>"
        let revoke = frame.danger(
            "Revoke everything",
            explanation:
                "Ends all sessions, tokens, calendar links, links in mails, and browsers that are remembered. The password stays.",
            "/users/\(model.id)/revoke", "Revoke everything")
        let proof = model.proof.fields("factor")
        let remove = frame.form(
            "/users/\(model.id)/factor/delete", proof, input(of: "factor", proof), submit: "Remove it")
        let factor: HTML = """
            <details class="danger"\(if: model.input["form"] == "factor", " open")><summary class="button quiet">Remove the second factor</summary>
            <div class="stack"><p>All passkeys too. For a lost phone. Ask \(model.name) in person first.</p>\(model.proof.guarding(remove))</div></details>
            """
        return """
            <section class="card" id="access"><h2>Tokens and sessions</h2><div class="stack">
            \(model.tokens.isEmpty ? none : tokenList(model.tokens, at: "/users/\(model.id)/tokens", frame))\(if: model.hasFactor, factor)\(revoke)</div></section>
            """
    }

    /// The actions that disable and delete a user.
    func ending(_ frame: Frame) -> HTML {
        let path: Path = "/users/\(model.id)/enabled"
        let disable = frame.danger(
            "Disable \(model.name)",
            explanation:
                model.isService
                ? "Its tokens are revoked."
                : "No pages and no sign-in. The next person takes over the shifts, and open incidents are handed over at once.",
            path, "Disable")
        let delete = frame.danger(
            "Delete \(model.name)",
            explanation: "Removes the user from teams, rotations, overrides and policies, with all contact methods.",
            "/users/\(model.id)/delete", "Delete \(model.name)")
        let proof = model.proof.fields("enabled")
        let enable = model.proof.guarding(
            frame.form(path, proof, input(of: "enabled", proof), submit: "Enable \(model.name)"))
        return """
            <section class="card" id="leaving"><h2>Leaving</h2><div class="stack">\(model.isEnabled ? disable : enable)\
            \(delete)</div></section>
            """
    }
}

extension FormInput {
    /// The input with only the faults of these fields and those of no field, because a web page has several forms.
    func mentions(_ fields: [Field]) -> FormInput {
        FormInput(values, faults: faults.filter { fault in fields.contains { $0.name == fault.field } })
    }
}
