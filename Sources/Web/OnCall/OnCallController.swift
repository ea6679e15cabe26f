internal import Domain
internal import Hummingbird
internal import Transport

/// /oncall: who is on call, now or at a chosen instant.
struct OnCallController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/oncall", .needs(.read), show)
    }

    private func show(_ request: WebRequest) -> Response {
        let clock = request.reader.local
        let typed = request.query("at")
        let asked = clock.instant(typed: typed)
        var input = FormInput(["at": typed.isEmpty ? clock.typed(request.now) : typed])
        if !typed.isEmpty && asked == nil {
            input = input.with([FieldFault("at", "Write a day and a time, like 2026-03-01T03:00.")])
        }
        let page = OnCallView(.init(teams: teams(request, at: asked ?? request.now), input: input, at: asked))
        return input.faults.isEmpty ? request.show(page) : request.refuse(page)
    }

    private func teams(_ request: WebRequest, at instant: Timestamp) -> [OnCallView.Team] {
        let configuration = request.configuration
        return configuration.teams.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { team in
            let schedules = configuration.schedules.values.filter { $0.teamID == team.id }
                .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            let policy = team.defaultPolicyID.flatMap { configuration.policies[$0] }
            return OnCallView.Team(
                name: team.name, path: "/teams/\(team.id)", duties: schedules.map { request.duty(in: $0, at: instant) },
                policy: policy.map { ($0.name, "/escalation-policies/\($0.id)") })
        }
    }
}
