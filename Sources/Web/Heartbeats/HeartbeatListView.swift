/// All monitors that expect regular calls.
struct HeartbeatListView: View {
    struct Row: Sendable {
        var name: String
        var path: Path
        var team: String
        /// `every 5 min`, `30 2 * * * in Europe/Zagreb`.
        var rhythm: String
        var tone: Tone
        var words: String
        var lastBeat: Moment?
        /// When the monitor is late if no beat arrives.
        var due: Moment?
    }

    let title = "Heartbeats"
    let section: Section? = .heartbeats
    let rows: [Row]
    let mayCreate: Bool

    func content(_ frame: Frame) -> HTML {
        Listing(
            title: title,
            lead:
                "Jobs and systems that report regularly. If one is silent for too long, an incident opens. Its next beat resolves it.",
            symbol: .heartbeats, new: ("/heartbeats/new", "New heartbeat"),
            empty: (
                "No heartbeat yet",
                "Create one for a job that must run, like the nightly backup, and let the job call its address when it is done."
            ),
            table: Table(
                columns: [.plain("Name"), .plain("State"), "Last beat", "Due", "Expected", "Team"],
                rows: rows.map(cells)),
            mayCreate: mayCreate, liveID: "heartbeats"
        ).html(frame)
    }

    private func cells(_ row: Row) -> [HTML] {
        [
            nameCell(row.name, row.path), status(row.tone, row.words), row.lastBeat?.html ?? "never",
            row.due?.html ?? "–", "\(row.rhythm)", "\(row.team)",
        ]
    }
}
