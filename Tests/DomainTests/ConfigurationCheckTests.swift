import TestSupport
import Testing

@testable import Domain

/// Every invalid value is reported by field, and no valid one is.
@Suite struct ConfigurationCheckTests {
    let team = TestTeam()

    func faults(_ change: ConfigurationChange) -> [String] { team.configuration.faults(of: [change]).map(\.field) }

    @Test func `the test team's configuration has no faults`() {
        #expect(team.configuration.faults(of: team.changes) == [])
    }

    @Test(arguments: [
        ("empty name", "name"), ("taken name", "name"), ("unknown zone", "time_zone"), ("unknown team", "team_id"),
        ("empty rotation", "layers[0].participants"), ("nobody at all", "layers[0].participants"),
        ("unknown person", "layers[0].participants[1]"), ("zero turn", "layers[0].rotation.count"),
        ("late hand-off", "layers[0].rotation.hand_off"), ("no weekday", "layers[0].restrictions[0].weekdays"),
        ("empty hours", "layers[0].restrictions[0]"), ("overlapping hours", "layers[0].restrictions[1]"),
        ("overlapping layers", "layers[1].start"), ("end before start", "layers[0].end"),
        ("backward override", "overrides[0].to"), ("override of a stranger", "overrides[0].with_user_id"),
        ("stand-in for oneself", "overrides[0].with"), ("endless override", "overrides[0].to"),
    ])
    func `a schedule is checked`(fault: String, field: String) {
        #expect(faults(.save(faulty(schedule: fault))) == [field])
    }

    private func faulty(schedule fault: String) -> Schedule {
        var schedule = team.schedule
        let hours = WeeklyHours(weekdays: [.saturday, .sunday], from: 1320, to: 360)
        switch fault {
        case "empty name": schedule.name = " "
        case "taken name":
            schedule = Schedule(
                id: "twin", name: "PRIMARY", teamID: "team-ops", timeZone: "UTC", layers: schedule.layers)
        case "unknown zone": schedule.timeZone = "Europe/Atlantis"
        case "unknown team": schedule.teamID = "gone"
        case "empty rotation": schedule.layers[0].participants = []
        case "nobody at all": schedule.layers[0].participants = [nil, nil]
        case "unknown person": schedule.layers[0].participants = ["ada", "gone"]
        case "zero turn": schedule.layers[0].rotation.count = 0
        case "late hand-off": schedule.layers[0].rotation.handOffMinute = 1440
        case "no weekday": schedule.layers[0].restrictions = [.init(weekdays: [], from: 0, to: 60)]
        case "empty hours": schedule.layers[0].restrictions = [.init(weekdays: [.monday], from: 60, to: 60)]
        case "overlapping hours":
            schedule.layers[0].restrictions = [hours, .init(weekdays: [.monday], from: 300, to: 600)]
        case "overlapping layers": schedule.layers.append(schedule.layers[0])
        case "end before start": schedule.layers[0].end = schedule.layers[0].start
        case "backward override": schedule.overrides = [override(.add("bob"), lasting: .hours(-1))]
        case "override of a stranger": schedule.overrides = [override(.replace("ada", with: "gone"))]
        case "stand-in for oneself": schedule.overrides = [override(.replace("ada", with: "ada"))]
        case "endless override": schedule.overrides = [override(.add("bob"), lasting: .days(367))]
        default: Issue.record("unknown case \(fault)")
        }
        return schedule
    }

    private func override(_ change: Schedule.Override.Change, lasting: Duration = .hours(1)) -> Schedule.Override {
        .init(
            id: "o", change: change, from: TestTeam.start, to: TestTeam.start + lasting, author: "Dana",
            madeAt: TestTeam.start)
    }

    @Test func `layers of one name may follow each other`() {
        var schedule = team.schedule
        schedule.layers.append(schedule.layers[0])
        schedule.layers[0].end = schedule.layers[0].start.adding(days: 7)
        schedule.layers[1].start = schedule.layers[0].start.adding(days: 7)
        #expect(faults(.save(schedule)) == [])
    }

    @Test(arguments: [
        ("no steps", "steps"), ("no delay", "steps[0].delay_seconds"), ("long delay", "steps[0].delay_seconds"),
        ("no targets", "steps[0].targets"), ("unknown user", "steps[0].targets[0].id"),
        ("unknown schedule", "steps[0].targets[0].id"), ("unknown team", "steps[0].targets[0].id"),
        ("same target twice", "steps[0].targets[1].id"), ("too many repeats", "repeats"),
        ("short time-out", "acknowledgement_timeout_seconds"), ("route nowhere", "routes[0].policy_id"),
        ("route to itself", "routes[0].policy_id"), ("route in a circle", "routes[0].policy_id"),
        ("route in no zone", "routes[0].hours.time_zone"), ("route on no day", "routes[0].hours.weekdays"),
    ])
    func `a policy is checked`(fault: String, field: String) {
        let (policy, others) = faulty(policy: fault)
        let configuration = team.configuration.applying(others.map { .save($0) })
        #expect(configuration.faults(of: [.save(policy)]).map(\.field) == [field])
    }

