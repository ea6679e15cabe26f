internal import Domain

/// Who is on call now and next, for each team, or at a chosen instant.
struct OnCallView: View {
    struct Team: Sendable {
        var name: String
        var path: Path
        var duties: [DutyLine]
        /// The policy that pages for a team without a schedule.
        var policy: (name: String, path: Path)?
    }

    struct Model: Sendable {
        var teams: [Team]
        /// `at`, as typed.
        var input: FormInput
        /// The chosen instant, or nil for now.
        var at: Timestamp?
    }

    let title = "On call"
    let section: Section? = .oncall
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("On call", lead: lead(frame)))
        \(when(frame))
        <section id="duties" \(if: model.at == nil, "data-live ")class="stack" aria-label="Teams">\
        \(model.teams.isEmpty ? none(frame) : "\(model.teams.map { card($0, frame) })")</section>
        """
    }

    private func lead(_ frame: Frame) -> String {
        let zone = frame.reader.timeZone
        return model.at.map { "At \(frame.reader.local($0)) in your time zone, \(zone)." }
            ?? "Now. Times are in your time zone, \(zone)."
    }

    private func when(_ frame: Frame) -> HTML {
        let field = Field.localTime("at", "At another time")
        let fault: HTML? = model.input.fault(of: "at").map { "<p class=\"fault\" role=\"alert\">\($0)</p>" }
        return """
            <form method="get" action="/oncall" class="filters">\(field.plain(model.input))
            <button class="button" type="submit">Show</button>
            \(if: model.at != nil, "<a class=\"button quiet\" href=\"/oncall\">Now</a>")</form>\(fault)
            """
    }

    private func none(_ frame: Frame) -> HTML {
        emptyState(
            frame.symbol(.teams), "No team yet", "Create a team and add its members. They can then be on call.",
            action: frame.sections.contains(.teams) ? linkButton("/teams", "To the teams", style: .primary) : nil)
    }

    private func card(_ team: Team, _ frame: Frame) -> HTML {
        let duties = team.duties.map { duty -> HTML in
            """
            <li class="duty"><div class="line"><span class="who">\(duty.who)</span>\
            <a href="\(duty.path)">\(duty.schedule)</a></div>
            <span class="quiet">\(duty.then(frame.reader))</span></li>
            """
        }
        let everybody: HTML = "<p class=\"quiet\">No schedule.</p>"
        let policy: HTML =
            team.policy.map { "<span class=\"small\">Pages follow <a href=\"\($0.path)\">\($0.name)</a></span>" }
            ?? "<span class=\"small quiet\">Without a policy, everybody of the team is paged.</span>"
        return """
            <section class="card"><header><h2><a href="\(team.path)">\(team.name)</a></h2>\(policy)</header>
            \(team.duties.isEmpty ? everybody : "<ul class=\"list\">\(duties)</ul>")</section>
            """
    }
}
