import TestSupport
import Testing

@testable import Domain

@Suite struct HeartbeatTests {
    let start = TestTeam.start

    func monitor(_ rhythm: Heartbeat.Rhythm = .every(.hours(1)), isPaused: Bool = false) -> Heartbeat {
        Heartbeat(
            id: "backup", name: "Backup", teamID: "team-ops", rhythm: rhythm, grace: .minutes(5), isPaused: isPaused,
            token: "hb_x")
    }

    @Test func `a new monitor waits for its first beat, and is late after the period and the grace`() {
        let new = HeartbeatState()
        #expect(new.dueAt == nil)
        let up = monitor().state(after: .beat, new, at: start)
        #expect(up == HeartbeatState(status: .up, lastBeatAt: start, dueAt: start + .minutes(65)))
    }

    @Test func `a job that started must finish within the grace`() {
        let started = monitor().state(
            after: .start, HeartbeatState(status: .up, lastBeatAt: start), at: start + .hours(1))
        #expect(started.dueAt == start + .minutes(65))
        #expect(started.startedAt == start + .hours(1))
        let done = monitor().state(after: .beat, started, at: start + .minutes(62))
        #expect(done.startedAt == nil)
        #expect(done.dueAt == start + .minutes(62 + 65))
    }

    @Test func `a reported failure counts at once, and the monitor is still watched`() {
        let failed = monitor().state(after: .fail, HeartbeatState(status: .up, dueAt: start), at: start)
        #expect(failed.status == .failed)
        #expect(failed.dueAt == start + .minutes(65))
        #expect(monitor().state(after: .start, failed, at: start).dueAt == failed.dueAt)
        #expect(monitor().state(after: .beat, failed, at: start).status == .up)
    }

    @Test(arguments: Heartbeat.Signal.allCases)
    func `a paused monitor waits for nothing and fails at nothing`(signal: Heartbeat.Signal) {
        let after = monitor(isPaused: true).state(after: signal, HeartbeatState(status: .up, dueAt: start), at: start)
        #expect(after.dueAt == nil)
        #expect(after.status == .up)
    }

    @Test func `a changed period counts from the last beat, and a resumed monitor waits for its next beat`() {
        let up = monitor().state(after: .beat, HeartbeatState(), at: start)
        #expect(monitor(.every(.minutes(10))).stateAfterChange(up).dueAt == start + .minutes(15))
        let paused = monitor(isPaused: true).stateAfterChange(up)
        #expect(paused.dueAt == nil)
        #expect(monitor().stateAfterChange(paused).dueAt == nil)
        #expect(monitor().stateAfterChange(HeartbeatState()).dueAt == nil)
    }

    @Test(arguments: [
        // The cron expression, the beat, and when the next beat is late.
        ("0 3 * * *", "2026-03-05T02:59:59Z", "2026-03-06T03:05:00Z"),
        ("0 3 * * *", "2026-03-05T02:59:00Z", "2026-03-06T03:05:00Z"),
        ("0 3 * * *", "2026-03-05T02:58:59Z", "2026-03-05T03:05:00Z"),
        ("0 3 * * *", "2026-03-05T03:00:00Z", "2026-03-06T03:05:00Z"),
        ("* * * * *", "2026-03-05T02:59:50Z", "2026-03-05T03:06:00Z"),
        ("* * * * *", "2026-03-05T02:59:40Z", "2026-03-05T03:05:00Z"),
    ])
    func `a beat just before its cron time counts for that run`(cron: String, beat: String, due: String) throws {
        let monitor = monitor(.cron(try #require(CronExpression(cron)), timeZone: "UTC"))
        #expect(monitor.due(after: try #require(Timestamp(rfc3339: beat)))?.rfc3339 == due)
    }

    @Test func `after PagerPal's downtime a monitor gets its grace again, unless it is already missing`() {
        let resumed = start + .hours(3)
        let up = HeartbeatState(status: .up, lastBeatAt: start, dueAt: start + .minutes(65))
        #expect(monitor().postponed(up, resumed: resumed) == resumed + .minutes(5))
        #expect(monitor().postponed(up, resumed: start + .hours(1)) == nil)
        let late = HeartbeatState(status: .late, lastBeatAt: start, dueAt: start + .minutes(65))
        #expect(monitor().postponed(late, resumed: resumed) == nil)
    }

    @Test func `a heartbeat's alerts say what is known`() throws {
        let late = HeartbeatState(status: .late, lastBeatAt: start)
        let alert = try #require(monitor().alert(late, at: start))
        #expect(alert.title == "Backup is late")
        #expect(alert.text == "It was last heard of at \(start.rfc3339).")
        #expect(alert.status == .firing)
        let back = try #require(monitor().alert(HeartbeatState(status: .up), at: start))
        #expect(back.status == .resolved)
        #expect(back.dedupKey == alert.dedupKey)
        let failed = try #require(monitor().alert(HeartbeatState(status: .failed), report: "disk full", at: start))
        #expect(failed.text == "disk full")
        #expect(monitor().alert(HeartbeatState(), at: start) == nil)
    }

    @Test(arguments: [
        ("*/15 * * * *", "2026-03-04T12:00:00Z", "2026-03-04T12:15:00Z"),
        ("0 3 * * *", "2026-03-04T12:00:00Z", "2026-03-05T03:00:00Z"),
        ("30 4 1,15 * *", "2026-03-04T12:00:00Z", "2026-03-15T04:30:00Z"),
        ("0 0 * * mon-fri", "2026-03-06T12:00:00Z", "2026-03-09T00:00:00Z"),
        ("0 0 * * 7", "2026-03-04T12:00:00Z", "2026-03-08T00:00:00Z"),
        ("0 0 13 * fri", "2026-03-04T12:00:00Z", "2026-03-06T00:00:00Z"),
        ("0 0 29 2 *", "2026-03-04T12:00:00Z", "2028-02-29T00:00:00Z"),
        ("@hourly", "2026-03-04T12:00:00Z", "2026-03-04T13:00:00Z"),
        ("5/20 * * * *", "2026-03-04T12:06:00Z", "2026-03-04T12:25:00Z"),
        ("0 12 4 JAN-MAR *", "2026-03-04T12:00:00Z", "2027-01-04T12:00:00Z"),
    ])
    func `cron expressions give the next time`(text: String, after: String, next: String) throws {
        let expression = try #require(CronExpression(text))
        let found = expression.next(after: try #require(Timestamp(rfc3339: after)), timeZone: "UTC")
        #expect(found == Timestamp(rfc3339: next))
    }

    @Test(arguments: [
        // In 2026 the clocks in Zagreb go from 2:00 to 3:00 on 29 March, and from 3:00 to 2:00 on 25 October.
        ("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
        ("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        ("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
    ])
    func `a time that is skipped or repeated by a clock change occurs once`(text: String, after: String, next: String)
        throws
    {
        let expression = try #require(CronExpression(text))
        let found = expression.next(after: try #require(Timestamp(rfc3339: after)), timeZone: "Europe/Zagreb")
        #expect(found == Timestamp(rfc3339: next))
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *",
        "5-1 * * * *", "a * * * *", "1,,2 * * * *", "0 0 30 2 *", "-1 * * * *", "@often", "1-2-3 * * * *",
        "*/* * * * *",
    ])
    func `invalid cron expressions are refused`(text: String) { #expect(CronExpression(text) == nil) }
}
