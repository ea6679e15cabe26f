import TestSupport
import Testing

@testable import Domain

@Suite struct ScheduleTests {
    func at(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    func daily(_ zone: String, handoff minute: Int = 540, start: String = "2026-01-01") throws -> Schedule {
        let parts = start.split(separator: "-").compactMap { Int($0) }
        let date = try #require(CivilDate(year: parts[0], month: parts[1], day: parts[2]))
        return Schedule(
            id: "s", name: "Primary", teamID: "t", timeZone: zone,
            layers: [
                .init(
                    name: "Daily", participants: ["ada", "bob"], rotation: .init(.day, handOffMinute: minute),
                    start: date)
            ])
    }

    /// Handoffs at 09:00 local time on the day before, of and after each clock change in 2026.
    @Test(arguments: [
        ("Europe/Zagreb", ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]),
        ("Europe/Zagreb", ["2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z", "2026-10-26T08:00:00Z"]),
        ("America/New_York", ["2026-03-07T14:00:00Z", "2026-03-08T13:00:00Z", "2026-03-09T13:00:00Z"]),
        ("America/New_York", ["2026-10-31T13:00:00Z", "2026-11-01T14:00:00Z", "2026-11-02T14:00:00Z"]),
        ("Australia/Lord_Howe", ["2026-04-03T22:00:00Z", "2026-04-04T22:30:00Z", "2026-04-05T22:30:00Z"]),
        ("Africa/Casablanca", ["2026-02-14T08:00:00Z", "2026-02-15T09:00:00Z", "2026-02-16T09:00:00Z"]),
        ("UTC", ["2026-03-28T09:00:00Z", "2026-03-29T09:00:00Z", "2026-03-30T09:00:00Z"]),
    ])
    func `a daily hand-off stays at its local time`(zone: String, handoffs: [String]) throws {
        let schedule = try daily(zone)
        for text in handoffs {
            let instant = try at(text)
            #expect(schedule.onCall(at: instant) != schedule.onCall(at: instant - .microseconds(1)), "\(zone) \(text)")
        }
        let shifts = schedule.shifts(from: try at(handoffs[0]), to: try at(handoffs[2]))
        #expect(shifts.map(\.from.rfc3339) == [handoffs[0], handoffs[1]])
    }

    @Test func `a hand-off in a skipped hour happens at the jump, in a repeated hour the first time`()
        throws
    {
        let spring = try daily("Europe/Zagreb", handoff: 150).shifts(
            from: try at("2026-03-28T12:00:00Z"), to: try at("2026-03-29T12:00:00Z"))
        #expect(spring.last?.from.rfc3339 == "2026-03-29T01:00:00Z")
        let autumn = try daily("Europe/Zagreb", handoff: 150).shifts(
            from: try at("2026-10-24T12:00:00Z"), to: try at("2026-10-25T12:00:00Z"))
        #expect(autumn.last?.from.rfc3339 == "2026-10-25T00:30:00Z")
    }

    @Test(arguments: [Schedule.Rotation.Unit.hour, .day, .week, .month])
    func `rotations of every unit alternate`(unit: Schedule.Rotation.Unit) throws {
        var schedule = try daily("Europe/Zagreb", start: "2026-01-31")
        schedule.layers[0].rotation = .init(unit, every: 2)
        let shifts = schedule.shifts(from: try at("2026-02-01T00:00:00Z"), to: try at("2027-02-01T00:00:00Z"))
        for (left, right) in zip(shifts, shifts.dropFirst()) {
            #expect(left.to == right.from)
            #expect(left.people != right.people)
        }
        #expect(shifts.count > 2)
    }

    @Test func `overrides add, remove and replace, in the order in which they were made`() throws {
        var schedule = try daily("UTC", start: "2026-03-01")
        let (from, to) = (try at("2026-03-01T12:00:00Z"), try at("2026-03-01T18:00:00Z"))
        func put(_ changes: [Schedule.Override.Change]) -> [UserID] {
            schedule.overrides = changes.enumerated().map {
                .init(
                    id: OverrideID("\($0)"), change: $1, from: from, to: to, author: "Dana",
                    madeAt: Timestamp(seconds: Int64($0)))
            }
            return schedule.onCall(at: from)
        }
        #expect(put([]) == ["ada"])
        #expect(put([.add("cleo")]) == ["ada", "cleo"])
        #expect(put([.remove("ada")]) == [])
        #expect(put([.replace("ada", with: "cleo")]) == ["cleo"])
        #expect(put([.replace("bob", with: "cleo")]) == ["ada"])
        #expect(put([.replace("ada", with: "cleo"), .only("bob")]) == ["bob"])
        _ = put([.only("bob")])
        #expect(schedule.onCall(at: to) == ["ada"])
        #expect(schedule.onCall(at: from - .microseconds(1)) == ["ada"])
    }

    @Test func `the final schedule has no holes and agrees with every instant`() throws {
        var schedule = try daily("Australia/Lord_Howe", start: "2026-01-01")
        schedule.layers.append(
            .init(
                name: "Nights", participants: ["cleo", nil], rotation: .init(.week),
                start: try #require(CivilDate(year: 2026, month: 2, day: 2)),
                restrictions: [
                    .init(weekdays: [.monday, .tuesday, .wednesday, .thursday, .friday], from: 22 * 60, to: 6 * 60)
                ]))
        let (from, to) = (try at("2026-03-20T00:00:00Z"), try at("2026-04-20T00:00:00Z"))
        let shifts = schedule.shifts(from: from, to: to)
        #expect(shifts.first?.from == from)
        #expect(shifts.last?.to == to)
        for (left, right) in zip(shifts, shifts.dropFirst()) { #expect(left.to == right.from) }
        var instant = from
        while instant < to {
            let shift = shifts.first { $0.from <= instant && instant < $0.to }
            #expect(shift?.people == schedule.onCall(at: instant), "\(instant.rfc3339)")
            instant = instant + .minutes(17)
        }
    }

    @Test func `an unknown time zone and an empty rotation put nobody on call`() throws {
        #expect(try daily("Mars/Olympus").onCall(at: try at("2026-03-01T12:00:00Z")) == [])
        var schedule = try daily("UTC")
        schedule.layers[0].participants = []
        #expect(schedule.gaps(from: try at("2026-03-01T00:00:00Z"), to: try at("2026-03-02T00:00:00Z")).count == 1)
    }
}
