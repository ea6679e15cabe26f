import Actors
import Database
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// Users, schedules and rules that change while incidents are open.
@Suite struct DutyScenarios {
    static func sms(_ team: inout TestTeam) {
        team.methods.append(
            ContactMethod(
                id: "sms-ada", userID: "ada", channel: .sms, address: "+385915550101", verifiedAt: TestTeam.start))
        team.rules = [
            NotificationRule(id: "r1", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "mail-ada"),
            NotificationRule(id: "r2", userID: "ada", urgency: .high, delay: .minutes(3), contactMethodID: "sms-ada"),
        ]
    }

    @Test(arguments: TestDatabase.kinds)
    func `disabling the person who was paged starts the next step, and the schedule shows who is on call`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind, team: { $0.schedule.layers[0].participants = ["ada", "cleo"] }) { app in
            try await app.alert(#"{"title": "First"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.change("users/ada", #"{"is_enabled": false}"#)
            // Cleo gets a notice that she is now on call.
            try await app.waitForMessages(3)
            try await app.expectPages(["email bob@example.com", "email cleo@example.com"])
            #expect(
                try await app.timeline().contains(
                    "PagerPal Ada, who was paged, can't answer any more; the next step starts now"))
            let notes = try await app.get("audit?kind=schedule&id=schedule")["items"]?.array?.compactMap {
                $0["note"]?.text
            }
            #expect(notes == ["Ada was disabled while on call; Cleo is on call now"])
            try await app.alert(#"{"title": "Second"}"#)
            try await app.expectPages(["email cleo@example.com"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `incidents owned by a disabled user are triggered again`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: { $0.schedule.layers[0].participants = ["ada", "cleo"] }) { app in
            try await app.alert(#"{"title": "First"}"#)
            try await app.expectPages(["email ada@example.com"])
            let url = try #require(await app.outbox.messages.last?.url)
            _ = try await app.send("POST", String(url.dropFirst("http://127.0.0.1:8000".count)))
            #expect(try await app.state() == "acknowledged")
            try await app.change("users/ada", #"{"is_enabled": false}"#)
            #expect(try await app.state() == "triggered")
            // The page, and the notice that she is now on call.
            try await app.waitForMessages(3)
            try await app.expectPages(["email cleo@example.com", "email cleo@example.com"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `pages for a contact method disabled or deleted meanwhile are dropped, and the timeline says so`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind, team: DutyScenarios.sms) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.change("contact-methods/sms-ada", #"{"is_enabled": false}"#)
            #expect(
                try await app.timeline().contains(
                    "PagerPal pages to Ada dropped: the notification rules or contact methods changed"))
            try await app.advance(.minutes(4))
            try await app.expectPages([])
            try await app.change("contact-methods/sms-ada", #"{"is_enabled": true}"#)
            try await app.alert(#"{"title": "Second", "external_id": "2"}"#)
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.send("DELETE", "/api/v1/contact-methods/sms-ada").status == 204)
            try await app.act("acknowledge", on: 1)
            try await app.advance(.minutes(4))
            try await app.expectPages([])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a rule whose delay has passed does not fire later, and a later rule still does`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind, team: DutyScenarios.sms) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.advance(.minutes(2))
            let rules = try await app.get("users/ada/notification-rules")
            #expect(rules["is_default"]?.boolean == false && rules["rules"]?.array?.count == 2)
            let answer = try await app.send(
                "PUT", "/api/v1/users/ada/notification-rules",
                """
                {"rules": [{"urgency": "high", "delay_seconds": 60, "contact_method_id": "sms-ada"},
                 {"urgency": "high", "delay_seconds": 240, "contact_method_id": "sms-ada"}]}
                """)
            #expect(answer.status == 200, "\(answer.json)")
            try await app.advance(.seconds(90))
            try await app.expectPages([])
            try await app.advance(.seconds(30))
            try await app.expectPages(["sms +385915550101"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a schedule that is edited or a policy that is deleted while an incident is open loses nothing`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.send("DELETE", "/api/v1/escalation-policies/policy").status == 204)
            #expect(try await app.send("DELETE", "/api/v1/schedules/schedule").status == 204)
            try await app.advance(.minutes(5))
            try await app.expectPages(["email bob@example.com"])
            try await app.advance(.minutes(10))
            // Second round: the schedule is gone, so its step is skipped at once.
            try await app.expectPages(["email bob@example.com"])
            #expect(try await app.timeline().contains("PagerPal step 1 skipped: the schedule was deleted"))
            try await app.alert(#"{"title": "Next"}"#)
            try await app.expectPages(["email ada@example.com", "email bob@example.com"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an empty policy or a schedule with an unknown time zone does not block other incidents`(kind: TestDatabase)
        async throws
    {
        let broken: (inout TestTeam) -> Void = { team in
            team.policy.steps = []
            team.schedule.timeZone = "Mars/Base"
        }
        try await TestApp.run(kind, team: broken) { app in
            try await app.alert(#"{"title": "First"}"#)
            try await app.expectPages(["email dana@example.com"])
            let good = try await app.create(
                "escalation-policies",
                """
                {"name": "Good", "team_id": "team-ops", "steps": [{"delay_seconds": 60, "targets": [{"type": "schedule",
                 "id": "schedule"}]}, {"delay_seconds": 60, "targets": [{"type": "user", "id": "bob"}]}]}
                """)
            try await app.alert(#"{"title": "Second", "policy": "Good"}"#)
            try await app.expectPages(["email bob@example.com"])
            #expect(try await app.timeline(2).contains("PagerPal step 1 skipped: nobody is on call in Primary"))
            #expect(!good.isEmpty)
            try await app.act("resolve", on: 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `after an outage there is one page per open incident, not one for each missed step`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            app.time.advance(by: .hours(2))
            try await app.expectPages(["email bob@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `moving an incident to another policy uses only the new one`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            _ = try await app.create(
                "escalation-policies",
                """
                {"name": "Cleo only", "team_id": "team-ops", "repeats": 0,
                 "steps": [{"delay_seconds": 120, "targets": [{"type": "user", "id": "cleo"}]}]}
                """)
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.act("reassign", #"{"policy": "Cleo only"}"#)
            try await app.expectPages(["email cleo@example.com"])
            try await app.advance(.hours(1))
            try await app.expectPages([])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an acknowledgement that races an escalation leaves nothing queued`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            for round in 1...12 {
                try await app.alert(#"{"title": "Race \#(round)"}"#)
                try await app.settle()
                async let acknowledgement = app.act("acknowledge", on: round)
                app.time.advance(by: .minutes(5))
                _ = try await acknowledgement
                try await app.settle()
                let timeline = try await app.timeline(round)
                let order = timeline.filter { $0.contains("acknowledged") || $0.contains("step 2") }
                #expect(order.last == "Dana acknowledged", "\(timeline)")
                let late = try await app.assembly.store.database.run(
                    "SELECT COUNT(*) AS count FROM pages WHERE state = 'queued'"
                ).rows[0].get("count", as: Int.self)
                #expect(late == 0)
            }
            let seen = await app.outbox.messages.map { "\($0.channel.rawValue) \($0.address)" }
            #expect(seen.count { $0.contains("ada") } == 12)
            try await app.expectPages(seen)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a person coming on call is notified once, despite restarts`(kind: TestDatabase) async throws {
        let daily: (inout TestTeam) -> Void = { team in
            team.schedule.layers[0].participants = ["ada", "bob"]
            team.schedule.layers[0].rotation = .init(.day, handOffMinute: 13 * 60)
            team.users[0].tellsShiftAhead = true
        }
        let url = try await kind.make()
        let time = ManualTime()
        try await TestApp.run(kind, time: time, url: url, team: daily) { app in
            try await app.expectPages([])
            try await app.advance(.minutes(59))
            try await app.expectPages([])
            try await app.advance(.minutes(2))
            try await app.waitForMessages(2)
            try await app.expectPages(["email ada@example.com", "email bob@example.com"])
            let messages = await app.outbox.messages.map(\.text).sorted()
            #expect(
                messages == [
                    "You are now on call for Primary until Thu 2026-03-05 13:00 (UTC).",
                    "Your shift in Primary starts Thu 2026-03-05 13:00 (UTC).",
                ])
        }
        try await TestApp.run(kind, time: time, url: url, team: daily) { app in
            try await app.settle()
            try await app.advance(.minutes(5))
            try await app.expectPages([])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `calendars are read by a secret link until it is revoked`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            for path in ["schedules/schedule", "users/ada"] {
                let url = try #require(try await app.send("POST", "/api/v1/\(path)/calendar").json["url"]?.text)
                let file = String(url.dropFirst("http://127.0.0.1:8000".count))
                let calendar = try await app.send("GET", file, headers: [])
                #expect(calendar.status == 200)
                #expect(calendar.response.headers["content-type"]?.hasPrefix("text/calendar") == true)
                #expect(String(decoding: calendar.response.body, as: UTF8.self).hasPrefix("BEGIN:VCALENDAR\r\n"))
                let other = try #require(try await app.send("POST", "/api/v1/\(path)/calendar").json["url"]?.text)
                #expect(try await app.send("GET", file, headers: []).status == 404)
                #expect(try await app.send("DELETE", "/api/v1/\(path)/calendar").status == 204)
                #expect(
                    try await app.send("GET", String(other.dropFirst("http://127.0.0.1:8000".count)), headers: [])
                        .status == 404)
            }
        }
    }
}
