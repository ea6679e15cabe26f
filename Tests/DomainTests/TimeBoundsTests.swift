import Testing

@testable import Domain

/// Times at and beyond the edges of the range that can be written.
@Suite struct TimeBoundsTests {
    static let edges: [Timestamp] = [
        Timestamp(microseconds: .min), Timestamp(microseconds: .max), Timestamp(seconds: .max),
        Timestamp(seconds: .min),
        Timestamp.accepted.lowerBound, Timestamp.accepted.upperBound,
    ]

    @Test(arguments: edges)
    func `arithmetic stops at the first and the last instant`(edge: Timestamp) {
        #expect(edge + .days(400) >= edge)
        #expect(edge - .days(400) <= edge)
        for other in TimeBoundsTests.edges where edge < other { #expect(other - edge > .zero) }
        #expect(!edge.rfc3339.isEmpty)
        #expect(!edge.local(in: "Europe/Zagreb").isEmpty)
    }

    @Test(arguments: Schedule.Rotation.Unit.allCases, edges)
    func `shifts are rendered at any instant, and counting turns comes to an end`(
        unit: Schedule.Rotation.Unit, edge: Timestamp
    ) {
        let layer = Schedule.Layer(
            name: "L", participants: ["ada", "bob"], rotation: .init(unit), start: CivilDate(daysSince1970: 20_000))
        let schedule = Schedule(id: "s", name: "S", teamID: "t", timeZone: "Europe/Zagreb", layers: [layer])
        _ = schedule.onCall(at: edge)
        _ = schedule.shifts(from: edge - .days(62), to: edge + .days(62))
    }

    @Test(arguments: [("1969-12-31T23:59:59Z", false), ("1970-01-01T00:00:00Z", true), ("9999-12-31T23:59:59Z", true)])
    func `times from outside are of the years 1970 to 9999`(text: String, isAccepted: Bool) {
        #expect((Timestamp(accepting: text) != nil) == isAccepted)
    }

    @Test(arguments: [
        ("2027-01-01T09:00:00", "2027-01-01T00:00:00Z"), ("2027-01-01T09:00:30.5", "2027-01-01T00:00:30.500Z"),
        ("2027-01-01T09:00:00Z", "2027-01-01T09:00:00Z"), ("2027-01-01T09:00:00+02:00", "2027-01-01T07:00:00Z"),
    ])
    func `a time without an offset is local`(text: String, instant: String) throws {
        let tokyo = try #require(LocalClock("Asia/Tokyo"))
        #expect(Timestamp(accepting: text, local: tokyo)?.rfc3339 == instant)
    }

    @Test func `months are counted beyond the year 9999`() throws {
        let day = try #require(CivilDate("9999-12-31"))
        #expect(day.adding(months: 1) > day)
        #expect(day.adding(months: 2).day == 29)
        #expect(CivilDate("2026-03-31")?.adding(months: -1) == CivilDate("2026-02-28"))
    }
}
