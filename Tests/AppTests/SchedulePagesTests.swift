import Actors
import Domain
import Providers
import TestSupport
import Testing

@testable import App

@Suite("Schedules on web pages", .serialized)
struct SchedulePagesTests {
    private func onCall(_ app: TestApp, at time: String) throws -> [UserID] {
        let schedule = try #require(app.assembly.configuration.current.schedules["schedule"])
        return schedule.onCall(at: try #require(Timestamp(rfc3339: time)))
    }

    @Test("An override from the form puts somebody else on call until it is deleted", arguments: TestDatabase.kinds)
    func override(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/schedules/schedule")
            try await browser.send(
                "/schedules/schedule/overrides",
                [
                    "substitute": "bob", "away": "ada", "from": "2026-03-05T08:00", "to": "2026-03-05T20:00",
                    "zone": "UTC",
                ])
            #expect(await browser.status == 200)
            let page = await browser.page
            #expect(page.contains("Bob covers for Ada, from Thu 5 Mar, 08:00 to Thu 5 Mar, 20:00."))
            #expect(page.contains("by Ada"))
            #expect(try onCall(app, at: "2026-03-05T07:59:59Z") == ["ada"])
            #expect(try onCall(app, at: "2026-03-05T08:00:00Z") == ["bob"])
            #expect(try onCall(app, at: "2026-03-05T20:00:00Z") == ["ada"])

            let id = try #require(page.firstMatch(of: /overrides\/([^\/"]+)\/delete/)).1
            try await browser.send("/schedules/schedule/overrides/\(id)/delete", [:])
            #expect(await browser.page.contains("The override is deleted."))
            #expect(try onCall(app, at: "2026-03-05T08:00:00Z") == ["ada"])
        }
    }

