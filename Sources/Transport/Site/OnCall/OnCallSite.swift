internal import Domain
internal import Hummingbird
internal import Pages

/// /oncall: who is on call, now or at any instant.
struct OnCallSite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/oncall", .needs(.read), show)
    }

    private func show(_ visit: Visit) -> Response {
        let clock = LocalClock(visit.reader.timeZone) ?? .utc
        let typed = visit.query("at")
        let asked = clock.instant(typed: typed)
        var input = FormInput(["at": typed.isEmpty ? clock.typed(visit.now) : typed])
        if !typed.isEmpty && asked == nil {
            input = input.with([FieldFault("at", "Write a day and a time, like 2026-03-01T03:00.")])
        }
        let page = OnCallPage(.init(teams: teams(visit, at: asked ?? visit.now), input: input, at: asked))
        return input.faults.isEmpty ? visit.show(page) : visit.refuse(page)
    }

    private func teams(_ visit: Visit, at instant: Timestamp) -> [OnCallPage.Team] {
        let roster = visit.roster
        return roster.teams.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { team in
            let schedules = roster.schedules.values.filter { $0.teamID == team.id }
                .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            let policy = team.defaultPolicyID.flatMap { roster.policies[$0] }
            return OnCallPage.Team(
                name: team.name, path: "/teams/\(team.id)", duties: schedules.map { visit.duty(in: $0, at: instant) },
                policy: policy.map { ($0.name, "/escalation-policies/\($0.id)") })
        }
    }
}
