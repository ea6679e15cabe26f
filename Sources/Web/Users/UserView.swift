internal import Domain

/// One user: role, teams, contact methods, and what an administrator can do.
struct UserView: View {
    struct Contact: Sendable {
        var id: ContactMethodID
        var channel: Channel
        var name: String
        var address: String
        var label: String
        var isEnabled: Bool
        var isVerified: Bool
    }

    typealias Link = (name: String, path: Path)

    struct Model: Sendable {
        var id: UserID
        var name: String
        var email: String
        var role: Role
        var timeZone: String
        var isEnabled: Bool
        var isService: Bool
        var signsIn: Bool
        /// Until when the user's invitation can be used.
        var invitedUntil: Moment?
        var canInvite: Bool
        var isSelf: Bool
        var teams: [Link]
        var schedules: [(name: String, path: Path, isOnCall: Bool)]
        /// Nil if the reader may not see them.
        var contacts: [Contact]?
        /// `High urgency: at once e-mail ada@example.com.`
        var rules: [String]
        var mayAdminister: Bool
        /// Whether the user signs in with a second factor that the reader may remove.
        var hasFactor: Bool
        /// The user's API tokens. Empty unless the reader may revoke them.
        var tokens: [TokenLine]
        /// To which a token can be bound.
        var tokenTeams: [Field.Choice]
        /// Set only right after the token was created.
        var freshToken: String?
        /// What a new contact method, or a new token of a service account, needs.
        var proof: ProofQuestion
        var audit: Path?
        /// `channel`, `address`, `label` of a new contact method, or `code` of the one in `method`; `password`.
        var input: FormInput
        var channels: [Field.Choice]
    }

    let section: Section? = .users
    let model: Model

    init(_ model: Model) { self.model = model }

    var title: String { model.name }

    func content(_ frame: Frame) -> HTML {
        let edit = linkButton("/users/\(model.id)/edit", "Edit", symbol: frame.symbol(.settings))
        let profile = linkButton("/profile", "Your profile", symbol: frame.symbol(.profile))
        let heading = frame.heading(
            model.name, actions: "\(if: model.isSelf, profile)\(if: model.mayAdminister, edit)")
        guard !model.isService else {
            return """
                \(heading)<div class="columns even"><div>\(facts(frame))\(if: model.mayAdminister, ending(frame))</div>
                <div>\(if: model.mayAdminister, serviceTokens(frame))</div></div>
                """
        }
        return """
            \(heading)
            <div class="columns even"><div>\(facts(frame))\(contacts(frame))</div>
            <div>\(turns)\(rules)\(if: model.mayAdminister, signingIn(frame))\(if: model.mayAdminister, access(frame))\(if: model.mayAdminister, ending(frame))</div></div>
            """
    }

    private func facts(_ frame: Frame) -> HTML {
        let teams = model.teams.map { team -> HTML in "<li><a href=\"\(team.path)\">\(team.name)</a></li>" }
        let none: HTML = "<span class=\"quiet\">none</span>"
        let audit: HTML? = model.audit.map { path in
            "<dt>Changes</dt><dd><a href=\"\(path)\">In the audit log</a></dd>"
        }
        return """
            <section class="card"><dl class="facts"><dt>State</dt><dd>\(model.isEnabled ? status(.good, "enabled") : status(.idle, "disabled"))</dd>
            <dt>Role</dt><dd>\(model.role.rawValue)</dd><dt>E-mail</dt><dd>\(model.email)</dd>
            <dt>Sign-in</dt><dd>\(signIn)</dd>
            <dt>Time zone</dt><dd>\(model.timeZone)</dd>
            <dt>Teams</dt><dd>\(teams.isEmpty ? none : "<ul>\(teams)</ul>")</dd>\(audit)</dl></section>
            """
    }

    private var signIn: HTML {
        if !model.isEnabled { return "blocked: the user is disabled" }
        if model.isService { return "never: a service account, with API tokens only" }
        if model.signsIn { return "allowed" }
        return model.invitedUntil.map { "invited, not yet signed in. The link expires \($0.html)" }
            ?? "none: only paged"
    }

    private var turns: HTML {
        let lines = model.schedules.map { schedule -> HTML in
            """
            <li class="line"><a href="\(schedule.path)">\(schedule.name)</a>\(if: schedule.isOnCall, "<span class=\"tag\">on call</span>")</li>
            """
        }
        let none: HTML = "<p class=\"quiet\">Is in no schedule.</p>"
        return """
            <section class="card"><h2>Schedules</h2>\(lines.isEmpty ? none : "<ul class=\"list\">\(lines)</ul>")</section>
            """
    }

    private var rules: HTML {
        guard !model.rules.isEmpty else { return "" }
        let lines = model.rules.map { rule -> HTML in "<li>\(rule)</li>" }
        return
            "<section class=\"card\"><h2>How pages reach \(model.name)</h2><ul class=\"list\">\(lines)</ul></section>"
    }
}
