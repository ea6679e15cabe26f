import Actors
import Domain
import TestSupport
import Testing

@testable import App

@Suite("Schedule layers on web pages", .serialized)
struct LayerPagesTests {
    private func onCall(_ app: TestApp, at time: String) throws -> [UserID] {
        let schedule = try #require(app.assembly.configuration.current.schedules["schedule"])
        return schedule.onCall(at: try #require(Timestamp(rfc3339: time)))
    }

    private func layer(_ app: TestApp, _ index: Int = 0) throws -> Schedule.Layer {
        let layers = try #require(app.assembly.configuration.current.schedules["schedule"]).layers
        return try #require(layers.indices.contains(index) ? layers[index] : nil)
    }

    @Test("A layer's form adds and reorders participants without saving")
    func reshaping() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            let before = try layer(app)
            let send = { (action: String) async throws -> String in
                try await browser.send(
                    "/schedules/schedule/layers/0",
                    [
                        "do": action, "name": "Weekly", "place-0": "ada", "place-1": "bob", "count": "1",
                        "unit": "week",
                        "hand_off": "09:00", "start": "2026-03-03", "end": "",
                    ])
                #expect(await browser.status == 200)
                return await browser.page
            }
            let sorted = try await send("up-1")
            let chosen = sorted.matches(of: /<option value="(ada|bob)" selected>/).map { String($0.1) }
            #expect(chosen == ["bob", "ada"])
            #expect(try await send("places").contains(#"name="place-6""#))
            #expect(try await send("hours").contains(#"name="hours-0-from""#))
            #expect(try await send("preview").contains("The next two weeks with this layer"))
            #expect(try layer(app) == before)
        }
    }

    @Test(
        "A layer's faults appear at their fields",
        arguments: [
            ("count", "0", "count"), ("count", "99999999999999999999", "count"), ("hand_off", "late", "hand_off"),
            ("start", "someday", "start"), ("end", "2026-03-01", "end"), ("place-0", "", "places"),
            ("place-1", "ghost", "place-1"), ("hours-0-from", "09:00", "hours-0-days"),
            ("hours-0-to", "", "hours-0-to"),
            ("name", "", "name"),
        ])
    func badLayer(_ name: String, _ value: String, _ fault: String) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            let before = try layer(app)
            let known = try await knownLayer(browser)
            let hours = name.hasPrefix("hours") ? ["hours-0-from": "09:00", "hours-0-to": "17:00"] : [:]
            var fields = [
                "known": known, "name": "Weekly", "place-0": "ada", "count": "1", "unit": "week", "hand_off": "09:00",
                "start": "2026-03-03", "end": "",
            ].merging(hours) { $1 }
            fields[name] = value
            try await browser.post("/schedules/schedule/layers/0", fields)
            #expect(await browser.status == 422)
            #expect(await browser.page.contains("id=\"\(fault)-fault\""))
            #expect(try layer(app) == before)
        }
    }

    @Test("A layer that somebody else changed in the meantime is not overwritten")
    func changedMeanwhile() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            var fields = [
                "known": try await knownLayer(browser), "name": "Weekly", "place-0": "ada", "place-1": "bob",
                "count": "1",
                "unit": "week", "hand_off": "09:00", "start": "2026-03-03", "end": "",
            ]
            try await browser.post("/schedules/schedule/layers/0", fields)
            #expect(await browser.path == "/schedules/schedule")
            fields["place-1"] = "cleo"
            try await browser.post("/schedules/schedule/layers/0", fields)
            #expect(await browser.status == 422)
            #expect(await browser.page.contains("Somebody else changed this layer in the meantime."))
            #expect(try layer(app).participants == ["ada", "bob"])
        }
    }

    private func knownLayer(_ browser: Browser) async throws -> String {
        try await browser.visit("/schedules/schedule/layers/0")
        return String(try #require(await browser.page.firstMatch(of: /name="known" value="([^"]+)"/)).1)
    }

    @Test("Layers can be reordered and deleted")
    func layers() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.tellNobody() }) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/schedules/schedule/layers/new")
            try await browser.send(
                "/schedules/schedule/layers",
                [
                    "name": "Second", "place-0": "bob", "count": "1", "unit": "week", "hand_off": "09:00",
                    "start": "2026-03-03", "end": "",
                ])
            #expect(try onCall(app, at: "2026-03-05T12:00:00Z") == ["bob"])
            try await browser.send("/schedules/schedule/layers/1/up", [:])
            #expect(try onCall(app, at: "2026-03-05T12:00:00Z") == ["ada"])
            try await browser.send("/schedules/schedule/layers/1/delete", [:])
            #expect(try layer(app).name == "Second")
            #expect(try onCall(app, at: "2026-03-05T12:00:00Z") == ["bob"])
        }
    }
}
