/// The user's password, sessions and API tokens.
struct SecurityView: View {
    struct SessionLine: Sendable {
        var id: String
        var agent: String
        var address: String
        var seen: Moment
        var isThis: Bool
    }

    struct TokenLine: Sendable {
        var id: String
        var name: String
        var hint: String
        var mayWrite: Bool
        var expires: Moment?
        var used: Moment?
    }

    struct Model: Sendable {
        var password: FormInput
        var sessions: [SessionLine]
        var tokens: [TokenLine]
        var newToken: FormInput
        /// Set only right after the token was created.
        var freshToken: String?
    }

    let title = "Password, sessions, tokens"
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title, actions: linkButton("/profile", "Back to the profile")))
        \(model.freshToken.map(fresh))
        <div class="columns even"><div>
        <section class="card"><h2>Password</h2>\(frame.form("/profile/password", passwordFields, model.password, submit: "Change the password"))</section>
        <section class="card"><header><h2>Sessions</h2>\(if: model.sessions.count > 1, frame.button("/profile/sessions/end-others", "End all others", style: .danger))</header>
        <ul class="list">\(model.sessions.map { line($0, frame) })</ul></section></div>
        <div><section class="card"><h2>API tokens</h2>\(tokens(frame))</section>
        <section class="card"><h2>New token</h2>\(frame.form("/profile/tokens", tokenFields, model.newToken, submit: "Create and show it"))</section></div></div>
        """
    }

    private var passwordFields: [Field] {
        [
            .password("current", "Current password"),
            .password(
                "password", "New password", hint: "At least 12 characters. Your other sessions end.", isNew: true),
        ]
    }

    private var tokenFields: [Field] {
        [
            .text("token_name", "Purpose", isRequired: true, maximum: 100),
            .select(
                "scope", "It may",
                [.init("read", "look at everything you see"), .init("write", "do everything you may")]),
            .number("days", "Days until it expires", hint: "Empty: never."),
        ]
    }

    private func fresh(_ token: String) -> HTML {
        """
        <section class="card calm"><h2>The token, shown once</h2>
        <p>Copy it now. It is not shown again.</p>\(copyable(token))</section>
        """
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
        let lines = model.tokens.map { token -> HTML in
            let used: HTML = token.used.map { "used \($0.html)" } ?? "never used"
            let expires: HTML = token.expires.map { ", expires \($0.html)" } ?? ", never expires"
            return """
                <li><div class="line"><span><b>\(token.name)</b> <code>\(token.hint)…</code> <span class="tag">\(token.mayWrite ? "write" : "read")</span></span>\
                \(frame.button("/profile/tokens/\(token.id)/delete", "Revoke", style: .quiet))</div>\
                <p class="small quiet">\(used)\(expires)</p></li>
                """
        }
        return "<ul class=\"list\">\(lines)</ul>"
    }
}