    private func faulty(policy fault: String) -> (EscalationPolicy, [EscalationPolicy]) {
        var policy = team.policy
        let back = EscalationPolicy(
            id: "back", name: "Back", teamID: "team-ops", steps: policy.steps, routes: [.init(policyID: "policy")])
        let never = ZonedHours(timeZone: "UTC", weekdays: [], from: 0, to: 60)
        switch fault {
        case "no steps": policy.steps = []
        case "no delay": policy.steps[0].delay = .zero
        case "long delay": policy.steps[0].delay = .days(30) + .seconds(1)
        case "no targets": policy.steps[0].targets = []
        case "unknown user": policy.steps[0].targets = [.user("gone")]
        case "unknown schedule": policy.steps[0].targets = [.schedule("gone")]
        case "unknown team": policy.steps[0].targets = [.roundRobin("gone")]
        case "same target twice": policy.steps[0].targets = [.user("ada"), .user("ada")]
        case "too many repeats": policy.repeats = 21
        case "short time-out": policy.acknowledgementTimeout = .seconds(59)
        case "route nowhere": policy.routes = [.init(policyID: "gone")]
        case "route to itself": policy.routes = [.init(policyID: "policy")]
        case "route in a circle":
            policy.routes = [.init(policyID: "back")]
            return (policy, [back])
        case "route in no zone":
            var hours = never
            (hours.timeZone, hours.hours.weekdays) = ("Nowhere", [.monday])
            policy.routes = [.init(hours: hours, policyID: "back")]
            return (policy, [without(back)])
        case "route on no day":
            policy.routes = [.init(hours: never, policyID: "back")]
            return (policy, [without(back)])
        default: Issue.record("unknown case \(fault)")
        }
        return (policy, [])
    }

    private func without(_ policy: EscalationPolicy) -> EscalationPolicy {
        var policy = policy
        policy.routes = []
        return policy
    }

    @Test(arguments: [
        ("sms", "+385915550101", true), ("sms", "0915550101", false), ("voice", "+0915550101", false),
        ("whatsapp", "+1", false), ("sms", "+3859155501011234", false), ("email", "ada@example.com", true),
        ("email", "ada@example", false), ("email", "ada@@example.com", false), ("email", "a da@example.com", false),
        ("email", "ada@example.com\r\nBcc: x@example.com", false), ("email", ".ada@example.com", false),
        ("webhook", "https://example.com/pages", true), ("webhook", "http://example.com/", false),
        ("webhook", "https://user:secret@example.com/", false), ("webhook", "ftp://example.com", false),
    ])
    func `addresses are checked by their channel`(word: String, address: String, isGood: Bool) throws {
        let channel = try #require(Channel(rawValue: word))
        #expect((channel.definition.address.fault(in: address) == nil) == isGood)
    }

    @Test func `telephone numbers are kept without the marks that people add`() {
        #expect(Channel.sms.definition.address.normalized(" 00385 (91) 555-0101 ") == "+385915550101")
    }

    @Test func `people, teams, rules and sources are checked`() {
        var user = team.users[0]
        (user.name, user.email, user.timeZone, user.locale) = ("", "bob@example.com", "Mars", "not a tag")
        #expect(faults(.save(user)) == ["name", "email", "time_zone", "locale"])
        var dana = team.users[3]
        dana.role = .viewer
        #expect(faults(.save(dana)) == ["role"])
        dana = team.users[3]
        dana.isEnabled = false
        #expect(faults(.save(dana)) == ["is_enabled"])
        var other = team.other
        (other.name, other.memberIDs, other.defaultPolicyID) = ("operations", ["cleo", "gone"], "policy")
        #expect(faults(.save(other)) == ["name", "member_ids[1]", "default_policy_id"])
        let rules = [
            NotificationRule(id: "1", userID: "ada", urgency: .high, delay: .hours(25), contactMethodID: "mail-ada"),
            NotificationRule(id: "2", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "mail-bob"),
            NotificationRule(id: "3", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "gone"),
        ]
        #expect(
            faults(.saveRules("ada", rules)) == [
                "rules[0].delay_seconds", "rules[1].contact_method_id", "rules[2].contact_method_id",
            ])
        var source = team.source
        (source.name, source.policyID, source.autoResolveAfter) = ("", "gone", .seconds(1))
        #expect(faults(.save(source)) == ["name", "policy_id", "auto_resolve_seconds"])
        let twin = ContactMethod(id: "twin", userID: "ada", channel: .email, address: "ADA@example.com")
        #expect(faults(.save(twin)) == ["address"])
    }

    @Test func `a person in use can't be deleted, and the error says why`() throws {
        var configuration = team.configuration
        #expect(throws: ConfigurationFault.self) { try configuration.deletion(of: UserID("ada")) }
        #expect(throws: ConfigurationFault.self) { try configuration.deletion(of: UserID("dana")) }
        #expect(configuration.reasonsToKeep(schedule: "schedule").count == 1)
        #expect(configuration.reasonsToKeep(team: "team-ops").count == 3)
        #expect(configuration.reasonsToKeep(team: "team-other") == [])
        configuration.schedules["schedule"]?.layers[0].participants = ["ada", "bob"]
        let changes = try configuration.deletion(of: UserID("ada"))
        #expect(configuration.faults(of: changes) == [])
        let after = configuration.applying(changes)
        #expect(after.schedules["schedule"]?.people(from: TestTeam.start) == ["bob"])
        #expect(after.users["ada"] == nil && after.contactMethods(of: "ada").isEmpty)
        #expect(after.teams["team-ops"]?.memberIDs == ["bob"])
    }

    @Test func `deleting a policy deletes the routes that lead to it`() {
        var configuration = team.configuration
        configuration.policies["night"] = EscalationPolicy(
            id: "night", name: "Night", teamID: "team-ops", steps: team.policy.steps)
        configuration.policies["policy"]?.routes = [.init(policyID: "night")]
        let changes = configuration.deletion(of: PolicyID("night"))
        #expect(configuration.faults(of: changes) == [])
        #expect(configuration.applying(changes).policies["policy"]?.routes == [])
    }
}
