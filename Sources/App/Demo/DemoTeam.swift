internal import Domain
internal import Store

/// A small team for a first look: Ada and Bob take weekly turns, Cleo helps out, Dana administers.
struct DemoTeam {
    let time: TimeSource
    let identifiers: Identifiers
    /// How long a step has before the next one.
    let stepDelay: Duration

    static let administrator = "dana@example.com"

    /// Everything in one change; names that exist already make the database refuse it as a whole.
    func changes() -> [ConfigurationChange] {
        let team: TeamID = identifiers.next()
        let people = [
            user("Ada", .responder), user("Bob", .responder), user("Cleo", .responder), user("Dana", .admin),
        ]
        let schedule = schedule(of: team, people: [people[0].id, people[1].id])
        let policy = EscalationPolicy(
            id: identifiers.next(), name: "On call, then everybody", teamID: team,
            steps: [
                .init(targets: [.schedule(schedule.id)], delay: stepDelay),
                .init(targets: [.user(people[2].id)], delay: stepDelay),
                .init(targets: [.team(team)], delay: stepDelay),
            ],
            repeats: 1, finalAction: .notifyAdministrators)
        let unowned = Team(id: team, name: "Operations", memberIDs: people.map(\.id))
        var owned = unowned
        owned.defaultPolicyID = policy.id
        return people.map { .saveUser($0) } + [.saveTeam(unowned)]
            + people.enumerated().flatMap { contactMethods(of: $1, number: $0) }
            + [.saveSchedule(schedule), .savePolicy(policy), .saveTeam(owned)]
    }

    private func user(_ name: String, _ role: Role) -> User {
        User(
            id: identifiers.next(), name: name, email: "\(name.lowercased())@example.com", role: role,
            timeZone: "Europe/Zagreb")
    }

    /// Weekly turns in office-friendly hand-offs on Mondays; the first is Ada's and has begun.
    private func schedule(of team: TeamID, people: [UserID?]) -> Schedule {
        let today = CivilDate(daysSince1970: time.now().seconds / 86400)
        let monday = today.adding(days: 1 - today.weekday)
        let start = monday.adding(days: today == monday ? -7 * people.count : 0)
        return Schedule(
            id: identifiers.next(), name: "Primary", teamID: team, timeZone: "Europe/Zagreb",
            layers: [
                .init(name: "Weekly", participants: people, rotation: .init(.week, handOffMinute: 9 * 60), start: start)
            ])
    }

    /// E-mail and SMS at once, both verified, at addresses that belong to nobody.
    private func contactMethods(of user: User, number: Int) -> [ConfigurationChange] {
        let mail = ContactMethod(
            id: identifiers.next(), userID: user.id, channel: .email, address: user.email, label: "Work",
            verifiedAt: time.now())
        let phone = ContactMethod(
            id: identifiers.next(), userID: user.id, channel: .sms, address: "+38591555010\(number + 1)",
            label: "Mobile",
            verifiedAt: time.now())
        let rules = [(Urgency.high, mail), (.high, phone), (.low, mail)].map { urgency, method in
            NotificationRule(
                id: identifiers.next(), userID: user.id, urgency: urgency, delay: .zero, contactMethodID: method.id)
        }
        return [.saveContactMethod(mail), .saveContactMethod(phone), .saveRules(user.id, rules)]
    }
}
