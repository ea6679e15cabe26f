internal import Domain

/// An incident in a list.
struct IncidentRow: Sendable {
    var number: Int
    var title: String
    var severity: Severity
    var state: Incident.State.Name
    var team: String
    var source: String?
    var opened: Moment
    var alertCount: Int
    /// Who owns or resolved it.
    var by: String?
    /// What happens next by itself: `next page in 4 min`, `held by maintenance “X”`, `nobody was paged`.
    var next: [HTML] = []
}

/// A list of incidents with actions on one or several. All of it is one form.
struct IncidentList: Sendable {
    var rows: [IncidentRow]
    /// Whether the reader may act on incidents.
    var mayAct: Bool
    /// Where to return after an action.
    var back: Path

    func html(_ frame: Frame) -> HTML {
        let list: HTML = "<ul class=\"incidents\">\(rows.map { row($0, frame) })</ul>"
        guard mayAct else { return "<div class=\"framed\">\(list)</div>" }
        return frame.form(
            "/incidents/several", style: "framed",
            """
            <input type="hidden" name="back" value="\(back)">
            <div class="bulk"><label class="pick"><input type="checkbox" data-all aria-label="Pick all"></label>
            <span class="grow">Selected:</span>
            <button class="button" name="action" value="acknowledge" data-key="acknowledge">\(frame.symbol(.acknowledge))Acknowledge</button>
            <button class="button" name="action" value="resolve" data-key="resolve">\(frame.symbol(.resolve))Resolve</button></div>
            \(list)
            """)
    }

    private func row(_ row: IncidentRow, _ frame: Frame) -> HTML {
        let pick: HTML = """
            <label class="pick"><input type="checkbox" name="number" value="\(row.number)" aria-label="Pick incident \(row.number)"></label>
            """
        return """
            <li class="incident" data-row id="incident-\(row.number)">\(mayAct ? pick : "<span></span>")\
            <div><h3 dir="auto"><a href="/incidents/\(row.number)" id="open-\(row.number)">\(row.title)</a></h3>\
            <p class="about">\(badge(row.severity))\(badge(row.state))<span>#\(row.number)</span>\(about(row))</p></div>\
            <div class="does">\(if: mayAct, buttons(row))</div></li>
            """
    }

    private func about(_ row: IncidentRow) -> HTML {
        let by: HTML? = row.by.map { "<span>by \($0)</span>" }
        let source: HTML? = row.source.map { "<span>\($0)</span>" }
        let next = row.next.map { words -> HTML in "<span>\(words)</span>" }
        let count: HTML? = row.alertCount > 1 ? "<span>\(row.alertCount) alerts</span>" : nil
        return "\(by)<span>\(row.team)</span>\(source)<span>\(row.opened.html)</span>\(count)\(next)"
    }

    private func buttons(_ row: IncidentRow) -> HTML {
        let acknowledge: HTML = """
            <button class="button primary" name="acknowledge" value="\(row.number)" \
            aria-label="Acknowledge incident \(row.number)">Ack</button>
            """
        let resolve: HTML = """
            <button class="button" name="resolve" value="\(row.number)" \
            aria-label="Resolve incident \(row.number)">Resolve</button>
            """
        switch row.state {
        case .triggered: return "\(acknowledge)\(resolve)"
        case .acknowledged: return resolve
        case .resolved: return ""
        }
    }
}
