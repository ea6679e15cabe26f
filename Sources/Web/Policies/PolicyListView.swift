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
        Listing(
            title: title, lead: "Whom an incident pages, in which order, until somebody owns it.", symbol: .policies,
            new: ("/escalation-policies/new", "New policy"),
            empty: (
                "No policy yet",
                "Until there is one, an incident pages everybody of its team, three times, five minutes apart."
            ),
            table: Table(columns: [.plain("Policy"), "Team", "Steps", "Used by"], rows: rows.map(cells)),
            mayCreate: mayCreate
        ).html(frame)
    }

    private func cells(_ row: Row) -> [HTML] {
        let steps = row.steps.map { step -> HTML in "<li>\(step)</li>" }
        return [
            nameCell(row.name, row.path), "\(row.team)", "<ol class=\"steps\">\(steps)</ol>",
            row.users.isEmpty ? status(.idle, "nothing") : "\(row.users.joined(separator: ", "))",
        ]
    }
}
