internal import Domain
internal import Transport

/// The overview for operators: open incidents, who is on call, and the system's health.
struct DashboardView: View {
    struct Model: Sendable {
        var incidents: IncidentList
        /// How many open incidents are not listed, such as “12” or “980+”.
        var more: String
        var duties: [TeamDuty]
        var providers: [Health]
        var workers: [Health]
        /// The maintenance windows that apply now: their incidents page nobody.
        var maintenance: [Maintenance]
        /// Problems that someone should fix before they cause harm.
        var warnings: [String]
        /// The first incomplete step of the setup, or nil if the setup is complete.
        var setup: Path?
    }

    /// A running maintenance window.
    struct Maintenance: Sendable {
        var name: String
        var team: String
        var until: Moment
    }

    /// Who is on call for a team.
    struct TeamDuty: Sendable {
        struct Shift: Sendable {
            var schedule: String
            /// Empty in a gap.
            var people: [String]
            var until: Moment?
            /// Who is on call next, or nil if nothing changes within two weeks.
            var next: [String]?
        }

        var team: String
        var shifts: [Shift]
    }

    /// The health of a part of the system.
    struct Health: Sendable {
        var name: String
        var tone: Tone
        var words: String
        var detail: String?
    }

    let section: Section? = .dashboard
    private let model: Model

    init(_ model: Model) { self.model = model }

    let title = "Dashboard"

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Dashboard"))\(model.setup.map(unfinished))
        <section id="open" data-live class="stack" aria-label="Open incidents">\(open(frame))</section>
        <section id="around" data-live class="stack">\(maintenance(frame))\(if: !model.warnings.isEmpty, warnings(frame))
        <div class="columns even"><section class="card"><h2>On call</h2>\(duties)</section>
        <section class="card"><h2>System</h2>\(health)</section></div></section>
        """
    }

    private func unfinished(_ step: Path) -> HTML {
        """
        <section class="card line"><p>The set-up is not finished: nobody can be paged yet.</p>\(linkButton(step, "Go on", style: .primary))</section>
        """
    }

    private func open(_ frame: Frame) -> HTML {
        guard !model.incidents.rows.isEmpty else {
            return """
                <div class="card calm">\(emptyState(frame.symbol(.resolve), "All quiet", "No incident is open. New incidents appear here by themselves."))</div>
                """
        }
        let more: HTML =
            "<p><a href=\"/incidents\">\(model.more) more open \(model.more == "1" ? "incident" : "incidents")</a></p>"
        return "\(model.incidents.html(frame))\(if: model.more != "0", more)"
    }

    private func maintenance(_ frame: Frame) -> HTML {
        let lines = model.maintenance.map { window -> HTML in
            """
            <li class="warning-line">\(frame.symbol(.maintenance))<span>Maintenance “\(window.name)” of \(window.team) \
            ends \(window.until.html). Until then its incidents page nobody.</span></li>
            """
        }
        return lines.isEmpty
            ? "" : "<section class=\"card\"><h2>Maintenance</h2><ul class=\"warnings\">\(lines)</ul></section>"
    }

    private func warnings(_ frame: Frame) -> HTML {
        let lines = model.warnings.map { warning -> HTML in
            "<li class=\"warning-line\">\(frame.symbol(.warning))<span>\(warning)</span></li>"
        }
        return "<section class=\"card\"><h2>Coverage</h2><ul class=\"warnings\">\(lines)</ul></section>"
    }

    private var duties: HTML {
        guard !model.duties.isEmpty else { return "<p class=\"quiet\">There is no team yet.</p>" }
        let teams = model.duties.map { duty -> HTML in
            let shifts = duty.shifts.map(line)
            let none: HTML = "<p class=\"quiet\">No schedule: everybody of the team is paged.</p>"
            return "<li><h3>\(duty.team)</h3>\(duty.shifts.isEmpty ? none : "\(shifts)")</li>"
        }
        return "<ul class=\"list\">\(teams)</ul>"
    }

    private func line(_ shift: TeamDuty.Shift) -> HTML {
        let people: HTML =
            shift.people.isEmpty
            ? "<b>\(status(.bad, "nobody"))</b>" : "<b>\(shift.people.joined(separator: ", "))</b>"
        let until: HTML? = shift.until.map { "<span class=\"quiet\">changes \($0.html)</span>" }
        let next: HTML? = shift.next.map { people in
            "<p class=\"small quiet\">then \(people.isEmpty ? "nobody" : people.joined(separator: ", "))</p>"
        }
        return
            "<div class=\"line\"><span>\(people) <span class=\"quiet\">\(shift.schedule)</span></span>\(until)</div>\(next)"
    }

    private var health: HTML {
        let lines = (model.workers + model.providers).map { part -> HTML in
            let detail: HTML? = part.detail.map { "<p class=\"small quiet\">\($0)</p>" }
            return
                "<li><div class=\"line\"><span>\(part.name)</span>\(status(part.tone, part.words))</div>\(detail)</li>"
        }
        return "<ul class=\"list\">\(lines)</ul>"
    }
}
