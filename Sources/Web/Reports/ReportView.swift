internal import Domain

/// Statistics of the last days: how many incidents, how soon they were acknowledged, and who was paged when.
struct ReportView: View {
    /// A day, a week or a month.
    struct Period: Sendable {
        /// `Tue 3 Nov 2026`, `week of …`.
        var name: String
        var bySeverity: [Severity: Int]
        var timeToAcknowledge: Duration?
        var timeToResolve: Duration?

        var count: Int { bySeverity.values.reduce(0, +) }
    }

    /// A person who was paged, with the hours in the person's own time zone.
    struct Person: Sendable {
        var name: String
        var timeZone: String
        /// 24 values, one for each hour.
        var hours: [Int]

        var count: Int { hours.reduce(0, +) }
        /// Pages between 22:00 and 07:00.
        var nights: Int { hours[22] + hours[23] + hours[..<7].reduce(0, +) }
    }

    struct Model: Sendable {
        /// `days`, `team`.
        var filter: FormInput
        var spans: [Field.Choice]
        var teams: [Field.Choice]
        var periods: [Period]
        /// The mean over all periods.
        var timeToAcknowledge: Duration?
        var timeToResolve: Duration?
        /// The people who were paged, most pages first.
        var people: [Person]
        /// The sources of the incidents, most incidents first.
        var sources: [(name: String, count: Int)]
    }

    let title = "Reports"
    let section: Section? = .reports
    let model: Model

    init(_ model: Model) { self.model = model }

    /// The maximum number of people and sources in a chart. The tables and the CSV contain all of them.
    static let shown = 10

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Reports"))
        \(filters)
        \(figures)
        \(incidents)
        <div class="columns even">\(response("acknowledge", \.timeToAcknowledge))\(response("resolve", \.timeToResolve))</div>
        \(pages)
        <div class="columns even">\(sources)\(nights)</div>
        """
    }

    private var filters: HTML {
        let fields: [Field] = [
            .select("days", "Time", model.spans),
            .select("team", "Team", [Field.Choice("", "all")] + model.teams),
        ]
        return """
            <form method="get" action="/reports" class="filters" data-applies role="search">\(fields.map { $0.plain(model.filter) })
            <button class="button" type="submit">Show</button></form>
            """
    }

    private var figures: HTML {
        let figures: [(String, String)] = [
            ("\(model.periods.reduce(0) { $0 + $1.count })", "incidents"),
            (model.timeToAcknowledge.map { length($0) } ?? "–", "mean time to acknowledge"),
            (model.timeToResolve.map { length($0) } ?? "–", "mean time to resolve"),
            ("\(model.people.reduce(0) { $0 + $1.count })", "pages"),
            ("\(model.people.reduce(0) { $0 + $1.nights })", "of them between 22 and 7"),
        ]
        let boxes = figures.map { figure -> HTML in
            "<div class=\"figure\"><b>\(figure.0)</b><span>\(figure.1)</span></div>"
        }
        return "<div class=\"figures\">\(boxes)</div>"
    }

    /// A card with a heading, a link to its CSV, and its content.
    func card(_ title: String, _ report: Report, _ content: HTML) -> HTML {
        let path = Path("/reports/\(report.rawValue).csv").with(
            ["days", "team"].map { (name: $0, value: model.filter[$0]) })
        return """
            <section class="card report"><header><h2>\(title)</h2><a class="small" href="\(path)" aria-label="\(title) as CSV">CSV</a></header>\(content)</section>
            """
    }
}

/// The reports that can be downloaded as CSV.
enum Report: String, Sendable, CaseIterable { case incidents, pages, sources, nights }
