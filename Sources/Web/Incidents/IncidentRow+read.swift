internal import Domain

extension IncidentRow {
    /// An incident as a list shows it.
    init(_ incident: Incident, _ configuration: Configuration, _ reader: Reader) {
        var by: String?
        var next: Moment?
        switch incident.state {
        case .triggered: next = incident.state.timer.map { reader.moment($0) }
        case .acknowledged(let author, _, _, _), .resolved(let author, _): by = author.name
        }
        self.init(
            number: incident.number, title: incident.title, severity: incident.severity, state: incident.state.name,
            team: configuration.teams[incident.teamID]?.name ?? "a deleted team",
            source: incident.sourceID.flatMap { configuration.source($0)?.name },
            opened: reader.moment(incident.openedAt),
            alertCount: incident.alertCount, by: by, next: next)
    }
}
