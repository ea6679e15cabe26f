internal import Domain
internal import Store

/// A small demo team: Ada and Bob take weekly turns, Cleo and Dana back them up, Dana administers.
///
/// It has two schedules (primary and backup) and two policies. Urgent alerts go through both schedules and end with
/// everyone. A route sends warnings to a calmer policy, which waits longer and never pages at night.
struct DemoTeam {
    let time: TimeSource
    let identifiers: Identifiers
    /// How long a step waits for an answer before the next one.
    let stepDelay: Duration

    static let administrator = "dana@example.com"

    /// Creates everything in one change. If a name already exists, the database refuses all of it.
    func changes() -> [ConfigurationChange] {
        let team: TeamID = identifiers.next()
        let people = [
            user("Ada", .responder), user("Bob", .responder), user("Cleo", .manager), user("Dana", .admin),
        ]
        let ids = people.map(\.id)
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
        let unowned = Team(id: team, name: "Operations", memberIDs: ids)
        var owned = unowned
        owned.defaultPolicyID = urgent.id
        return people.map { .save($0) } + [.save(unowned)]
            + people.enumerated().flatMap { contactMethods(of: $1, number: $0) }
            + [.save(primary), .save(secondary), .save(calm), .save(urgent)]
            + [.save(owned)]
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
