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

    @Test(arguments: [(-1, 0), (1, 1)])
    func `a person in an override is warned about until it is over`(hours: Int, count: Int) {
        let end = TestTeam.start + .hours(hours)
        let override = Schedule.Override(
            id: "override", change: .only("cleo"), from: end - .hours(10), to: end, author: "", madeAt: end)
        let warnings = warningsAboutCleo { $0.schedules["schedule"]?.overrides = [override] }
        #expect(warnings.count == count)
    }
}
