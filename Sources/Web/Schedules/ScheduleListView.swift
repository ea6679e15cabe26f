/// All schedules: who is on call in each, and their gaps.
struct ScheduleListView: View {
    struct Row: Sendable {
        var duty: DutyLine
        var team: String
        var timeZone: String
        /// What needs attention: gaps, or that nothing uses the schedule.
        var warnings: [String]
    }

    let title = "Schedules"
    let section: Section? = .schedules
    let rows: [Row]
    let mayCreate: Bool

    func content(_ frame: Frame) -> HTML {
        let create = linkButton(
            "/schedules/new", "New schedule", symbol: frame.symbol(.plus), style: rows.isEmpty ? .primary : .plain)
        return """
            \(frame.heading("Schedules", actions: mayCreate && !rows.isEmpty ? create : nil))
            \(rows.isEmpty ? empty(frame, create) : table(frame))
            """
    }

    private func empty(_ frame: Frame, _ create: HTML) -> HTML {
        emptyState(
            frame.symbol(.schedules), "No schedule yet",
            "A schedule says who is on call when: people who take turns, and exceptions.",
            action: mayCreate ? create : nil)
    }

    private func table(_ frame: Frame) -> HTML {
        let lines = rows.map { row -> HTML in
            let warnings = row.warnings.map { text -> HTML in "<div>\(status(.doubtful, text))</div>" }
            return """
                <tr><td><b><a href="\(row.duty.path)">\(row.duty.schedule)</a></b><div class="small quiet">\(row.timeZone)</div></td>
                <td data-label="Team">\(row.team)</td>
                <td data-label="On call"><b>\(row.duty.who)</b> <div class="small quiet">\(row.duty.then(frame.reader))</div></td>
                <td>\(warnings)</td></tr>
                """
        }
        return """
            <div class="framed"><table class="table folds"><thead><tr><th>Schedule</th><th>Team</th><th>On call</th>\
            <th>Coverage</th></tr></thead><tbody>\(lines)</tbody></table></div>
            """
    }
}
