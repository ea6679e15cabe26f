internal import Domain
internal import Pages

extension IncidentRow {
    /// An incident as a list shows it.
    init(_ incident: Incident, _ roster: Roster, _ reader: Reader) {
        var by: String?
        var next: Moment?
        switch incident.state {
        case .triggered: next = incident.state.timer.map { reader.moment($0) }
        case .acknowledged(let author, _, _, _), .resolved(let author, _): by = author.name
        }
        self.init(
            number: incident.number, title: incident.title, severity: incident.severity, state: incident.state.name,
            team: roster.teams[incident.teamID]?.name ?? "a deleted team",
            source: incident.sourceID.flatMap { roster.source($0)?.name }, opened: reader.moment(incident.openedAt),
            alertCount: incident.alertCount, by: by, next: next)
    }
}
