internal import Actors
internal import Domain
internal import Store

/// A small demo team: Ada and Bob take weekly turns, Cleo and Dana back them up, Dana administers.
///
/// It has two schedules (primary and backup) and two policies. Urgent alerts go through both schedules and end with
/// everyone. A route sends warnings to a calmer policy, which waits longer and never pages at night. A source, a
/// heartbeat and a maintenance window fill the other pages.
///
/// It goes beside whatever is there: people with these addresses stay as they are, and if there is a team Operations
/// already, the demo's team is called Demo.
struct DemoTeam {
    let time: TimeSource
    let identifiers: Identifiers
    /// How long a step waits for an answer before the next one.
    let stepDelay: Duration

    static let administrator = "dana@example.com"
    private static let names = ["Operations", "Demo", "Demo team"]

    /// The demo's team in a configuration that has it.
    static func find(in configuration: Configuration) -> Team? {
        guard let dana = configuration.users.values.first(where: { $0.email == administrator }) else { return nil }
        return names.lazy.compactMap { configuration.team(named: $0) }.first { $0.memberIDs.contains(dana.id) }
    }

    /// Creates everything in one change. Empty if it is there already.
    func changes(of configuration: Configuration) -> [ConfigurationChange] {
        guard DemoTeam.find(in: configuration) == nil,
            let name = DemoTeam.names.first(where: { configuration.team(named: $0) == nil })
        else { return [] }
        let team: TeamID = identifiers.next()
        let wanted = [
            user("Ada", .responder), user("Bob", .responder), user("Cleo", .manager), user("Dana", .admin),
        ]
        let known = Dictionary(configuration.users.values.map { ($0.email.lowercased(), $0) }) { first, _ in first }
        let ids = wanted.map { known[$0.email]?.id ?? $0.id }
        let people = wanted.filter { known[$0.email] == nil }
        let primary = schedule("Primary", of: team, people: [ids[0], ids[1]])
        let secondary = schedule("Secondary", of: team, people: [ids[2], ids[3]])
        let calm = EscalationPolicy(
            id: identifiers.next(), name: "Warnings", teamID: team,
            steps: [
                .init(targets: [.schedule(primary.id)], delay: stepDelay * 6),
                .init(targets: [.schedule(secondary.id)], delay: stepDelay * 6),
            ],
            repeats: 0, urgentSeverities: [])
        let urgent = EscalationPolicy(
            id: identifiers.next(), name: "On call, then everybody", teamID: team,
            steps: [
                .init(targets: [.schedule(primary.id)], delay: stepDelay),
                .init(targets: [.schedule(secondary.id)], delay: stepDelay),
                .init(targets: [.team(team)], delay: stepDelay),
            ],
            repeats: 1, finalAction: .notifyAdministrators, acknowledgementTimeout: .hours(4),
            routes: [.init(severities: [.warning, .info], policyID: calm.id)])
        let unowned = Team(id: team, name: name, memberIDs: ids)
        var owned = unowned
        owned.defaultPolicyID = urgent.id
        return people.map { .save($0) } + [.save(unowned)]
            + people.enumerated().flatMap { contactMethods(of: $1, number: $0) }
            + [.save(primary), .save(secondary), .save(calm), .save(urgent)]
            + [.save(owned)] + extras(of: team)
    }

    /// What pages nobody: a source that has sent nothing, a job that has not called, and an upgrade next week.
    private func extras(of team: TeamID) -> [ConfigurationChange] {
        var source = AlertSource(
            id: identifiers.next(), name: "Grafana", kind: "grafana", teamID: team, reopenWindow: .minutes(30))
        source.setKey(randomKey())
        let backup = Heartbeat(
            id: identifiers.next(), name: "Nightly backup", teamID: team, rhythm: .every(.days(1)), grace: .hours(1),
            token: Heartbeat.tokenPrefix + randomKey())
        let begin = Timestamp(seconds: (time.now().seconds / 86400 + 7) * 86400)
        let upgrade = MaintenanceWindow(
            id: identifiers.next(), name: "Upgrade of the database", teamID: team,
            span: .once(from: begin, to: begin + .hours(2)))
        return [.save(source), .save(backup), .save(upgrade)]
    }

    private func user(_ name: String, _ role: Role) -> User {
        User(
            id: identifiers.next(), name: name, email: "\(name.lowercased())@example.com", role: role,
            timeZone: "Europe/Zagreb", quietHours: QuietHours(from: 22 * 60, to: 7 * 60))
    }

    /// Weekly turns with hand-offs on Mondays at nine. The first person has this week's turn.
    private func schedule(_ name: String, of team: TeamID, people: [UserID?]) -> Schedule {
        let today = CivilDate(daysSince1970: time.now().seconds / 86400)
        let monday = today.adding(days: 1 - today.weekday)
        let start = monday.adding(days: -7 * people.count)
        return Schedule(
            id: identifiers.next(), name: name, teamID: team, timeZone: "Europe/Zagreb",
            layers: [
                .init(name: "Weekly", participants: people, rotation: .init(.week, handOffMinute: 9 * 60), start: start)
            ])
    }

    /// Verified e-mail and SMS at addresses that belong to nobody, with the usual rules.
    private func contactMethods(of user: User, number: Int) -> [ConfigurationChange] {
        let mail = ContactMethod(
            id: identifiers.next(), userID: user.id, channel: .email, address: user.email, label: "Work",
            verifiedAt: time.now())
        let phone = ContactMethod(
            id: identifiers.next(), userID: user.id, channel: .sms, address: "+38591555010\(number + 1)",
            label: "Mobile",
            verifiedAt: time.now())
        return [.save(mail), .save(phone)]
    }
}
