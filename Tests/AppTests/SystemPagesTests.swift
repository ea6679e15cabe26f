import Actors
import Domain
import Foundation
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct SystemPagesTests {
    @Test(arguments: TestDatabase.kinds)
    func `the audit log says who changed what, from what to what, in words`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let bob = Author.user(app.team.users[1])
            try await app.assembly.engine.configurator.change(by: bob) { configuration throws(ConfigurationFault) in
                guard var policy = configuration.policies["policy"], var team = configuration.teams["team-ops"],
                    var schedule = configuration.schedules["schedule"]
                else { throw .missing("cast") }
                policy.name = "Night <b>shift</b>"
                policy.steps[0].delay = .minutes(7)
                policy.urgentSeverities = [.critical]
                team.memberIDs = ["ada", "bob", "cleo"]
                schedule.layers[0].rotation.handOffMinute = 9 * 60 + 30
                return [.save(policy), .save(team), .save(schedule)]
            }
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/audit?action=updated&user=bob")
            let page = await browser.page
            #expect(page.contains("<b>Bob</b> updated escalation policy"))
            #expect(page.contains("<dt>name</dt>"))
            #expect(page.contains("<del>Standard</del>") && page.contains("<ins>Night &lt;b&gt;shift&lt;/b&gt;</ins>"))
            #expect(page.contains("<dt>steps, 1, delay</dt>"))
            #expect(page.contains("<del>5 min</del>") && page.contains("<ins>7 min</ins>"))
            #expect(page.contains("<dt>urgent severities</dt>"))
            #expect(page.contains("<del>critical, error</del>") && page.contains("<ins>critical</ins>"))
            #expect(page.contains("<del>Ada, Bob</del>") && page.contains("<ins>Ada, Bob, Cleo</ins>"))
            #expect(page.contains("<dt>layers, “Weekly”, rotation, hand off</dt>") && page.contains("<ins>09:30</ins>"))
            try await browser.visit("/audit?action=updated&user=ada")
            #expect(await browser.page.contains("Nothing here"))
            try await browser.visit("/audit?kind=schedule&id=schedule")
            #expect(await browser.page.contains("The history of <b>schedule Primary</b>"))
            #expect(await browser.page.components(separatedBy: "schedule <a").count == 2)
        }
    }

    @Test
    func `what was created is listed with its values, and no secret is shown`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.assembly.engine.configurator.change(by: .system) { _ in
                [
                    .save(
                        AlertSource(
                            id: "new", name: "Sentry", kind: "sentry", teamID: "team-ops",
                            options: #"{"signing_secret":"hunter2"}"#, keyHash: "0123456789abcdef"))
                ]
            }
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/audit?kind=alert-source")
            let page = await browser.page
            #expect(page.contains("<b>PagerPal</b> created alert source"))
            #expect(page.contains("<ins>Operations</ins>"))
            #expect(!page.contains("hunter2") && !page.contains("0123456789abcdef"))
            try await browser.visit("/audit?kind=user&user=nobody%25")
            #expect(await browser.page.contains("Nothing here"))
        }
    }

    @Test
    func `the audit log continues to older records`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for number in 1...30 {
                try await app.assembly.engine.configurator.change(by: .system) {
                    configuration throws(ConfigurationFault) in
                    guard var team = configuration.teams["team-other"] else { throw .missing("team") }
                    team.name = "Other \(number)"
                    return [.save(team)]
                }
            }
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/audit?kind=team&action=updated")
            let older = try #require(await browser.page.firstMatch(of: /href="([^"]+)" rel="next"/)).1
            #expect(await browser.page.contains("<ins>Other 30</ins>"))
            try await browser.visit(String(older).replacing("&amp;", with: "&"))
            #expect(await browser.page.contains("<ins>Other 5</ins>"))
            #expect(await !browser.page.contains("<ins>Other 6</ins>"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the settings page shows the state of every part and no secrets`(_ kind: TestDatabase) async throws {
        try await TestApp.run(
            kind,
            settings: { settings in
                settings.receiptToken = Secret("receipt-hunter2")
                settings.secretKey = Secret("key-hunter2")
            }
        ) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await app.waitUntil { try await app.assembly.store.leaseStatuses()[.dispatch]?.isHeld == true }
            try await browser.visit("/settings")
            let page = await browser.page
            #expect(page.contains("<h3>outbox"))
            #expect(page.contains("this process"))
            #expect(page.contains("<dt>Dispatch</dt>") && page.contains(", epoch 1, until "))
            #expect(page.contains("up to date"))
            #expect(page.contains(kind == .postgres ? "<dd>PostgreSQL," : "<dd>SQLite,"))
            #expect(page.contains("accepted, with a token"))
            #expect(!page.contains("hunter2"))
            #expect(!page.contains("password="))
        }
    }

    @Test
    func `a test message goes only to one's own contact methods`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/settings")
            #expect(await browser.page.contains("<option value=\"mail-dana\">e-mail, dana@example.com</option>"))
            #expect(await !browser.page.contains("mail-ada"))
            try await browser.send("/settings/test", ["method": "mail-dana"])
            #expect(await browser.page.contains("A test by e-mail to dana@example.com is queued."))
            try await app.expectPages(["email dana@example.com"])
            #expect(try await browser.send("/settings/test", ["method": "mail-ada"]) == 404)
            try await browser.visit("/settings")
            #expect(await browser.page.contains("1 taken, 0 refused"))
        }
    }
}
