/// The second factor: an app for one-time passwords, passkeys and recovery codes.
struct FactorView: View {
    /// The app: not there, waiting for its first code, or in use.
    enum App: Sendable {
        case off
        /// The secret in groups, and the address that apps read.
        case pending(secret: String, address: String, QRCode?)
        case on
    }

    struct Passkey: Sendable {
        var id: String
        var name: String
        var created: Moment
        var used: Moment?
    }

    struct Model: Sendable {
        var app: App
        var passkeys: [Passkey]
        /// Why the user can't add a passkey.
        var noPasskeys: String?
        /// Nil without a second factor.
        var recoveryCodes: Int?
        /// The form that was refused: `app`, `passkey`, `codes`, or the id of a passkey.
        var refused = ""
        var input = FormInput()
    }

    let title = "Second factor"
    let section: Section? = .profile
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        let app: HTML =
            switch model.app {
            case .off: off(frame)
            case .pending(let secret, let address, let code): pending(secret, address, code, frame)
            case .on: on(frame)
            }
        return """
            \(frame.heading(title, actions: linkButton("/profile/security", "Back")))
            <p class="lead">After your password, signing in also asks for one of these. Your password alone is then of no use to others.</p>
            <div class="columns even"><div>\(passkeys(frame))\(model.recoveryCodes.map { codes($0, frame) })</div><div>\(app)</div></div>
            """
    }

    /// The password that every change needs.
    private func password(_ form: String) -> Field {
        Field.password("current", "Your password").identified(by: form)
    }

    private func input(_ form: String) -> FormInput { model.refused == form ? model.input : FormInput() }

    private func passkeys(_ frame: Frame) -> HTML {
        let lines = model.passkeys.map { passkey -> HTML in
            let used: HTML = passkey.used.map { "used \($0.html)" } ?? "not used yet"
            let remove = frame.form(
                "/profile/factor/passkeys/\(passkey.id)/delete", [password(passkey.id)], input(passkey.id),
                submit: "Remove it")
            return """
                <li class="stack"><div class="line"><b>\(passkey.name)</b><span class="small quiet">added \(passkey.created.html), \(used)</span></div>
                <details class="danger"\(if: model.refused == passkey.id, " open")><summary class="button quiet">Remove</summary>\(remove)</details></li>
                """
        }
        let add: HTML =
            model.noPasskeys.map { reason -> HTML in "<p class=\"quiet\">\(reason)</p>" }
            ?? frame.form(
                "/profile/factor/passkeys", [password("passkey")], input("passkey"), submit: "Add a passkey")
        return """
            <section class="card" id="passkeys"><h2>Passkeys</h2><div class="stack">
            <p class="quiet">A phone, a computer or a security key signs in for you, with your finger, your face or a PIN. A passkey
            also signs in without the password.</p>
            \(if: !lines.isEmpty, "<ul class=\"list\">\(lines)</ul>")\(add)</div></section>
            """
    }

    private func off(_ frame: Frame) -> HTML {
        """
        <section class="card"><h2>App</h2><p>An app on your phone shows six digits, which signing in asks for.</p>
        \(frame.form("/profile/factor", [password("app")], input("app"), submit: "Set it up"))</section>
        """
    }

    private func pending(_ secret: String, _ address: String, _ code: QRCode?, _ frame: Frame) -> HTML {
        let digits = Field(
            "code", "Code", hint: "The six digits that the app shows.", isRequired: true,
            .input(type: "text", maximum: 12, autocomplete: "one-time-code"))
        return """
            <section class="card"><h2>1. Add it to your app</h2>
            <p>Scan the code with an app for one-time passwords, or type the secret into it.</p>
            \(code.map { $0.svg })\(copyable(secret))
            <details class="small"><summary>The address for apps</summary>\(copyable(address))</details></section>
            <section class="card"><h2>2. Type what it shows</h2>
            \(frame.form("/profile/factor/confirm", [digits], input("confirm"), submit: "Turn it on"))</section>
            <section class="card"><h2>Start again</h2>\(frame.form("/profile/factor", [password("app")], input("app"), submit: "Make another secret"))</section>
            """
    }

    private func on(_ frame: Frame) -> HTML {
        """
        <section class="card"><h2>App</h2><p>\(status(.good, "Your app shows the codes."))</p></section>
        <section class="card"><h2>Turn the app off</h2>
        \(frame.form("/profile/factor/delete", [password("delete")], input("delete"), submit: "Turn it off"))</section>
        """
    }

    private func codes(_ left: Int, _ frame: Frame) -> HTML {
        """
        <section class="card"><h2>Recovery codes</h2><p>\(left) recovery codes are left.</p>
        <p class="quiet">New ones replace the old ones.</p>
        \(frame.form("/profile/factor/codes", [password("codes")], input("codes"), submit: "Make and show them"))</section>
        """
    }
}

/// Recovery codes, shown this once.
struct RecoveryCodesView: View {
    let title = "Second factor"
    let section: Section? = .profile
    let codes: [String]

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title, actions: linkButton("/profile/factor", "Back")))
        <section class="card calm"><h2>Recovery codes, shown this once</h2>
        <p>Each one replaces the second factor once. Keep them where your phone is not.</p>
        <ul class="list">\(codes.map { code -> HTML in "<li><code>\(code)</code></li>" })</ul></section>
        """
    }
}
