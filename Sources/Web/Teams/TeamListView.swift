/// All teams: their members, and whom their incidents page.
struct TeamListView: View {
    struct Row: Sendable {
        var name: String
        var path: Path
        var members: [String]
        var duties: [DutyLine]
        var policy: (name: String, path: Path)?
    }

    let title = "Teams"
    let section: Section? = .teams
    let rows: [Row]
    let mayCreate: Bool

    func content(_ frame: Frame) -> HTML {
        let create = linkButton(
            "/teams/new", "New team", symbol: frame.symbol(.plus), style: rows.isEmpty ? .primary : .plain)
        return """
            \(frame.heading("Teams", lead: "People who share incidents, schedules and policies.", actions: mayCreate && !rows.isEmpty ? create : nil))
            \(rows.isEmpty ? empty(frame, create) : table(frame))
            """
    }

    private func empty(_ frame: Frame, _ create: HTML) -> HTML {
        emptyState(
            frame.symbol(.teams), "No team yet", "Every alert source, schedule and policy belongs to a team.",
            action: mayCreate ? create : nil)
    }

    private func table(_ frame: Frame) -> HTML {
        let lines = rows.map { row -> HTML in
            let duties = row.duties.map { duty -> HTML in
                "<div><b>\(duty.who)</b> <span class=\"small quiet\">\(duty.schedule)</span></div>"
            }
            let policy: HTML =
                row.policy.map { "<a href=\"\($0.path)\">\($0.name)</a>" }
                ?? "<span class=\"quiet\">everybody is paged</span>"
            let members = row.members.prefix(8).joined(separator: ", ")
            let more = row.members.count > 8 ? " and \(row.members.count - 8) more" : ""
            return """
                <tr><td><b><a href="\(row.path)">\(row.name)</a></b></td>
                <td data-label="Members">\(if: row.members.isEmpty, status(.doubtful, "nobody"))\(members + more)</td>
                <td data-label="On call">\(duties)</td><td data-label="Policy">\(policy)</td></tr>
                """
        }
        return """
            <div class="framed"><table class="table folds"><thead><tr><th>Team</th><th>Members</th><th>On call</th>\
            <th>Policy</th></tr></thead><tbody>\(lines)</tbody></table></div>
            """
    }
}
