/// The form for the second factor, after the password.
struct FactorSignInView: View {
    struct Model: Sendable {
        /// `code`, and `next`, the path to open after signing in.
        var input: FormInput
        var hasApp: Bool
        /// Nil if the user has no passkey.
        var passkey: PasskeyQuestion?
        /// Why the passkey was refused.
        var passkeyFault: String?
    }

    let title = "Second factor"
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        let next = model.input["next"]
        let hint =
            model.hasApp
            ? "The six digits that your app shows now, or one of your recovery codes." : "One of your recovery codes."
        let field = Field(
            "code", "Code", hint: hint, isRequired: true,
            .input(type: "text", maximum: 20, autocomplete: "one-time-code"))
        let passkey: HTML? = model.passkey.map { question in
            """
            \(frame.passkeyButton(question, to: "/login/factor/passkey", next: next, fault: model.passkeyFault, style: .primary))
            <p class="small quiet" data-no-passkeys>This browser needs its script for passkeys.</p>\(frame.passkeyScript)
            """
        }
        return """
            <h1>Second factor</h1>\(passkey)
            \(frame.form("/login/factor", hidden: [("next", next)], [field], model.input, submit: "Sign in"))
            <p class="small quiet">Lost it, and the recovery codes? An administrator can remove it, or on the server
            <code>pagerpal reset-factor --email you@example.com</code>.</p>
            """
    }
}
