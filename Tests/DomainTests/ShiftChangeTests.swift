import TestSupport
import Testing

@testable import Domain

/// What an edit changes, as a pure function of the configurations before and after it.
@Suite struct ShiftChangeTests {
    let team = TestTeam()
    let start = TestTeam.start

    private func configuration(_ people: [UserID?], days: Int = 1) -> Configuration {
        var team = team
        team.schedule.layers[0].participants = people
        team.schedule.layers[0].rotation = .init(.day, every: days)
        return team.configuration
    }

    private func changes(_ old: Configuration, _ new: Configuration, days: Int = 4) -> [ShiftChange] {
        old.shiftChanges(to: new, in: "schedule", from: start, to: start + .days(days))
    }

    @Test func `equal configurations change no shift`() {
        #expect(changes(configuration(["ada", "bob"]), configuration(["ada", "bob"])).isEmpty)
        // Another number of places, with the same result.
        #expect(changes(configuration(["ada"]), configuration(["ada", "ada"])).isEmpty)
    }

    @Test func `each span with other people is told once, with both`() {
        let found = changes(configuration(["ada", "ada"]), configuration(["ada", "bob"]))
        #expect(found.allSatisfy { $0.before == ["ada"] && $0.after == ["bob"] })
        #expect(found.count == 3 && found.allSatisfy { $0.to - $0.from <= .days(1) })
        let whole = changes(configuration(["ada"]), configuration(["bob"]))
        #expect(whole == [ShiftChange(from: start, to: start + .days(4), before: ["ada"], after: ["bob"])])
        #expect(changes(configuration(["ada"]), configuration([nil])).map(\.after) == [[]])
    }

    @Test func `a user who is disabled changes shifts, too`() {
        var gone = team
        gone.schedule.layers[0].participants = ["ada", "bob"]
        let before = gone.configuration
        gone.users[0].isEnabled = false
        let found = before.shiftChanges(to: gone.configuration, from: start, to: start + .days(20))
        #expect(found.map(\.schedule) == ["schedule"])
        #expect(found.first?.changes.allSatisfy { $0.before == ["ada"] && $0.after == ["bob"] } == true)
    }

    @Test func `for random edits the changes are exactly the instants with other people`() {
        var numbers = SeededNumbers(seed: 11)
        let people: [UserID?] = ["ada", "bob", "cleo", nil]
        for _ in 0..<200 {
            func list() -> [UserID?] {
                (0..<Int.random(in: 1...4, using: &numbers)).map { _ in people.randomElement(using: &numbers) ?? nil }
            }
            let (old, new) = (
                configuration(list()), configuration(list(), days: Int.random(in: 1...3, using: &numbers))
            )
            let found = changes(old, new, days: 10)
            for hour in 0..<240 {
                let instant = start + .hours(hour)
                let isTold = found.contains { $0.from <= instant && instant < $0.to }
                let before = Set(old.schedules["schedule"]?.onCall(at: instant) ?? [])
                let after = Set(new.schedules["schedule"]?.onCall(at: instant) ?? [])
                #expect(isTold == (before != after))
            }
        }
    }
}
