/// All escalation policies, each in one line.
struct PolicyListView: View {
    struct Row: Sendable {
        var name: String
        var path: Path
        var team: String
        /// The steps in order, such as `whoever is on call in Primary`.
        var steps: [String]
        /// The teams and alert sources that use the policy.
        var users: [String]
    }

    let title = "Escalation policies"
    let section: Section? = .policies
    let rows: [Row]
    let mayCreate: Bool

    func content(_ frame: Frame) -> HTML {
        let create = linkButton(
            "/escalation-policies/new", "New policy", symbol: frame.symbol(.plus),
            style: rows.isEmpty ? .primary : .plain)
        return """
            \(frame.heading("Escalation policies", lead: "Whom an incident pages, in which order, until somebody owns it.", actions: mayCreate && !rows.isEmpty ? create : nil))
            \(rows.isEmpty ? empty(frame, create) : table)
            """
    }

    private func empty(_ frame: Frame, _ create: HTML) -> HTML {
        emptyState(
            frame.symbol(.policies), "No policy yet",
            "Until there is one, an incident pages everybody of its team, three times, five minutes apart.",
            action: mayCreate ? create : nil)
    }

    private var table: HTML {
        let lines = rows.map { row -> HTML in
            let steps = row.steps.map { step -> HTML in "<li>\(step)</li>" }
            let users: HTML =
                row.users.isEmpty ? status(.idle, "nothing") : "\(row.users.joined(separator: ", "))"
            return """
                <tr><td><b><a href="\(row.path)">\(row.name)</a></b></td><td data-label="Team">\(row.team)</td>
                <td data-label="Steps"><ol class="steps">\(steps)</ol></td><td data-label="Used by">\(users)</td></tr>
                """
        }
        return """
            <div class="framed"><table class="table folds"><thead><tr><th>Policy</th><th>Team</th><th>Steps</th>\
            <th>Used by</th></tr></thead><tbody>\(lines)</tbody></table></div>
            """
    }
}
