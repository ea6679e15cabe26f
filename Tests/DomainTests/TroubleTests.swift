import TestSupport
import Testing

@testable import Domain

@Suite struct TroubleTests {
    let start = TestTeam.start
    let sms = Trouble(name: "provider sms", text: "SMS fails.", channels: [.sms])

    @Test func `trouble that lasts is told once a day, and when it is over`() {
        var watch = TroubleWatch()
        #expect(watch.look([sms], at: start) == [])
        #expect(watch.look([sms], at: start + .seconds(119)) == [])
        #expect(watch.look([sms], at: start + .minutes(2)) == [sms])
        #expect(watch.look([sms], at: start + .hours(23)) == [])
        #expect(watch.look([sms], at: start + .hours(25)) == [sms])
        #expect(watch.look([], at: start + .hours(26)).map(\.text) == ["Over: SMS fails."])
        #expect(watch.look([], at: start + .hours(27)) == [])
    }

    @Test func `trouble that passes is not told`() {
        var watch = TroubleWatch()
        #expect(watch.look([sms], at: start) == [])
        #expect(watch.look([], at: start + .minutes(1)) == [])
        #expect(watch.look([sms], at: start + .minutes(3)) == [])
    }

    @Test func `administrators hear over a channel that is not in trouble`() {
        var team = TestTeam()
        team.methods.append(
            ContactMethod(
                id: "a-sms", userID: "dana", channel: .sms, address: "+385915550104", verifiedAt: TestTeam.start))
        let configuration = team.configuration
        #expect(configuration.waysToAdministrators(avoiding: []).map(\.id) == ["a-sms"])
        #expect(configuration.waysToAdministrators(avoiding: [.sms]).map(\.id) == ["mail-dana"])
        #expect(configuration.waysToAdministrators(avoiding: [.sms, .email]) == [])
    }
}
