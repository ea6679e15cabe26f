import Foundation
import Testing

@testable import Domain

/// Local hours on the nights of clock changes.
@Suite struct WeeklyHoursTests {
    @Test(arguments: [
        // The zone, the hours, an instant within them, and when they end. Both clock changes in Zagreb are at 01:00Z.
        ("Europe/Zagreb", 22 * 60, 7 * 60, "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"),
        ("Europe/Zagreb", 22 * 60, 7 * 60, "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"),
        ("Europe/Zagreb", 22 * 60, 7 * 60, "2026-10-25T00:30:00Z", "2026-10-25T06:00:00Z"),
        ("Europe/Zagreb", 22 * 60, 7 * 60, "2026-07-01T21:00:00Z", "2026-07-02T05:00:00Z"),
        // A border that the clocks skip falls on the first instant after the jump.
        ("Europe/Zagreb", 22 * 60, 150, "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z"),
        // If a border occurs twice, the first occurrence counts.
        ("Europe/Zagreb", 22 * 60, 150, "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z"),
        ("America/New_York", 23 * 60, 6 * 60, "2026-03-08T04:30:00Z", "2026-03-08T10:00:00Z"),
        ("America/New_York", 23 * 60, 6 * 60, "2026-11-01T04:30:00Z", "2026-11-01T11:00:00Z"),
        ("Australia/Lord_Howe", 22 * 60, 7 * 60, "2026-04-04T12:00:00Z", "2026-04-04T20:30:00Z"),
    ])
    func `quiet hours end at their local time`(zone: String, from: Int, to: Int, at: String, end: String) throws {
        let instant = try #require(Timestamp(rfc3339: at))
        let quiet = QuietHours(from: from, to: to)
        #expect(quiet.end(covering: instant, timeZone: zone)?.rfc3339 == end)
        // Routes, restrictions and windows follow the same rule.
        let days = Set(Weekday.allCases)
        let last = try #require(Timestamp(rfc3339: end))
        let route = ZonedHours(timeZone: zone, weekdays: days, from: from, to: to)
        #expect(route.contains(instant) && route.contains(last - .microseconds(1)) && !route.contains(last))
        let window = MaintenanceWindow(
            id: "m", name: "M", teamID: "t",
            span: .weekly(.init(timeZone: zone, weekdays: days, from: from, to: to)))
        #expect(window.end(covering: instant) == last)
        let layer = Schedule.Layer(
            name: "L", participants: ["ada"], rotation: .init(.day), start: CivilDate(daysSince1970: 20_000),
            restrictions: [.init(weekdays: days, from: from, to: to)])
        let schedule = Schedule(id: "s", name: "S", teamID: "t", timeZone: zone, layers: [layer])
        #expect(schedule.onCall(at: last - .microseconds(1)) == ["ada"])
        #expect(schedule.onCall(at: last) == [])
    }

    @Test func `hours that end when they begin are never quiet, and a whole day for a window`() {
        let noon = Timestamp(seconds: 1_772_625_600)
        #expect(QuietHours(from: 60, to: 60).end(covering: noon, timeZone: "UTC") == nil)
        #expect(WeeklyHours(from: 60, to: 60).contains(noon, .utc))
    }

    @Test(
        arguments: [
            ("mon", Weekday.monday), ("Tues", .tuesday), ("SUNDAY", .sunday), ("mo", nil), ("day", nil), ("", nil),
        ] as [(String, Weekday?)])
    func `days of the week are read by their names`(text: String, day: Weekday?) {
        #expect(Weekday(named: text) == day)
    }
}
