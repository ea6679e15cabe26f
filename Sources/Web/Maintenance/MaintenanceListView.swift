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
        Listing(
            title: title,
            lead: "While a window is on, incidents are recorded and held. What still fires at its end pages then.",
            symbol: .maintenance, new: ("/maintenance/new", "New window"),
            empty: (
                "No maintenance is planned",
                "Create a window before planned work. Its alerts then page nobody."
            ),
            table: Table(
                columns: [.plain("Name"), .plain("State"), "When", "For", "Team"],
                rows: rows.map {
                    [nameCell($0.name, $0.path), $0.state, $0.span, "\($0.scope)", "\($0.team)"]
                }),
            mayCreate: mayCreate, liveID: "windows"
        ).html(frame)
    }
}
