internal import Transport

/// All alert sources.
struct SourceListView: View {
    struct Row: Sendable {
        var name: String
        var path: Path
        var kind: String
        var team: String
        var maskedKey: String
        var isEnabled: Bool
        /// When its latest payload arrived. Nil if none has.
        var seen: Moment?
    }

    let title = "Alert sources"
    let section: Section? = .sources
    let rows: [Row]
    let mayCreate: Bool

    func content(_ frame: Frame) -> HTML {
        Listing(
            title: title, lead: "Monitoring systems that may send alerts, each with its own key.",
            symbol: .sources, new: ("/alert-sources/new", "New source"),
            empty: (
                "No alert source yet",
                "A source is a monitoring system with a key. Create one, paste its set-up there, and send a test alert."
            ),
            table: Table(
                columns: [.plain("Name"), .plain("Sender"), "Team", "Key", .plain("State"), "Last seen"],
                rows: rows.map(cells)),
            mayCreate: mayCreate
        ).html(frame)
    }

    private func cells(_ row: Row) -> [HTML] {
        [
            nameCell(row.name, row.path), "\(row.kind)", "\(row.team)", "<code>\(row.maskedKey)</code>",
            row.isEnabled ? status(.good, "enabled") : status(.idle, "disabled"),
            row.seen?.html ?? status(.doubtful, "waiting for its first alert"),
        ]
    }
}
