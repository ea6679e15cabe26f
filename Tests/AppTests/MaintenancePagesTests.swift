import Actors
import Domain
import Foundation
import Providers
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct MaintenancePagesTests {
    /// Bob manages Operations and lives in Zagreb, one hour ahead of UTC in March.
    private static func manages(_ team: inout TestTeam) {
        team.users[1].role = .manager
        team.users[1].timeZone = "Europe/Zagreb"
    }

    @Test(arguments: TestDatabase.kinds)
    func `a window is planned in local time, holds new incidents, and can be ended early`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind, team: MaintenancePagesTests.manages) { app in
            let browser = try await Browser.signedIn(as: "bob", app)
            try await browser.visit("/maintenance/new")
            #expect(await browser.page.contains("value=\"2026-03-04T13:00\""))
            #expect(await browser.page.contains("In your time zone, Europe/Zagreb."))
            try await browser.send(
                "/maintenance",
                [
                    "kind": "once", "name": "Upgrade <b>db</b>", "team": "team-ops", "from": "2026-03-04T13:00",
                    "to": "2026-03-04T15:00", "sources": "source", "labels": "host = db-1\n",
                ])
            #expect(await browser.path == "/maintenance")
            let page = await browser.page
            #expect(page.contains("“Upgrade &lt;b&gt;db&lt;/b&gt;” is planned."))
            #expect(page.contains("Prometheus; host = db-1"))
            #expect(page.contains("<span class=\"status doubtful\">on</span>"))
            let window = try #require(app.assembly.configuration.current.maintenanceWindows.values.first)
            #expect(window.span == .once(from: app.time.now, to: app.time.now + .hours(2)))
            try await app.alert(#"{"title": "Disk full", "labels": {"host": "db-1"}}"#)
            try await app.expectPages([])
            app.time.advance(by: .minutes(10))
            try await browser.visit("/maintenance/\(window.id)")
            try await browser.send("/maintenance/\(window.id)/end", [:])
            #expect(await browser.page.contains("has ended. What still fires pages now."))
            #expect(await browser.page.contains("<span class=\"status idle\">over</span>"))
            try await app.waitForTimeline("PagerPal e-mail to Ada sent")
            try await app.expectPages(["email ada@example.com"])
            try await browser.send("/maintenance/\(window.id)/end", [:])
            #expect(await browser.page.contains("Only a single window that is on can be ended."))
        }
    }

    @Test
    func `a weekly window keeps its days and its hours`() async throws {
        try await TestApp.run(.sqliteMemory, team: MaintenancePagesTests.manages) { app in
            let browser = try await Browser.signedIn(as: "bob", app)
            try await browser.visit("/maintenance/new?kind=weekly")
            #expect(await browser.page.contains("type=\"time\" value=\"\""))
            try await browser.send(
                "/maintenance",
                [
                    "kind": "weekly", "name": "Backups", "team": "team-ops", "weekdays": "6", "weekdays": "7",
                    "from": "22:00", "to": "02:00", "time_zone": "Europe/Zagreb",
                ])
            #expect(await browser.page.contains("Sat, Sun 22:00 to 02:00 in Europe/Zagreb"))
            #expect(await browser.page.contains("all alerts"))
            let window = try #require(app.assembly.configuration.current.maintenanceWindows.values.first)
            try await browser.visit("/maintenance/\(window.id)")
            #expect(await browser.page.contains("value=\"6\" checked"))
            #expect(await !browser.page.contains("value=\"5\" checked"))
            try await browser.send("/maintenance/\(window.id)/delete", [:])
            #expect(await browser.page.contains("No maintenance is planned"))
        }
    }

    @Test
    func `invalid input stays in the form, and only the team's managers may plan a window`() async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                MaintenancePagesTests.manages(&team)
                team.users[2].role = .manager
            }
        ) { app in
            let bob = try await Browser.signedIn(as: "bob", app)
            try await bob.visit("/maintenance/new")
            let faults: [(KeyValuePairs<String, String>, String)] = [
                (["name": "A", "team": "team-ops", "from": "", "to": "2026-03-04T15:00"], "from"),
                (["name": "A", "team": "team-ops", "from": "2026-03-04T15:00", "to": "2026-03-04T14:00"], "to"),
                (["name": "", "team": "team-ops", "from": "2026-03-04T13:00", "to": "2026-03-04T14:00"], "name"),
                (
                    [
                        "name": "A", "team": "team-ops", "from": "2026-03-04T13:00", "to": "2026-03-04T14:00",
                        "labels": "host",
                    ],
                    "labels"
                ),
                (
                    [
                        "kind": "weekly", "name": "A", "team": "team-ops", "from": "22:00", "to": "02:00",
                        "time_zone": "UTC",
                    ], "weekdays"
                ),
                (
                    [
                        "kind": "weekly", "name": "A", "team": "team-ops", "from": "22:00", "to": "02:00",
                        "weekdays": "1", "time_zone": "Nowhere/Else",
                    ], "time_zone"
                ),
            ]
            for (fields, field) in faults {
                #expect(try await bob.send("/maintenance", fields) == 422, "\(fields)")
                #expect(await bob.page.contains("id=\"\(field)-fault\""), "\(fields)")
            }
            let cleo = try await Browser.signedIn(as: "cleo", app)
            try await cleo.visit("/maintenance/new")
            let plan: KeyValuePairs<String, String> = [
                "name": "A", "team": "team-ops", "from": "2026-03-04T13:00", "to": "2026-03-04T14:00",
            ]
            #expect(try await cleo.send("/maintenance", plan) == 403)
            try await bob.send("/maintenance", plan)
            let window = try #require(app.assembly.configuration.current.maintenanceWindows.values.first)
            try await cleo.visit("/maintenance/\(window.id)")
            #expect(await cleo.status == 200)
            #expect(await !cleo.page.contains("Delete the window"))
            for word in ["", "/end", "/delete"] {
                #expect(try await cleo.send("/maintenance/\(window.id)\(word)", plan) == 403)
            }
        }
    }
}
