/// The form for the second factor, after the password.
struct FactorSignInView: View {
    let title = "Second factor"
    private let input: FormInput

    /// - Parameter input: `code`, and `next`, the path to open after signing in.
    init(_ input: FormInput) { self.input = input }

    func content(_ frame: Frame) -> HTML {
        let field = Field(
            "code", "Code", hint: "The six digits that your app shows now, or one of your recovery codes.",
            isRequired: true, .input(type: "text", maximum: 20, autocomplete: "one-time-code"))
        return """
            <h1>Second factor</h1>
            \(frame.form("/login/factor", hidden: [("next", input["next"])], [field], input, submit: "Sign in"))
            <p class="small quiet">Lost it, and the recovery codes? An administrator can remove it, or on the server
            <code>pagerpal reset-factor --email you@example.com</code>.</p>
            """
    }
}
