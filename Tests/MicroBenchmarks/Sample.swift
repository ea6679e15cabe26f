#if DEBUG || MICRO
import Domain
import TestSupport

/// Ada's team, and an incident of hers.
struct Sample {
    let team = TestTeam()
    let configuration = TestTeam().configuration
    let identifiers = Identifiers.counting()
    let now = TestTeam.start

    func opening(_ key: String = "disk") -> Transition {
        var event = team.event(key: key)
        event.labels = ["host": "db-1", "team": "storage"]
        return Incident.open(
            id: identifiers.next(), event: event, severity: .critical, source: team.source, team: "team-ops",
            author: .source(team.source), at: now, configuration: configuration)
    }
}
#endif
