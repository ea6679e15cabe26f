/// The form for signing in.
struct LoginView: View {
    let title = "Sign in"
    private let input: FormInput
    private let companies: [CompanyButton]
    private let hasPasswords: Bool
    private let passkey: PasskeyQuestion?
    private let passkeyFault: String?

    /// - Parameters:
    ///   - input: `email`, and `next`, the path to open after signing in.
    ///   - companies: those of the companies' sign-in services.
    ///   - hasPasswords: whether people sign in with a password, too.
    ///   - passkey: nil where browsers allow no passkeys.
    ///   - passkeyFault: why a passkey was refused.
    init(
        _ input: FormInput, companies: [CompanyButton], hasPasswords: Bool, passkey: PasskeyQuestion?,
        passkeyFault: String?
    ) {
        self.input = input
        self.companies = companies
        self.hasPasswords = hasPasswords
        self.passkey = passkey
        self.passkeyFault = passkeyFault
    }

    func content(_ frame: Frame) -> HTML {
        let buttons = companies.map { button -> HTML in "<p>\(button.html)</p>" }
        guard hasPasswords else { return "<h1>Sign in</h1>\(buttons)" }
        let fields: [Field] = [.email("email", "E-mail"), .password("password", "Password")]
        return """
            <h1>Sign in</h1>
            \(buttons)
            \(frame.form("/login", hidden: [("next", input["next"])], fields, input, submit: "Sign in"))
            \(passkey.map { "\(frame.passkeyButton($0, to: "/login/passkey", next: input["next"], fault: passkeyFault))\(frame.passkeyScript)" as HTML })
            <p class="small"><a href="/password/forgotten">Forgotten your password?</a></p>
            """
    }
}

/// The form that requests a reset link for a forgotten password.
struct ForgottenPasswordView: View {
    let title = "Forgotten password"
    private let input: FormInput
    private let isMailPossible: Bool

    init(_ input: FormInput, isMailPossible: Bool) {
        self.input = input
        self.isMailPossible = isMailPossible
    }

    func content(_ frame: Frame) -> HTML {
        let other: HTML = """
            <p class="small quiet">On the server, <code>pagerpal reset-password --email you@example.com</code> does the same.</p>
            """
        guard isMailPossible else {
            return """
                <h1>Forgotten password</h1>
                <p>This PagerPal can't send e-mail. Ask an administrator, who can give you a new password.</p>\(other)
                """
        }
        return """
            <h1>Forgotten password</h1>
            <p>We send a link to your account's address, with which you choose a new one.</p>
            \(frame.form("/password/forgotten", [.email("email", "E-mail")], input, submit: "Send the link"))
            \(other)
            <p class="small"><a href="/login">Back to signing in</a></p>
            """
    }
}

/// The form for a new password, opened by the link in a mail.
struct NewPasswordView: View {
    let title = "New password"
    private let email: String
    private let action: Path
    private let isFirst: Bool
    private let input: FormInput

    /// - Parameters:
    ///   - action: the path of this web page, which contains the link's secret.
    ///   - isFirst: whether the person was invited and has no password yet.
    init(email: String, action: Path, isFirst: Bool, _ input: FormInput) {
        self.email = email
        self.action = action
        self.isFirst = isFirst
        self.input = input
    }

    func content(_ frame: Frame) -> HTML {
        let field = Field.password("password", "New password", hint: "At least 12 characters.", isNew: true)
        guard !isFirst else {
            return """
                <h1>Welcome to PagerPal</h1><p>You sign in as \(email). Choose a password.</p>
                \(frame.form(action, [field], input, submit: "Save and sign in"))
                """
        }
        return """
            <h1>New password</h1><p>For \(email). All browsers that are signed in will be signed out.</p>
            \(frame.form(action, [field], input, submit: "Save and sign in"))
            """
    }
}
