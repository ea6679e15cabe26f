internal import Domain

/// Statistics of a span of days: how many incidents, how soon they were acknowledged, and who was paged when.
struct ReportView: View {
    /// A day, a week or a month.
    struct Period: Sendable {
        /// `Tue 3 Nov 2026`, `week of …`.
        var name: String
        var first: CivilDate
        var last: CivilDate
        var bySeverity: [Severity: Int]
        var timeToAcknowledge: Duration?
        var timeToResolve: Duration?

        var count: Int { bySeverity.values.reduce(0, +) }
    }

    /// A person who was paged, with the hours in the person's own time zone.
    struct Person: Sendable {
        var id: UserID
        var name: String
        var timeZone: String
        /// 24 values, one for each hour.
        var hours: [Int]

        var count: Int { hours.reduce(0, +) }
        /// Pages between 22:00 and 07:00.
        var nights: Int { hours[22] + hours[23] + hours[..<7].reduce(0, +) }
    }

    /// A source of incidents. Without an id, those that were deleted.
    struct Source: Sendable {
        var id: SourceID?
        var name: String
        var count: Int
    }

    struct Model: Sendable {
        /// `days`, `team`, and `until` if the last day is not today.
        var filter: FormInput
        var spans: [Field.Choice]
        var teams: [Field.Choice]
        /// The last days of the spans before and after this one.
        var earlier: CivilDate
        var later: CivilDate?
        var periods: [Period]
        /// The mean over all periods.
        var timeToAcknowledge: Duration?
        var timeToResolve: Duration?
        /// How many of the incidents are in no list any more.
        var deleted: Int
        /// The people who were paged, most pages first.
        var people: [Person]
        /// The sources of the incidents, most incidents first.
        var sources: [Source]
    }

    let title = "Reports"
    let section: Section? = .reports
    let model: Model

    init(_ model: Model) { self.model = model }

    /// The maximum number of people and sources in a chart. The tables and the CSV contain all of them.
    static let shown = 10

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Reports", actions: others(frame)))
        \(filters)
        \(figures)\(remark)
        \(incidents)
        <div class="columns even">\(response("acknowledge", \.timeToAcknowledge))\(response("resolve", \.timeToResolve))</div>
        \(pages)
        <div class="columns even">\(sources)\(nights)</div>
        """
    }

    private var filters: HTML {
        let fields: [Field] = [
            .select("days", "Time", model.spans),
            .select("team", "Team", [Field.Choice("", "all")] + model.teams), .date("until", "Until"),
        ]
        return """
            <form method="get" action="/reports" class="filters" data-applies role="search">\(fields.map { $0.plain(model.filter) })
            <button class="button" type="submit">Show</button></form>
            """
    }

    /// Leads to the spans before and after this one.
    private func others(_ frame: Frame) -> HTML {
        func path(_ until: CivilDate) -> Path {
            Path("/reports").with([
                ("days", model.filter["days"]), ("team", model.filter["team"]), ("until", until.description),
            ])
        }
        let later: HTML? = model.later.map {
            "<a class=\"button\" href=\"\(path($0))\" rel=\"next\" aria-label=\"Later\">\(frame.symbol(.next))</a>"
        }
        return """
            <nav class="row" aria-label="Time shown">\
            <a class="button" href="\(path(model.earlier))" rel="prev" aria-label="Earlier">\(frame.symbol(.previous))</a>\(later)</nav>
            """
    }

    /// Says why a list has fewer incidents than the number that leads to it.
    private var remark: HTML? {
        guard model.deleted > 0 else { return nil }
        let words = model.deleted == 1 ? "1 of these incidents is" : "\(model.deleted) of these incidents are"
        return """
            <p class="small quiet">\(words) deleted by now. The reports count what is deleted; the lists behind their numbers don't have it.</p>
            """
    }

    private var figures: HTML {
        let all = list()
        let figures: [(String, String, Path)] = [
            (
                "\(model.periods.reduce(0) { $0 + $1.count })",
                model.periods.reduce(0) { $0 + $1.count } == 1 ? "incident" : "incidents", all
            ),
            (model.timeToAcknowledge.map { length($0) } ?? "–", "mean time to acknowledge", all),
            (model.timeToResolve.map { length($0) } ?? "–", "mean time to resolve", all),
            (
                "\(model.people.reduce(0) { $0 + $1.count })",
                model.people.reduce(0) { $0 + $1.count } == 1 ? "page" : "pages", log()
            ),
            ("\(model.people.reduce(0) { $0 + $1.nights })", "of them between 22 and 7", "#nights"),
        ]
        let boxes = figures.map { figure -> HTML in
            "<a class=\"figure\" href=\"\(figure.2)\"><b>\(figure.0)</b><span>\(figure.1)</span></a>"
        }
        return "<div class=\"figures\">\(boxes)</div>"
    }

    /// The incidents that a figure counts.
    func list(
        _ period: Period? = nil, severity: Severity? = nil, source: SourceID? = nil
    ) -> Path {
        Path("/incidents").with(
            [("state", "all"), ("severity", severity?.rawValue ?? ""), ("source", source?.rawValue ?? "")]
                + span(period))
    }

    /// The pages that a figure counts.
    func log(_ person: UserID? = nil, hours: String = "") -> Path {
        Path("/notifications").with([("user", person?.rawValue ?? ""), ("hours", hours)] + span(nil))
    }

    private func span(_ period: Period?) -> [(name: String, value: String)] {
        let (first, last) = (period?.first ?? model.periods.first?.first, period?.last ?? model.periods.last?.last)
        return [
            ("team", model.filter["team"]), ("since", first?.description ?? ""), ("until", last?.description ?? ""),
        ]
    }

    /// A card with a heading, a link to its CSV, and its content.
    func card(_ title: String, _ report: Report, _ content: HTML) -> HTML {
        let path = Path("/reports/\(report.rawValue).csv").with(
            ["days", "team", "until"].map { (name: $0, value: model.filter[$0]) })
        return """
            <section class="card report" id="\(report.rawValue)"><header><h2>\(title)</h2><a class="small" href="\(path)" aria-label="\(title) as CSV">CSV</a></header>\(content)</section>
            """
    }
}

/// The reports that can be downloaded as CSV.
enum Report: String, Sendable, CaseIterable { case incidents, pages, sources, nights }