    @Test(
        "Each way to choose who is on call is an exception of its own",
        arguments: [
            ("bob", "anybody", ["bob"]), ("bob", "addition", ["ada", "bob"]), ("bob", "ada", ["bob"]),
            ("nobody", "ada", []),
        ] as [(String, String, [UserID])])
    func changes(_ substitute: String, _ away: String, _ expected: [UserID]) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.send(
                "/schedules/schedule/overrides",
                ["substitute": substitute, "away": away, "from": "2026-03-05T08:00", "to": "2026-03-05T20:00"])
            #expect(await browser.status == 200)
            #expect(try onCall(app, at: "2026-03-05T12:00:00Z") == expected)
        }
    }

    @Test("An override typed in the user's time zone is read in that zone")
    func zone() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.users[0].timeZone = "America/New_York" }) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/schedules/schedule?zone=mine")
            #expect(await browser.page.contains(#"name="zone" value="America/New_York""#))
            try await browser.send(
                "/schedules/schedule/overrides",
                [
                    "substitute": "bob", "away": "anybody", "from": "2026-03-05T08:00", "to": "2026-03-05T20:00",
                    "zone": "America/New_York",
                ])
            #expect(try onCall(app, at: "2026-03-05T12:59:59Z") == ["ada"])
            #expect(try onCall(app, at: "2026-03-05T13:00:00Z") == ["bob"])
        }
    }

    @Test("An invalid override stays in the form, with its faults at their fields")
    func badOverride() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let wrong: [(field: String, fields: KeyValuePairs<String, String>)] = [
                ("from", ["substitute": "bob", "away": "ada", "from": "soon", "to": "2026-03-05T20:00"]),
                ("to", ["substitute": "bob", "away": "ada", "from": "2026-03-05T20:00", "to": "2026-03-05T08:00"]),
                ("to", ["substitute": "bob", "away": "ada", "from": "2026-03-01T20:00", "to": "2026-03-02T08:00"]),
                ("to", ["substitute": "bob", "away": "ada", "from": "2026-03-05T20:00", "to": "2028-03-05T08:00"]),
                (
                    "away",
                    ["substitute": "nobody", "away": "anybody", "from": "2026-03-05T08:00", "to": "2026-03-06T08:00"]
                ),
                (
                    "substitute",
                    ["substitute": "ada", "away": "ada", "from": "2026-03-05T08:00", "to": "2026-03-06T08:00"]
                ),
                (
                    "substitute",
                    ["substitute": "<b>", "away": "anybody", "from": "2026-03-05T08:00", "to": "2026-03-06T08:00"]
                ),
            ]
            for (field, fields) in wrong {
                try await browser.send("/schedules/schedule/overrides", fields)
                #expect(await browser.status == 422, "\(fields)")
                let page = await browser.page
                #expect(page.contains("id=\"\(field)-fault\""), "\(fields)")
                let from = fields.first { $0.key == "from" }?.value ?? ""
                #expect(page.contains("value=\"\(from)\""), "\(fields)")
                #expect(!page.contains("<b>\""), "\(fields)")
            }
            #expect(app.assembly.configuration.current.schedules["schedule"]?.overrides == [])
        }
    }

    @Test("Only team members can add overrides, and only managers can change the schedule")
    func rights() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.users[2].role = .manager }) { app in
            let outsider = try await Browser.signedIn(as: "cleo", app)
            try await outsider.visit("/schedules/schedule")
            #expect(await outsider.status == 200)
            #expect(await !outsider.page.contains("/schedules/schedule/overrides"))
            #expect(await !outsider.page.contains("/schedules/schedule/edit"))
            for path in ["overrides", "delete", "layers", "layers/0", "layers/0/delete", "calendar"] {
                #expect(try await outsider.send("/schedules/schedule/\(path)", [:]) == 403, "\(path)")
            }
            // A manager also can't move a schedule to another team.
            let fields: KeyValuePairs<String, String> = ["name": "Mine", "team_id": "team-ops", "time_zone": "UTC"]
            #expect(try await outsider.send("/schedules", fields) == 403)
            #expect(app.assembly.configuration.current.schedules.count == 1)
        }
    }

    @Test("Forms create a schedule and its layer", arguments: TestDatabase.kinds)
    func create(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/schedules/new")
            try await browser.send(
                "/schedules", ["name": "Nights", "team_id": "team-ops", "time_zone": "Europe/Zagreb"])
            let path = await browser.path
            let id = try #require(path.firstMatch(of: /^\/schedules\/(.+)\/layers\/new$/)).1
            #expect(await browser.page.contains("Now say who takes turns."))
            try await browser.send(
                "/schedules/\(id)/layers",
                [
                    "name": "Rota", "place-0": "ada", "place-1": "", "place-2": "nobody", "place-3": "bob",
                    "count": "2", "unit": "day", "hand_off": "18:30", "start": "2026-03-01", "end": "2026-12-24",
                    "hours-0-days": "5", "hours-0-days": "6", "hours-0-from": "18:30", "hours-0-to": "00:00",
                ])
            #expect(await browser.path == "/schedules/\(id)")
            let schedule = try #require(app.assembly.configuration.current.schedules[ScheduleID(String(id))])
            #expect(
                schedule.layers == [
                    .init(
                        name: "Rota", participants: ["ada", nil, "bob"],
                        rotation: .init(.day, every: 2, handOffMinute: 1110),
                        start: try #require(CivilDate("2026-03-01")),
                        end: CivilDate("2026-12-24"),
                        restrictions: [.init(weekdays: [.friday, .saturday], from: 1110, to: 1440)])
                ])
            #expect(await browser.page.contains("Ada, nobody and Bob take turns of 2 days, handed over at 18:30."))
            #expect(await browser.page.contains("Only Fri, Sat, 18:30 to 24:00."))
            #expect(await browser.page.contains("Nobody is on call"))
        }
    }

    @Test("A schedule's faults appear at their fields")
    func badSchedule() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            let wrong: [(field: String, fields: KeyValuePairs<String, String>)] = [
                ("name", ["name": " ", "team_id": "team-ops", "time_zone": "UTC"]),
                ("name", ["name": "PRIMARY", "team_id": "team-ops", "time_zone": "UTC"]),
                ("team_id", ["name": "New", "team_id": "nowhere", "time_zone": "UTC"]),
                ("time_zone", ["name": "New", "team_id": "team-ops", "time_zone": "Moon/Crater"]),
            ]
            for (field, fields) in wrong {
                #expect(try await browser.send("/schedules", fields) == 422, "\(fields)")
                #expect(await browser.page.contains("id=\"\(field)-fault\""), "\(fields)")
            }
            #expect(await browser.page.contains(#"value="Moon/Crater""#))
            #expect(app.assembly.configuration.current.schedules.count == 1)
        }
    }

    @Test("A schedule that a policy uses can't be deleted, and the web page says why")
    func delete() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/schedules/schedule")
            try await browser.send("/schedules/schedule/delete", [:])
            #expect(await browser.path == "/schedules/schedule")
            #expect(await browser.page.contains("The escalation policy “Standard” pages whoever is on call in it."))
            #expect(app.assembly.configuration.current.schedules.count == 1)
        }
    }

    @Test("A calendar link is shown once, works, and can be revoked", arguments: TestDatabase.kinds)
    func calendar(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/schedules/schedule")
            try await browser.send("/schedules/schedule/calendar", [:])
            let link = String(try #require(await browser.page.firstMatch(of: /\/calendar\/\w+\.ics/)).0)
            let calendar = try await app.send("GET", link, headers: [])
            #expect(calendar.status == 200)
            #expect(String(decoding: calendar.response.body, as: UTF8.self).contains("SUMMARY:Ada"))
            try await browser.visit("/schedules/schedule")
            #expect(await !browser.page.contains(".ics"))
            try await browser.send("/schedules/schedule/calendar/delete", [:])
            #expect(try await app.send("GET", link, headers: []).status == 404)
        }
    }

    @Test("Turns too short to draw are drawn by day, and the web page stays small")
    func manyTurns() async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                team.schedule.layers = (1...5).map { number in
                    .init(
                        name: "Hourly \(number)", participants: ["ada", "bob", "cleo"], rotation: .init(.hour),
                        start: team.schedule.layers[0].start)
                }
            }
        ) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            for path in ["/schedules/schedule", "/schedules/schedule?view=month"] {
                try await browser.visit(path)
                #expect(await browser.page.contains("Ada, Bob, Cleo"))
                let weight = await browser.page.utf8.count
                #expect(weight < 30_000, "\(path)")
            }
        }
    }

    @Test("A month, another week and an invalid query all show the schedule")
    func windows() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            for (query, words) in [
                ("view=month", "March 2026"), ("from=2026-03-28", "23 March to 5 April 2026"),
                ("view=month&from=2027-02-14", "February 2027"), ("from=yesterday&view=year", "2 to 15 March 2026"),
                ("from=9999-12-31", "2 to 15 March 2026"), ("override_from=abc&override_to=-5", "2 to 15 March 2026"),
            ] {
                #expect(try await browser.visit("/schedules/schedule?\(query)") == 200, "\(query)")
                #expect(await browser.page.contains("<h2>\(words)</h2>"), "\(query)")
            }
            #expect(try await browser.visit("/schedules/unknown") == 404)
        }
    }
}
