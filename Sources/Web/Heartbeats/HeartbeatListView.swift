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
        let new = linkButton("/heartbeats/new", "New heartbeat", symbol: frame.symbol(.plus), style: .primary)
        let lead =
            "Jobs and systems that say that they live. When one is silent for too long, an incident opens; its next beat resolves it."
        return """
            \(frame.heading("Heartbeats", lead: lead, actions: mayCreate && !rows.isEmpty ? new : nil))
            <section id="heartbeats" data-live>\(rows.isEmpty ? empty(frame, mayCreate ? new : nil) : list)</section>
            """
    }

    private func empty(_ frame: Frame, _ action: HTML?) -> HTML {
        emptyState(
            frame.symbol(.heartbeats), "No heartbeat yet",
            "Create one for a job that must run, like the nightly backup, and let the job call its address when it is done.",
            action: action)
    }

    private var list: HTML {
        let rows = rows.map { row -> HTML in
            """
            <tr><td><b><a href="\(row.path)">\(row.name)</a></b></td><td>\(status(row.tone, row.words))</td>\
            <td data-label="Last beat">\(row.lastBeat?.html ?? "never")</td><td data-label="Late">\(row.due?.html ?? "–")</td>\
            <td data-label="Expected">\(row.rhythm)</td><td data-label="Team">\(row.team)</td></tr>
            """
        }
        return """
            <div class="framed"><table class="table folds"><thead><tr><th>Name</th><th>State</th><th>Last beat</th><th>Late</th>\
            <th>Expected</th><th>Team</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }
}
