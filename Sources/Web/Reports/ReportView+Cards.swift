internal import Domain

extension ReportView {
    var incidents: HTML {
        guard model.periods.contains(where: { $0.count > 0 }) else {
            return card("Incidents", .incidents, "<p class=\"quiet\">No incident was opened in this time.</p>")
        }
        let severities = Severity.allCases.reversed().map { $0 }
        let series = severities.map { severity in
            Chart.Series(style: severity.rawValue, values: model.periods.map { $0.bySeverity[severity] ?? 0 })
        }
        let hints = model.periods.map { period -> Chart.Hint in
            let parts = severities.compactMap { severity in
                period.bySeverity[severity].map { "\($0) \(severity.rawValue)" }
            }
            return ("\(period.name): \(parts.isEmpty ? "none" : parts.joined(separator: ", "))", list(period))
        }
        let legend = severities.map { badge($0) }
        return card(
            "Incidents", .incidents,
            """
            <p class="row">\(legend)</p>\(plot(series, hints, "Incidents by day and severity", highest: "\(model.periods.map(\.count).max() ?? 0)"))\
            \(table(.incidents).html())
            """)
    }

    /// The average time for the incidents of each period.
    func response(_ verb: String, _ time: KeyPath<Period, Duration?>) -> HTML {
        let seconds = model.periods.map { Int($0[keyPath: time]?.components.seconds ?? 0) }
        let title = "Mean time to \(verb)"
        guard let highest = seconds.max(), highest > 0 else {
            return "<div>\(card(title, .incidents, "<p class=\"quiet\">There is nothing to measure.</p>"))</div>"
        }
        let drawing = plot(
            [.init(style: "plain", values: seconds)], [], "\(title) by day", highest: length(.seconds(highest)))
        return "<div>\(card(title, .incidents, drawing))</div>"
    }

    private func plot(_ series: [Chart.Series], _ hints: [Chart.Hint], _ name: String, highest: String) -> HTML {
        let names = model.periods.map(\.name)
        return """
            <figure class="plot"><span class="highest small quiet">\(highest)</span>\(Chart.columns(series, count: names.count, hints: hints, name: name))
            <figcaption class="line small quiet"><span>\(names.first ?? "")</span><span>\(names.last ?? "")</span></figcaption></figure>
            """
    }

    var pages: HTML {
        guard !model.people.isEmpty else {
            return card("Pages by person and hour", .pages, "<p class=\"quiet\">Nobody was paged in this time.</p>")
        }
        let largest = model.people.flatMap(\.hours).max() ?? 1
        let rows = model.people.prefix(ReportView.shown).map { person -> HTML in
            """
            <li><span class="who">\(person.name)</span>\(Chart.hours(person.hours, of: largest))<a class="number" href="\(log(person.id))"><b>\(person.count)</b></a></li>
            """
        }
        return card(
            "Pages by person and hour", .pages,
            """
            <p class="small quiet">In each person's own time. The line below is the night, from 22 to 7.</p>
            <ul class="strips">\(Array(rows))<li class="small quiet" aria-hidden="true"><span></span><span class="line"><span>0</span><span>6</span><span>12</span><span>18</span><span>24</span></span><span></span></li></ul>
            \(table(.pages).html())
            """)
    }

    var sources: HTML {
        let total = model.sources.reduce(0) { $0 + $1.count }
        guard let largest = model.sources.first?.count, total > 0 else {
            return
                "<div>\(card("Noisiest sources", .sources, "<p class=\"quiet\">No source opened an incident.</p>"))</div>"
        }
        let rows = model.sources.prefix(ReportView.shown).map { source -> HTML in
            meter(
                source.name, source.count, of: largest, "\(source.count * 100 / total) %",
                path: source.id.map { list(source: $0) })
        }
        return
            "<div>\(card("Noisiest sources", .sources, "<ul class=\"meters\">\(Array(rows))</ul>\(table(.sources).html())"))</div>"
    }

    var nights: HTML {
        let people = model.people.filter { $0.nights > 0 }.sorted { ($1.nights, $0.name) < ($0.nights, $1.name) }
        guard let largest = people.first?.nights else {
            return
                "<div>\(card("Sleep interruptions", .nights, "<p class=\"quiet\">Nobody was paged between 22 and 7.</p>"))</div>"
        }
        let rows = people.prefix(ReportView.shown).map { person -> HTML in
            meter(
                person.name, person.nights, of: largest, "of \(person.count)", style: "error",
                path: log(person.id, hours: ReportView.night))
        }
        return """
            <div>\(card("Sleep interruptions", .nights, "<p class=\"small quiet\">Pages between 22 and 7 in the person's own time.</p><ul class=\"meters\">\(Array(rows))</ul>\(table(.nights).html())"))</div>
            """
    }

    /// The hours from 22 to 7, as the log of notifications takes them.
    private static let night = "22-23-0-1-2-3-4-5-6"

    private func meter(
        _ name: String, _ count: Int, of largest: Int, _ aside: String, style: String = "plain", path: Path?
    ) -> HTML {
        let number: HTML = path.map { path -> HTML in "<a href=\"\(path)\"><b>\(count)</b></a>" } ?? "<b>\(count)</b>"
        return """
            <li><div class="line"><span>\(name)</span><span>\(number) <span class="small quiet">\(aside)</span></span></div>\(Chart.bar(count, of: largest, style: style))</li>
            """
    }

    /// The table of a report.
    func table(_ report: Report) -> ReportTable {
        let severities = Severity.allCases.reversed().map { $0 }
        switch report {
        case .incidents:
            return ReportTable(
                columns: ["Time"] + severities.map(\.rawValue) + ["all", "to acknowledge", "to resolve"],
                rows: model.periods.map { period in
                    [.text(period.name)]
                        + severities.map { .number(period.bySeverity[$0] ?? 0, list(period, severity: $0)) }
                        + [
                            .number(period.count, list(period)), .time(period.timeToAcknowledge),
                            .time(period.timeToResolve),
                        ]
                })
        case .pages:
            return ReportTable(
                columns: ["Person", "Time zone"] + (0..<24).map { twoDigits($0) } + ["all"],
                rows: model.people.map { person in
                    [.text(person.name), .text(person.timeZone)]
                        + person.hours.enumerated().map { hour, count in
                            .number(count, log(person.id, hours: "\(hour)"))
                        }
                        + [.number(person.count, log(person.id))]
                })
        case .sources:
            return ReportTable(
                columns: ["Source", "Incidents"],
                rows: model.sources.map { source in
                    [.text(source.name), .number(source.count, source.id.map { list(source: $0) })]
                })
        case .nights:
            return ReportTable(
                columns: ["Person", "Time zone", "Between 22 and 7", "all"],
                rows: model.people.map {
                    [
                        .text($0.name), .text($0.timeZone),
                        .number($0.nights, log($0.id, hours: ReportView.night)), .number($0.count, log($0.id)),
                    ]
                })
        }
    }
}
