import TestSupport
import Testing

@testable import Domain

@Suite struct EscalationTests {
    let start = TestTeam.start

    func open(_ team: TestTeam) -> Transition {
        Incident.open(
            id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
            author: .source(team.source), at: start, configuration: team.configuration)
    }

    @Test func `a step that reaches nobody is skipped at once and says why`() {
        var team = TestTeam()
        team.schedule.layers = []
        let transition = open(team)
        #expect(transition.pages.map(\.userID) == ["bob"])
        #expect(
            transition.entries.contains { $0.event == .stepSkipped(step: 0, reason: "nobody is on call in Primary") })
        #expect(transition.incident.nextEscalationAt == start + .minutes(10))
    }

    @Test(arguments: [
        ("disabled", "Ada is disabled"), ("deleted", "the schedule was deleted"),
        ("silent", "Ada has no contact method"), ("unverified", "no contact method of Ada is verified"),
    ])
    func `people who can't be reached are named`(case name: String, reason: String) {
        var team = TestTeam()
        switch name {
        case "disabled": team.users[0].isEnabled = false
        case "silent": team.methods.removeAll { $0.userID == "ada" }
        case "unverified": team.methods[0].verifiedAt = nil
        default: break
        }
        if name == "deleted" { team.policy.steps[0].targets = [.schedule("gone")] }
        #expect(open(team).entries.contains { $0.event == .stepSkipped(step: 0, reason: reason) })
    }

    @Test func `a policy that reaches nobody is tried again, and the administrators are paged at its end`() throws {
        var team = TestTeam()
        team.policy.steps = [.init(targets: [.schedule("gone")], delay: .minutes(5))]
        var incident = open(team).incident
        #expect(incident.nextEscalationAt == start + .minutes(5))
        var paged: [UserID] = []
        while let next = incident.nextEscalationAt {
            let transition = try incident.decide(
                .escalationDue(wasReached: true), by: .system, at: next, configuration: team.configuration)
            paged += transition.pages.map(\.userID)
            incident = transition.incident
        }
        #expect(paged == ["dana"])
        #expect(incident.state == .triggered(.exhausted))
    }

    @Test func `a policy without steps pages the administrators at once`() {
        var team = TestTeam()
        team.policy.steps = []
        #expect(open(team).pages.map(\.userID) == ["dana"])
    }

    @Test func `a user who is reached twice in a step is paged once`() {
        var team = TestTeam()
        team.policy.steps[0].targets = [.user("ada"), .schedule("schedule"), .team("team-ops")]
        #expect(open(team).pages.map(\.userID) == ["ada", "bob"])
    }

    @Test func `a round robin pages another person in each cycle`() throws {
        var team = TestTeam()
        team.policy.steps = [.init(targets: [.roundRobin("team-ops")], delay: .minutes(5))]
        let first = open(team)
        let second = try first.incident.decide(.escalate, by: .system, at: start, configuration: team.configuration)
        #expect(Set(first.pages.map(\.userID) + second.pages.map(\.userID)) == ["ada", "bob"])
    }

    @Test func `an incident keeps the policy that it was opened with`() throws {
        var team = TestTeam()
        let incident = open(team).incident
        team.policy.steps = [.init(targets: [.user("cleo")], delay: .minutes(1))]
        let next = try incident.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .minutes(5), configuration: team.configuration)
        #expect(next.pages.map(\.userID) == ["bob"])
    }

    @Test func `a team without a policy pages all its people`() {
        var team = TestTeam()
        team.source.policyID = nil
        let configuration = Configuration(
            users: team.users, teams: [Team(id: "team-ops", name: "Operations", memberIDs: ["ada", "bob"])],
            contactMethods: team.methods)
        team.source.teamID = "team-ops"
        let transition = Incident.open(
            id: "i", event: team.event(), severity: .critical, source: team.source, team: "team-ops", author: .system,
            at: start, configuration: configuration)
        #expect(Set(transition.pages.map(\.userID)) == ["ada", "bob"])
    }

    @Test func `rules decide when and how, and a repeated cycle restarts them`() throws {
        var team = TestTeam()
        team.methods.append(
            ContactMethod(id: "sms-ada", userID: "ada", channel: .sms, address: "+385915550101", verifiedAt: start))
        team.rules = [
            NotificationRule(id: "r1", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "mail-ada"),
            NotificationRule(id: "r2", userID: "ada", urgency: .high, delay: .minutes(3), contactMethodID: "sms-ada"),
        ]
        team.policy.steps = [.init(targets: [.user("ada")], delay: .minutes(2))]
        let first = open(team)
        #expect(first.pages.map(\.channel) == [.email, .sms])
        #expect(first.pages.map(\.dueAt) == [start, start + .minutes(3)])
        let again = try first.incident.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .minutes(2), configuration: team.configuration)
        #expect(again.pageChanges == [.cancelOf(users: ["ada"], reason: "their turn starts again")])
        #expect(again.pages.map(\.cycle) == [2, 2])
    }

    @Test func `low urgency waits for the end of quiet hours, high urgency does not`() {
        var team = TestTeam()
        team.users[0].quietHours = QuietHours(from: 11 * 60, to: 14 * 60)
        #expect(open(team).pages.map(\.dueAt) == [start])
        team.policy.urgentSeverities = []
        #expect(open(team).pages.map(\.dueAt) == [start + .hours(2)])
    }
}
