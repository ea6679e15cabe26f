import TestSupport
import Testing

@testable import Domain

/// Random schedules. A failure prints the seed.
@Suite struct SchedulePropertyTests {
    static let zones = ["Europe/Zagreb", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]

    @Test(arguments: 0..<60)
    func `shifts follow each other without holes and agree with every instant, and a layer has one person at a time`(
        seed: UInt64
    ) throws {
        var random = SeededNumbers(seed: seed)
        let schedule = SchedulePropertyTests.schedule(&random)
        let present = Set(
            (["ada", "bob", "cleo", "dana"] as [UserID]).filter { _ in Int.random(in: 0..<5, using: &random) > 0 })
        let isPresent: (UserID) -> Bool = { present.contains($0) }
        let from = Timestamp(seconds: 1_767_225_600 + Int64.random(in: 0..<30_000_000, using: &random))
        let to = from + .days(Int.random(in: 1...40, using: &random))
        let shifts = schedule.shifts(from: from, to: to, isPresent: isPresent)
        #expect(shifts.first?.from == from && shifts.last?.to == to, "seed \(seed)")
        for (left, right) in zip(shifts, shifts.dropFirst()) {
            #expect(left.to == right.from && left.people != right.people && left.from < left.to, "seed \(seed)")
        }
        for index in schedule.layers.indices {
            let spans = schedule.spans(ofLayer: index, from: from, to: to, isPresent: isPresent)
            for (left, right) in zip(spans, spans.dropFirst()) { #expect(left.to <= right.from, "seed \(seed)") }
        }
        let instants =
            shifts.flatMap { [$0.from, $0.to - .microseconds(1)] }
            + (0..<50).map { _ in
                from + .seconds(Int.random(in: 0..<Int((to - from).components.seconds), using: &random))
            }
        for instant in instants {
            let shift = shifts.first { $0.from <= instant && instant < $0.to }
            #expect(
                shift?.people == schedule.onCall(at: instant, isPresent: isPresent),
                "seed \(seed) at \(instant.rfc3339)")
        }
    }

    @Test(arguments: 0..<30)
    func `editing participants never moves a person who stays and has one place`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var old = SchedulePropertyTests.schedule(&random)
        old.overrides = []
        for index in old.layers.indices { old.layers[index].name = "Layer \(index)" }
        let now = Timestamp(seconds: 1_770_000_000 + Int64.random(in: 0..<20_000_000, using: &random))
        var new = old
        for index in new.layers.indices {
            new.layers[index].participants = SchedulePropertyTests.people(&random)
        }
        let after = new.handingOver(from: old, at: now)
        guard let clock = LocalClock(old.timeZone) else { return }
        for (before, layer) in zip(old.layers, after.layers) {
            guard let turn = before.turn(at: now, clock) else { continue }
            let person = before.participants[before.place(ofTurn: turn)]
            let places = [before, layer].map { layer in layer.participants.count { $0 == person } }
            guard places == [1, 1] else { continue }
            #expect(layer.participants[layer.place(ofTurn: turn)] == person, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<200)
    func `an edit moves only the shifts it names`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var old = SchedulePropertyTests.schedule(&random)
        let now = Timestamp(seconds: 1_770_000_000 + Int64.random(in: 0..<20_000_000, using: &random))
        for index in old.layers.indices {
            old.layers[index].firstPlace = Int.random(in: 0..<old.layers[index].participants.count, using: &random)
        }
        let end = now + .days(366)
        let edited = Int.random(in: 0..<old.layers.count, using: &random)
        var renamed = old
        renamed.layers[edited].name = "Another name"
        #expect(
            renamed.handingOver(from: old, at: now).shifts(from: now, to: end) == old.shifts(from: now, to: end),
            "renamed, seed \(seed)")
        // A place with a new person leaves all other turns unchanged.
        var replaced = old
        let place = Int.random(in: 0..<old.layers[edited].participants.count, using: &random)
        replaced.layers[edited].participants[place] = "dana"
        replaced = replaced.handingOver(from: old, at: now)
        #expect(replaced.layers[edited].firstPlace == old.layers[edited].firstPlace, "replaced, seed \(seed)")
        // Another handoff time and zone change the hours of the turns, but not the people.
        var moved = old
        moved.layers[edited].rotation.handOffMinute = (old.layers[edited].rotation.handOffMinute + 15) % 1440
        moved.timeZone = "Pacific/Auckland"
        moved = moved.handingOver(from: old, at: now)
        #expect(moved.layers.map(\.firstPlace) == old.layers.map(\.firstPlace), "moved, seed \(seed)")
        // A new layer in front leaves the others unchanged.
        var added = old
        added.layers.insert(
            .init(name: "First", participants: ["dana"], rotation: .init(.day), start: .init(daysSince1970: 0)), at: 0)
        added = added.handingOver(from: old, at: now)
        #expect(added.layers.dropFirst().map(\.firstPlace) == old.layers.map(\.firstPlace), "added, seed \(seed)")
    }

    static func schedule(_ random: inout SeededNumbers) -> Schedule {
        let layers = (0..<Int.random(in: 1...4, using: &random)).map { index -> Schedule.Layer in
            let unit = Schedule.Rotation.Unit.allCases.randomElement(using: &random) ?? .day
            let count = unit == .hour ? Int.random(in: 1...60, using: &random) : Int.random(in: 1...3, using: &random)
            let restrictions = (0..<max(0, Int.random(in: -1...2, using: &random))).map { _ in
                WeeklyHours(
                    weekdays: Set(Weekday.allCases.filter { _ in Bool.random(using: &random) }),
                    from: Int.random(in: 0..<1440, using: &random),
                    to: Int.random(in: 0...1440, using: &random))
            }
            let start = CivilDate(daysSince1970: 20_400 + Int64.random(in: 0..<400, using: &random))
            return Schedule.Layer(
                name: "Layer \(index)", participants: people(&random),
                rotation: .init(unit, every: count, handOffMinute: Int.random(in: 0..<1440, using: &random)),
                start: start,
                end: Bool.random(using: &random) ? nil : start.adding(days: Int.random(in: 1...300, using: &random)),
                restrictions: restrictions)
        }
        let overrides = (0..<Int.random(in: 0...4, using: &random)).map { index -> Schedule.Override in
            let from = Timestamp(seconds: 1_767_225_600 + Int64.random(in: 0..<33_000_000, using: &random))
            let change: Schedule.Override.Change =
                switch index {
                case 0: .add("dana")
                case 1: .remove("ada")
                case 2: .replace("bob", with: "cleo")
                default: .only("dana")
                }
            return Schedule.Override(
                id: OverrideID("o\(index)"), change: change, from: from,
                to: from + .hours(Int.random(in: 1...500, using: &random)), author: "Dana",
                madeAt: Timestamp(seconds: Int64(index)))
        }
        return Schedule(
            id: "s", name: "Primary", teamID: "team-ops", timeZone: zones.randomElement(using: &random) ?? "UTC",
            layers: layers, overrides: overrides)
    }

    static func people(_ random: inout SeededNumbers) -> [UserID?] {
        let cast: [UserID?] = ["ada", "bob", "cleo", nil]
        return (0..<Int.random(in: 1...5, using: &random)).map { _ in cast.randomElement(using: &random) ?? nil }
    }
}
