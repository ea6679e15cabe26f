/// All maintenance windows. Their incidents are recorded, but nobody is paged before a window ends.
struct MaintenanceListView: View {
    struct Row: Sendable {
        var name: String
        var path: Path
        var team: String
        /// `Sat 7 Mar, 20:00 to 22:00`, `Sat, Sun 22:00 to 02:00 in Europe/Zagreb`.
        var span: HTML
        /// `all alerts`, `Prometheus; host = db-1`.
        var scope: String
        /// When the window ends, if it is active.
        var until: Moment?
        var isOver: Bool

        var state: HTML {
            if let until { return "\(status(.doubtful, "on")) <span class=\"quiet\">ends \(until.html)</span>" }
            return status(.idle, isOver ? "over" : "to come")
        }
    }

    let title = "Maintenance"
    let section: Section? = .maintenance
    let rows: [Row]
    let mayCreate: Bool

    func content(_ frame: Frame) -> HTML {
        let new = linkButton("/maintenance/new", "New window", symbol: frame.symbol(.plus), style: .primary)
        let lead = "While a window is on, incidents are recorded and held. What still fires at its end pages then."
        return """
            \(frame.heading("Maintenance", lead: lead, actions: mayCreate && !rows.isEmpty ? new : nil))
            <section id="windows" data-live>\(rows.isEmpty ? empty(frame, mayCreate ? new : nil) : list)</section>
            """
    }

    private func empty(_ frame: Frame, _ action: HTML?) -> HTML {
        emptyState(
            frame.symbol(.maintenance), "No maintenance is planned",
            "Before you take something down on purpose, make a window, and nobody is paged for it.", action: action)
    }

    private var list: HTML {
        let rows = rows.map { row -> HTML in
            """
            <tr><td><b><a href="\(row.path)">\(row.name)</a></b></td><td>\(row.state)</td><td data-label="When">\(row.span)</td>\
            <td data-label="For">\(row.scope)</td><td data-label="Team">\(row.team)</td></tr>
            """
        }
        return """
            <div class="framed"><table class="table folds"><thead><tr><th>Name</th><th>State</th><th>When</th><th>For</th>\
            <th>Team</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }
}
