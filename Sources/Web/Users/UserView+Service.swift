extension UserView {
    /// The tokens of a service account, and the form of a new one.
    func serviceTokens(_ frame: Frame) -> HTML {
        let none: HTML = "<p class=\"quiet\">No API tokens.</p>"
        let fields = Field.token(teams: model.tokenTeams) + model.proof.fields("new")
        let form = frame.form(
            "/users/\(model.id)/tokens", fields, model.input.mentions(fields), submit: "Create and show it")
        return """
            \(model.freshToken.map(freshTokenCard))
            <section class="card" id="access"><h2>API tokens</h2>\(model.tokens.isEmpty ? none : tokenList(model.tokens, at: "/users/\(model.id)/tokens", frame))</section>
            <section class="card" id="token"><h2>New token</h2>\(model.proof.guarding(form))</section>
            """
    }
}

extension Field {
    /// The fields of a new token.
    ///
    /// - Parameter teams: those to which it can be bound.
    static func token(teams: [Choice]) -> [Field] {
        let fields: [Field] = [
            .text("token_name", "Purpose", isRequired: true, maximum: 100),
            .select(
                "scope", "It may",
                [
                    .init("read", "look at everything that its user sees"), .init("incidents", "also act on incidents"),
                    .init("write", "do everything that its user may"),
                ]),
            .number("days", "Days until it expires", hint: "Empty: never."),
        ]
        let bound = Field.checks("token_team", "Only for these teams", hint: "None: for all.", teams)
        return teams.isEmpty ? fields : fields + [bound]
    }
}

/// A new token, shown once.
func freshTokenCard(_ token: String) -> HTML {
    """
    <section class="card calm"><h2>The token, shown once</h2>
    <p>Copy it now. It is not shown again.</p>\(copyable(token))</section>
    """
}
