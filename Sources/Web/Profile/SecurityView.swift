/// The user's password, sessions and API tokens.
struct SecurityView: View {
    struct SessionLine: Sendable {
        var id: String
        var agent: String
        var address: String
        var seen: Moment
        var isThis: Bool
    }

    struct Model: Sendable {
        var email: String
        var password: FormInput
        var newEmail: FormInput
        var sessions: [SessionLine]
        var tokens: [TokenLine]
        var newToken: FormInput
        /// To which a token can be bound.
        var teams: [Field.Choice]
        /// What a new token needs.
        var proof: ProofQuestion
        /// Set only right after the token was created.
        var freshToken: String?
    }

    let title = "Password, sessions, tokens"
    let section: Section? = .profile
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title, actions: "\(linkButton("/profile/factor", "Second factor", symbol: frame.symbol(.key)))\(linkButton("/profile", "Back to the profile"))"))
        \(model.freshToken.map(freshTokenCard))
        <div class="columns even"><div>
        <section class="card"><h2>Password</h2>\(frame.form("/profile/password", passwordFields, model.password, submit: "Change the password"))</section>
        <section class="card"><header><h2>Sessions</h2>\(if: model.sessions.count > 1, frame.button("/profile/sessions/end-others", "End all others", style: .danger))</header>
        <ul class="list">\(model.sessions.map { line($0, frame) })</ul></section>
        <section class="card" id="address"><h2>Address</h2><p>You sign in with <b>\(model.email)</b>.</p>\(frame.form("/profile/email", emailFields, model.newEmail, submit: "Send a link to the new address"))</section></div>
        <div><section class="card"><h2>API tokens</h2>\(tokens(frame))</section>
        <section class="card"><h2>New token</h2>\(model.proof.guarding(newToken(frame)))</section></div></div>
        """
    }

    private var passwordFields: [Field] {
        [
            .password("current", "Current password"),
            .password(
                "password", "New password", hint: "At least 12 characters. Your other sessions end.", isNew: true),
        ]
    }

    private var emailFields: [Field] {
        [
            .email("email", "New address", hint: "It changes when you open the link that arrives there."),
            Field.password("current", "Your password").identified(by: "email"),
        ]
    }

    private func newToken(_ frame: Frame) -> HTML {
        let fields = Field.token(teams: model.teams) + model.proof.fields("token")
        return frame.form("/profile/tokens", fields, model.newToken, submit: "Create and show it")
    }

    private func line(_ session: SessionLine, _ frame: Frame) -> HTML {
        let end: HTML =
            session.isThis
            ? status(.good, "this browser") : frame.button("/profile/sessions/\(session.id)/end", "End", style: .quiet)
        return """
            <li><div class="line"><span>\(session.agent)</span>\(end)</div>\
            <p class="small quiet">from \(session.address), used \(session.seen.html)</p></li>
            """
    }

    private func tokens(_ frame: Frame) -> HTML {
        guard !model.tokens.isEmpty else {
            return "<p class=\"quiet\">No token yet. Scripts use a token to act for you.</p>"
        }
        return tokenList(model.tokens, at: "/profile/tokens", frame)
    }
}
