internal import Domain

extension IncidentRow {
    /// An incident as a list shows it.
    init(_ incident: Incident, _ configuration: Configuration, _ reader: Reader) {
        var by: String?
        var next: [HTML] = []
        switch incident.state {
        case .triggered(let escalation): next = IncidentRow.next(incident, escalation, configuration, reader)
        case .acknowledged(let author, _, _, _), .resolved(let author, _): by = author.name
        }
        self.init(
            number: incident.number, title: incident.title, severity: incident.severity, state: incident.state.name,
            team: configuration.teams[incident.teamID]?.name ?? "a deleted team",
            source: incident.sourceID.flatMap { configuration.source($0)?.name },
            opened: reader.moment(incident.openedAt),
            alertCount: incident.alertCount, by: by, next: next)
    }

    /// What paging will really do, by the decisions that page.
    private static func next(
        _ incident: Incident, _ escalation: Incident.Escalation, _ configuration: Configuration, _ reader: Reader
    ) -> [HTML] {
        let nobody: HTML = "<b class=\"problem\">nobody was paged</b>"
        let silent = incident.cycle == 0 ? [nobody] : []
        switch escalation {
        case .held(let until, let window):
            return ["held by maintenance “\(window)”, ends \(reader.moment(until).html)"]
        case .snoozed(_, let until, _): return silent + ["snoozed, ends \(reader.moment(until).html)"]
        case .exhausted: return silent + ["nobody else will be paged"]
        case .due(_, let at) where incident.isHeldOff: return ["pages only if it still fires \(reader.moment(at).html)"]
        case .due:
            let next = configuration.nextPage(of: incident, at: reader.now)
            return silent + [next.map { "next page \(reader.moment($0.at).html)" } ?? "nobody will be paged"]
        }
    }
}
