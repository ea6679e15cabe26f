/// What a form asks for if its user signed in some time ago: what it makes outlives the session.
enum ProofQuestion: Sendable {
    case none
    /// The password, or a code of the user's app, in the form itself.
    case password
    /// Signing in again with the company account, by links in place of the form.
    case company([CompanyButton])

    /// The form's field.
    ///
    /// - Parameter suffix: tells it from those of other forms on the page.
    func fields(_ suffix: String) -> [Field] {
        switch self {
        case .none, .company: []
        case .password:
            [
                Field.password(
                    "current", "Your password",
                    hint: "You signed in more than ten minutes ago. A code of your authenticator app does, too."
                ).identified(by: suffix)
            ]
        }
    }

    /// The form, or the link in its place.
    func guarding(_ form: HTML) -> HTML {
        switch self {
        case .none, .password: return form
        case .company(let buttons):
            return """
                <p>Sign in again first: you did so more than ten minutes ago.</p>
                \(buttons.map { button -> HTML in "<p>\(button.html)</p>" })
                """
        }
    }
}
