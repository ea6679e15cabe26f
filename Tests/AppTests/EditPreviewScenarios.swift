import Actors
import Domain
import Formats
import TestSupport
import Testing

@testable import App

/// What an edit of a schedule changes is shown before it is saved.
@Suite struct EditPreviewScenarios {
    private func stored(_ app: TestApp) -> [UserID?] {
        app.assembly.configuration.current.schedules["schedule"]?.layers.first?.participants ?? []
    }

    @Test(arguments: TestDatabase.kinds)
    func `the layer's editor says which shifts change, and stores nothing`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/schedules/schedule/layers/0")
            #expect(await browser.page.contains("No shift changes within 12 weeks."))
            #expect(await browser.page.contains("Its turns end at once. Wed 4 Mar, 12:00: Ada → nobody."))
            let path = "/schedules/schedule/layers/0"
            func submit(_ action: String, known: String = "") async throws -> Int {
                try await browser.send(
                    path,
                    [
                        "name": "Weekly", "unit": "week", "count": "1", "hand_off": "09:00", "start": "2026-03-03",
                        "place-0": "ada", "place-1": "bob", "do": action, "known": known,
                    ])
            }
            #expect(try await submit("preview") == 200)
            let page = await browser.page
            #expect(page.contains("What changes"))
            #expect(page.contains("Ada → <b>Bob</b>"))
            #expect(page.contains("Tue 10 Mar, 09:00"))
            #expect(stored(app) == ["ada"])
            try await browser.visit(path)
            let known = try #require(await browser.page.firstMatch(of: /name="known" value="([^"]*)"/)).1
            _ = try await submit("save", known: String(known))
            #expect(stored(app) == ["ada", "bob"])
        }
    }

    @Test func `the schedule's editor says what another time zone changes`() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.schedule.layers[0].participants = ["ada", "bob"] }) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/schedules/schedule/edit")
            let status = try await browser.send(
                "/schedules/schedule",
                [
                    "name": "Primary", "team_id": "team-ops", "team": "team-ops", "time_zone": "Asia/Tokyo",
                    "do": "preview",
                ])
            #expect(status == 200)
            #expect(await browser.page.contains("What changes"))
            #expect(await browser.page.contains("→"))
            #expect(app.assembly.configuration.current.schedules["schedule"]?.timeZone == "UTC")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a dry run of the API answers the result and the shifts, and stores nothing`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            let path = "/api/v1/schedules/schedule"
            let before = try await app.send("GET", path).json
            let layers = "\(before["layers"] ?? .null)".replacing("[\"ada\"]", with: "[\"ada\",\"bob\"]")
            let edit = #"{"layers": [{"name": "Weekly", "participants": ["ada", "bob"], "start": "2026-03-03"}]}"#
            #expect(!layers.isEmpty)
            let plan = try await app.send("PUT", "\(path)?dry_run=true", edit)
            #expect(plan.status == 200, "\(plan.json)")
            #expect(plan.json["dry_run"]?.boolean == true)
            let first = plan.json["shift_changes"]?.array?.first
            #expect(first?.text("schedule.name") == "Primary")
            #expect(first?.at("before[0].id")?.text == "ada")
            #expect(first?.at("after[0].id")?.text == "bob")
            #expect(try await app.send("GET", path).json == before)
            #expect(try await app.send("PUT", "\(path)?dry_run=true", #"{"time_zone": "Mars"}"#).status == 422)
            #expect(try await app.send("PUT", "\(path)?dry_run=perhaps", "{}").status == 422)
            let same = try await app.send("PUT", "\(path)?dry_run=true", #"{"name": "First line"}"#)
            #expect(same.json["name"]?.text == "First line")
            #expect(same.json["shift_changes"]?.array?.isEmpty == true)
            #expect(try await app.send("PUT", path, edit).status == 200)
            let gone = try await app.send("PUT", "/api/v1/users/ada?dry_run=true", #"{"is_enabled": false}"#)
            #expect(gone.status == 200, "\(gone.json)")
            #expect(gone.json["shift_changes"]?.array?.isEmpty == false)
            #expect(stored(app) == ["ada", "bob"])
            let team = #"{"name": "Night"}"#
            #expect(try await app.send("POST", "/api/v1/teams?dry_run=true", team).json["dry_run"]?.boolean == true)
            #expect(try await app.send("POST", "/api/v1/teams", team).status == 201)
            try await app.takePages()
        }
    }
}
