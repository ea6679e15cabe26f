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
        Listing(
            title: title, lead: "People who share incidents, schedules and policies.", symbol: .teams,
            new: ("/teams/new", "New team"),
            empty: ("No team yet", "Every alert source, schedule and policy belongs to a team."),
            table: Table(columns: [.plain("Team"), "Members", "On call", "Policy"], rows: rows.map(cells)),
            mayCreate: mayCreate
        ).html(frame)
    }

    private func cells(_ row: Row) -> [HTML] {
        let duties = row.duties.map { duty -> HTML in
            "<div><b>\(duty.who)</b> <span class=\"small quiet\">\(duty.schedule)</span></div>"
        }
        let policy: HTML =
            row.policy.map { "<a href=\"\($0.path)\">\($0.name)</a>" }
            ?? "<span class=\"quiet\">everybody is paged</span>"
        let members = row.members.prefix(8).joined(separator: ", ")
        let more = row.members.count > 8 ? " and \(row.members.count - 8) more" : ""
        return [
            nameCell(row.name, row.path),
            row.members.isEmpty ? status(.doubtful, "nobody") : "\(members + more)", HTML(duties), policy,
        ]
    }
}
