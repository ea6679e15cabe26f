import Actors
import Domain
import Foundation
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct NotificationPagesTests {
    private static let gone = Receipt.permanent(Fault(.recipient, "The number <b>does not</b> exist."))

    @Test(arguments: TestDatabase.kinds)
    func `a failed page is found in the log, sent again with a button, and delivered`(_ kind: TestDatabase) async throws
    {
        let time = ManualTime()
        let provider = ScriptedProvider([NotificationPagesTests.gone], time: time.source)
        try await TestApp.run(kind, time: time, team: DeliveryScenarios.rules, providers: { _ in [provider] }) { app in
            try await app.alert(#"{"title": "Disk <script>alert(1)</script> full"}"#)
            try await app.waitForTimeline("PagerPal e-mail to Ada sent")
            try await app.expectPages(["email ada@example.com"])
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/notifications?state=failed&channel=sms")
            let page = await browser.page
            #expect(page.contains("#1 Disk &lt;script&gt;alert(1)&lt;/script&gt; full"))
            #expect(page.contains("The number &lt;b&gt;does not&lt;/b&gt; exist."))
            #expect(page.contains("by scripted, refused for good after 0.0 s"))
            #expect(page.components(separatedBy: "class=\"entry\"").count == 2)
            let action = try #require(page.firstMatch(of: /action="(\/notifications\/[^"]+\/retry)"/)).1
            try await browser.send(String(action), ["back": "/notifications?state=failed&channel=sms"])
            #expect(await browser.path == "/notifications?state=failed&channel=sms")
            #expect(await browser.page.contains("A new page to Ada by SMS is queued."))
            try await app.settle()
            #expect(await provider.attempts.count == 2)
            try await browser.visit("/notifications?state=sent&channel=sms&user=ada")
            #expect(await browser.page.contains("sent after 0.0 s"))
            time.advance(by: .seconds(1))
            for (last, isFound) in [("2026-03-01", false), ("2027-01-01", true)] {
                try await browser.visit("/notifications?state=sent&channel=sms&until=\(last)")
                #expect(await browser.page.contains("sent after 0.0 s") == isFound, "until \(last)")
            }
            // A page that was sent can't be retried.
            try await browser.visit("/notifications?state=sent&channel=sms")
            let sent = try #require(await browser.page.firstMatch(of: /id="page-([^"]+)"/)).1
            try await browser.send("/notifications/\(sent)/retry", ["back": "//evil.example"])
            #expect(await browser.path == "/notifications")
            #expect(await browser.page.contains("This page is sent."))
            #expect(await provider.attempts.count == 2)
        }
    }

    @Test
    func `a failed page is not offered again once somebody has the incident`() async throws {
        let time = ManualTime()
        let provider = ScriptedProvider([NotificationPagesTests.gone], time: time.source)
        try await TestApp.run(
            .sqliteMemory, time: time, team: DeliveryScenarios.rules, providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.waitForTimeline("PagerPal e-mail to Ada sent")
            try await app.expectPages(["email ada@example.com"])
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/incidents/1")
            #expect(await browser.page.contains("Try again"))
            try await app.act("acknowledge")
            try await browser.visit("/incidents/1")
            #expect(await !browser.page.contains("Try again"))
            try await browser.visit("/notifications?state=failed")
            #expect(await !browser.page.contains("Send again"))
        }
    }

    @Test
    func `the log continues to older pages and keeps its filters in the URL`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for number in 1...20 {
                try await app.alert(#"{"title": "APIProblem \#(number)"}"#)
                // Pages that wait at the same time would be bundled into one message.
                try await app.settle()
            }
            try await app.expectPages(Array(repeating: "email ada@example.com", count: 20))
            let browser = try await Browser.signedIn(as: "cleo", app)
            try await browser.visit("/notifications?state=sent&channel=email")
            let older = try #require(await browser.page.firstMatch(of: /href="([^"]+)" rel="next"/)).1
            #expect(older.hasPrefix("/notifications?state=sent&amp;channel=email&amp;before="))
            try await browser.visit(String(older).replacing("&amp;", with: "&"))
            #expect(await browser.page.components(separatedBy: "class=\"entry\"").count == 6)
            #expect(await !browser.page.contains("rel=\"next\""))
            try await browser.visit("/notifications?channel=voice")
            #expect(await browser.page.contains("Nothing found"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the outbox shows what each page waits for, and what was withheld`(_ kind: TestDatabase) async throws {
        try await TestApp.run(
            kind, settings: { $0.isSendingEnabled = false }, team: DeliveryScenarios.rules,
            dispatch: .init(isSendingEnabled: false, bundlingWindow: .zero)
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            try await app.waitUntil {
                try await app.assembly.store.pageCounts().contains { $0.state == .withheld }
            }
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/outbox")
            let page = await browser.page
            #expect(page.contains("NOTIFICATION_SENDING_ENABLED=true"))
            #expect(page.contains("Withheld <span class=\"quiet\">"))
            #expect(page.contains("sending is disabled"))
            let action = try #require(page.firstMatch(of: /action="(\/notifications\/[^"]+\/retry)"/)).1
            try await browser.send(String(action), ["back": "/outbox"])
            #expect(await browser.path == "/outbox")
            #expect(await browser.page.contains("Sending is disabled, so it will be withheld as well."))
        }
    }

    @Test
    func `a page that waits for its rule says so, and when it is due`() async throws {
        try await TestApp.run(.sqliteMemory, team: DeliveryScenarios.rules) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["sms +385915550101"])
            let browser = try await Browser.signedIn(as: "cleo", app)
            try await browser.visit("/outbox")
            #expect(await browser.page.contains("waits as the person&#39;s rule says"))
            #expect(await browser.page.contains(">in 4 min</time>"))
            #expect(await !browser.page.contains("Kept instead of sent"))
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/outbox")
            #expect(await dana.page.contains("Kept instead of sent"))
            #expect(await dana.page.contains("SMS to +385915550101"))
            try await app.act("acknowledge")
            try await dana.visit("/outbox")
            #expect(await dana.page.contains("No page is waiting. Every due page was sent."))
        }
    }
}
