import Actors
import Domain
import Foundation
import Providers
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct HeartbeatPagesTests {
    /// Bob manages the team Operations.
    private static func manages(_ team: inout TestTeam) { team.users[1].role = .manager }

    private let form: KeyValuePairs<String, String> = [
        "name": "Backup <i>nightly</i>", "team": "team-ops", "period": "1 h", "cron": "", "time_zone": "UTC",
        "grace": "10 min", "severity": "error", "policy": "",
    ]

    @Test(arguments: TestDatabase.kinds)
    func `a heartbeat is created, beats, goes missing, pages and recovers`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: HeartbeatPagesTests.manages) { app in
            let browser = try await Browser.signedIn(as: "bob", app)
            try await browser.visit("/heartbeats")
            #expect(await browser.page.contains("No heartbeat yet"))
            try await browser.visit("/heartbeats/new")
            try await browser.send("/heartbeats", form)
            #expect(await browser.page.contains("Created. Let the job call its address now."))
            #expect(await browser.page.contains("Backup &lt;i&gt;nightly&lt;/i&gt;"))
            #expect(await browser.page.contains("waits for its first beat"))
            let path = await browser.path
            let address = try #require(
                await browser.page.firstMatch(of: /<code>http:[^<]*(\/api\/v1\/heartbeats\/hb_\w+)<\/code>/)
            ).1
            #expect(try await app.send("POST", String(address), headers: []).status == 200)
            try await browser.visit("/heartbeats")
            #expect(await browser.page.contains("<span class=\"status good\">up</span>"))
            #expect(await browser.page.contains(">in 70 min</time>"))
            try await app.advance(.minutes(71))
            try await app.expectPages(["email ada@example.com"])
            try await browser.visit(path)
            #expect(await browser.page.contains("<span class=\"status bad\">late</span>"))
            let incidents = try #require(await browser.page.firstMatch(of: /href="([^"]+)">Its incidents/)).1
            try await browser.visit(String(incidents).replacing("&amp;", with: "&"))
            #expect(await browser.page.contains("Backup &lt;i&gt;nightly&lt;/i&gt; is late"))
            #expect(try await app.send("POST", String(address), headers: []).status == 200)
            try await app.settle()
            try await browser.visit(String(incidents).replacing("&amp;", with: "&"))
            #expect(await browser.page.contains("<span class=\"state resolved\">resolved</span>"))
        }
    }

    @Test
    func `invalid input stays in the form, with the fault beside it`() async throws {
        try await TestApp.run(.sqliteMemory, team: HeartbeatPagesTests.manages) { app in
            let browser = try await Browser.signedIn(as: "bob", app)
            try await browser.visit("/heartbeats/new")
            let faults: [(KeyValuePairs<String, String>, String, String)] = [
                (["name": "A", "team": "team-ops", "grace": "5 min"], "period", "Say how often it beats"),
                (["name": "A", "team": "team-ops", "grace": "5 min", "period": "often"], "period", "Write a length"),
                (
                    ["name": "A", "team": "team-ops", "grace": "5 min", "cron": "61 * * * *"], "cron",
                    "not a cron expression"
                ),
                (
                    ["name": "A", "team": "team-ops", "grace": "5 min", "period": "1 h", "cron": "* * * * *"], "cron",
                    "either"
                ),
                (["name": "A", "team": "team-ops", "grace": "soon", "period": "1 h"], "grace", "Write a length"),
                (
                    ["name": "A", "team": "team-ops", "grace": "5 min", "period": "1 s"], "period",
                    "10 seconds to 400 days"
                ),
                (["name": "", "team": "team-ops", "grace": "5 min", "period": "1 h"], "name", ""),
                (["name": "A", "team": "nowhere", "grace": "5 min", "period": "1 h"], "team", ""),
            ]
            for (fields, field, words) in faults {
                #expect(try await browser.send("/heartbeats", fields) == 422, "\(fields)")
                let page = await browser.page
                #expect(page.contains("id=\"\(field)-fault\""), "\(fields)")
                #expect(words.isEmpty || page.contains(words), "\(fields)")
                if let typed = fields.first(where: { $0.key == "period" })?.value {
                    #expect(page.contains("value=\"\(typed)\""))
                }
            }
            try await browser.visit("/heartbeats")
            #expect(await browser.page.contains("No heartbeat yet"))
        }
    }

    @Test
    func `the preview names the next times of a cron expression before it is saved`() async throws {
        try await TestApp.run(.sqliteMemory, team: HeartbeatPagesTests.manages) { app in
            let browser = try await Browser.signedIn(as: "bob", app)
            try await browser.visit("/heartbeats/new")
            var fields: KeyValuePairs<String, String> = [
                "name": "", "team": "team-ops", "cron": "30 2 * * mon", "time_zone": "America/New_York",
                "grace": "10 min", "do": "preview",
            ]
            #expect(try await browser.send("/heartbeats", fields) == 200)
            let page = await browser.page
            #expect(page.contains("<h3>Expected next</h3>"))
            #expect(page.matches(of: /<li>Mon [^<]*, 02:30:00 UTC−0[45]:00 \(for you Mon/).count == 5)
            #expect(app.assembly.configuration.current.heartbeats.isEmpty)
            fields = ["name": "", "cron": "61 * * * *", "time_zone": "UTC", "grace": "10 min", "do": "preview"]
            #expect(try await browser.send("/heartbeats", fields) == 422)
            #expect(await browser.page.contains("not a cron expression"))
            fields = ["name": "", "cron": "1 * * * *", "time_zone": "Mars/North", "grace": "1 min", "do": "preview"]
            #expect(try await browser.send("/heartbeats", fields) == 422)
            #expect(await browser.page.contains("no time zone “Mars/North”"))
            try await browser.send("/heartbeats", form)
            let path = await browser.path
            try await browser.send(
                path, ["cron": "0 4 * * *", "period": "", "time_zone": "UTC", "grace": "1 min", "do": "preview"])
            #expect(await browser.page.contains(", 04:00:00 UTC"))
            #expect(app.assembly.configuration.current.heartbeats.values.first?.rhythm == .every(.hours(1)))
        }
    }

    @Test
    func `only its team's managers pause, change, re-key and delete a heartbeat`() async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                HeartbeatPagesTests.manages(&team)
                team.users[2].role = .manager
            }
        ) { app in
            let bob = try await Browser.signedIn(as: "bob", app)
            try await bob.visit("/heartbeats/new")
            try await bob.send("/heartbeats", form)
            let path = await bob.path
            let monitor = { () async throws -> Heartbeat in
                try #require(app.assembly.configuration.current.heartbeats.values.first)
            }
            let token = try await monitor().token
            // Cleo manages another team: she may see the monitor, but not its URL.
            let cleo = try await Browser.signedIn(as: "cleo", app)
            #expect(try await cleo.visit(path) == 200)
            #expect(await !cleo.page.contains(token))
            for word in ["", "/state", "/regenerate", "/delete"] {
                #expect(try await cleo.send(path + word, ["team": "team-other"]) == 403)
            }
            #expect(try await cleo.send("/heartbeats", form) == 403)
            try await bob.visit(path)
            try await bob.send("\(path)/state", ["paused": "yes"])
            #expect(await bob.page.contains("<span class=\"status idle\">paused</span>"))
            try await bob.send("\(path)/state", ["paused": "no"])
            try await bob.send(
                path,
                [
                    "name": "Backup", "team": "team-ops", "cron": "30 2 * * *", "time_zone": "Europe/Zagreb",
                    "grace": "1 h",
                ])
            #expect(await bob.page.contains("expected at 30 2 * * * in Europe/Zagreb."))
            #expect(try await monitor().grace == .hours(1))
            try await bob.send("\(path)/regenerate", [:])
            #expect(try await monitor().token != token)
            #expect(try await app.send("POST", "/api/v1/heartbeats/\(token)", headers: []).status == 404)
            try await bob.send("\(path)/delete", [:])
            #expect(await bob.path == "/heartbeats")
            #expect(await bob.page.contains("No heartbeat yet"))
        }
    }
}
