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
    }

    let title = "Alert sources"
    let section: Section? = .sources
    let rows: [Row]
    let mayCreate: Bool

    func content(_ frame: Frame) -> HTML {
        let new = linkButton("/alert-sources/new", "New source", symbol: frame.symbol(.plus), style: .primary)
        let lead = "Monitoring systems that may send alerts, each with a key of its own."
        return """
            \(frame.heading("Alert sources", lead: lead, actions: mayCreate && !rows.isEmpty ? new : nil))
            \(rows.isEmpty ? empty(frame, mayCreate ? new : nil) : list)
            """
    }

    private func empty(_ frame: Frame, _ action: HTML?) -> HTML {
        emptyState(
            frame.symbol(.sources), "No alert source yet",
            "A source is a monitoring system with a key. Create one, paste its set-up there, and send a test alert.",
            action: action)
    }

    private var list: HTML {
        let rows = rows.map { row -> HTML in
            """
            <tr><td><b><a href="\(row.path)">\(row.name)</a></b></td><td>\(row.kind)</td><td data-label="Team">\(row.team)</td>\
            <td data-label="Key"><code>\(row.maskedKey)</code></td>\
            <td>\(row.isEnabled ? status(.good, "enabled") : status(.idle, "disabled"))</td></tr>
            """
        }
        return """
            <div class="framed"><table class="table folds"><thead><tr><th>Name</th><th>Sender</th><th>Team</th><th>Key</th>\
            <th>State</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }
}
