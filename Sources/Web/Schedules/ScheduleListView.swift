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
        Listing(
            title: title, symbol: .schedules, new: ("/schedules/new", "New schedule"),
            empty: (
                "No schedule yet", "A schedule says who is on call and when: layers of rotations, with overrides."
            ),
            table: Table(
                columns: [.plain("Schedule"), "Team", "On call", .plain("Coverage")],
                rows: rows.map { cells($0, frame) }),
            mayCreate: mayCreate
        ).html(frame)
    }

    private func cells(_ row: Row, _ frame: Frame) -> [HTML] {
        let warnings = row.warnings.map { text -> HTML in "<div>\(status(.doubtful, text))</div>" }
        return [
            nameCell(
                row.duty.schedule, row.duty.path, below: "<div class=\"small quiet\">\(row.timeZone)</div>"),
            "\(row.team)",
            "<b>\(row.duty.who)</b> <div class=\"small quiet\">\(row.duty.then(frame.reader))</div>", HTML(warnings),
        ]
    }
}
