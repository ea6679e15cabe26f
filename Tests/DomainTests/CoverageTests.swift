import Domain
import TestSupport
import Testing

@Suite struct CoverageTests {
    /// Warnings about Cleo, who has no contact method and is alone in a team without a policy.
    private func warningsAboutCleo(_ change: (inout Configuration) -> Void = { _ in }) -> [String] {
        var team = TestTeam()
        team.methods.removeAll { $0.userID == "cleo" }
        var configuration = team.configuration
        change(&configuration)
        return configuration.coverage(from: TestTeam.start, channels: [.email]).map(\.text)
            .filter { $0.contains("Cleo") }
    }

    private let source = AlertSource(
        id: "other", name: "Other", kind: "generic", teamID: "team-other", keyHash: "other")

    @Test func `a person no alert can page needs no contact method`() { #expect(warningsAboutCleo() == []) }

    @Test func `without a policy an alert pages everybody in the team`() {
        #expect(warningsAboutCleo { $0.sources["other"] = source } == ["Cleo has no contact method."])
        let heartbeat = Heartbeat(
            id: "beat", name: "Backup", teamID: "team-other", rhythm: .every(.hours(1)), token: "t")
        #expect(warningsAboutCleo { $0.heartbeats["beat"] = heartbeat } == ["Cleo has no contact method."])
        var owned = source
        owned.policyID = "policy"
        #expect(warningsAboutCleo { $0.sources["other"] = owned } == [])
    }

    @Test func `a gap that is running is told with its real start`() {
        var configuration = TestTeam().configuration
        let now = TestTeam.start
        let gap = Schedule.Override(
            id: "gap", change: .remove("ada"), from: now - .hours(20), to: now + .hours(2), author: "", madeAt: now)
        configuration.schedules["schedule"]?.overrides = [gap]
        guard let schedule = configuration.schedules["schedule"] else { return }
        let text = { (now: Timestamp) in
            configuration.coverage(from: now, channels: [.email]).first { $0.kind == .gap }?.text ?? ""
        }
        let (from, to) = (schedule.local(gap.from), schedule.local(gap.to))
        #expect(text(now) == "Nobody has been on call in “\(schedule.name)” since \(from), until \(to).")
        #expect(text(gap.from - .hours(1)) == "Nobody is on call in “\(schedule.name)” from \(from) to \(to).")
        configuration.schedules["schedule"]?.overrides[0].from = now - .days(40)
        #expect(text(now).contains("for more than 30 days, until"))
    }

    @Test(arguments: [(-1, 0), (1, 1)])
    func `a person in an override is warned about until it is over`(hours: Int, count: Int) {
        let end = TestTeam.start + .hours(hours)
        let override = Schedule.Override(
            id: "override", change: .only("cleo"), from: end - .hours(10), to: end, author: "", madeAt: end)
        let warnings = warningsAboutCleo { $0.schedules["schedule"]?.overrides = [override] }
        #expect(warnings.count == count)
    }
}
