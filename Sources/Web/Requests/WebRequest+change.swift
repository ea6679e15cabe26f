internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

extension WebRequest {
    /// Changes the configuration as the user. An error thrown by `decide` is rethrown unchanged.
    @discardableResult
    func change(_ decide: (Configuration) throws -> [ConfigurationChange]) async throws -> Configuration {
        try await services.change(by: author, decide)
    }

    /// Deletes something and redirects to the list. If it is still in use, returns to the web page with the reason.
    func delete(
        from page: Path, to list: Path, saying text: String, _ decide: (Configuration) throws -> [ConfigurationChange]
    ) async throws -> Response {
        do {
            try await change(decide)
        } catch ConfigurationFault.inUse(let reasons) {
            return go(to: page, saying: reasons.joined(separator: " "), isBad: true)
        }
        return go(to: list, saying: text)
    }

    /// The teams whose objects the user may change.
    var ownTeams: [Field.Choice] {
        choices(configuration.teams.values.filter { may(.configure($0.id)) }.map { ($0.id.rawValue, $0.name) })
    }

    /// Who is on call in a schedule, for a web page.
    func duty(in schedule: Schedule, at instant: Timestamp) -> DutyLine {
        let duty = configuration.duty(in: schedule, at: instant)
        return DutyLine(
            schedule: schedule.name, path: "/schedules/\(schedule.id)",
            people: duty.people.map { configuration.name(of: $0) },
            since: duty.since, until: duty.until, next: duty.next.map { configuration.name(of: $0) })
    }
}
