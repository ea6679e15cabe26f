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

/// An alert pages people until somebody acknowledges it. Runs the whole application over HTTP.
@Suite struct EscalationScenarios {
    @Test(arguments: TestDatabase.available)
    func `the first step pages at once, the next after its delay, and an acknowledgement ends escalation`(
        kind: TestDatabase
    )
        async throws
    {
        try await TestApp.run(kind) { app in
            let answer = try await app.alert(#"{"title": "Disk full", "external_id": "disk"}"#)
            #expect(answer["status"]?.text == "created")
            #expect(answer["incident"]?["number"]?.text == "1")
            try await app.expectPages(["email ada@example.com"])
            try await app.advance(.minutes(4))
            try await app.expectPages([])
            try await app.advance(.minutes(1))
            try await app.expectPages(["email bob@example.com"])
            #expect(try await app.act("acknowledge")["state"]?.text == "acknowledged")
            try await app.advance(.hours(2))
            try await app.expectPages([])
            #expect(try await app.timeline().contains("Dana acknowledged"))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a policy that nobody answers ends and says so`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.advance(.minutes(45))
            try await app.expectPages([
                "email ada@example.com", "email bob@example.com", "email ada@example.com", "email bob@example.com",
            ])
            #expect(
                try await app.timeline().contains(
                    "PagerPal the escalation policy “Standard” came to its end without an answer"))
            try await app.act("escalate")
            try await app.expectPages(["email ada@example.com"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `actions change the incident, and impossible ones get a 409`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.act("snooze", #"{"minutes": 60}"#)
            try await app.advance(.minutes(59))
            try await app.expectPages([])
            try await app.advance(.minutes(6))
            try await app.expectPages(["email bob@example.com"])
            try await app.act("notes", #"{"text": "It is the cable."}"#)
            try await app.act("acknowledge")
            try await app.act("acknowledge")
            try await app.act("resolve")
            try await app.act("resolve")
            #expect(try await app.send("POST", "/api/v1/incidents/1/acknowledge").status == 409)
            try await app.act("reopen")
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.send("POST", "/api/v1/incidents/1/reopen").status == 409)
            #expect(try await app.send("POST", "/api/v1/incidents/1/notes", "{}").status == 422)
            #expect(try await app.send("POST", "/api/v1/incidents/1/reassign", #"{"policy": "none"}"#).status == 422)
            #expect(try await app.send("POST", "/api/v1/incidents/9/resolve").status == 404)
            try await app.act("reassign", #"{"policy": "standard"}"#)
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.timeline().contains("Dana noted: It is the cable."))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a resolved incident can't be reopened beside a newer one of the same problem`(kind: TestDatabase) async throws
    {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.act("resolve")
            try await app.alert(#"{"title": "Disk full"}"#)
            let refused = try await app.send("POST", "/api/v1/incidents/1/reopen")
            #expect(refused.status == 409)
            #expect(refused.json["detail"]?.text == "Incident #2 of the same problem is open. Continue there.")
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.available)
    func `personal rules page over time and stop when the incident is acknowledged`(kind: TestDatabase) async throws {
        let rules: (inout TestTeam) -> Void = { team in
            team.methods.append(
                ContactMethod(
                    id: "sms-ada", userID: "ada", channel: .sms, address: "+385915550101", verifiedAt: TestTeam.start))
            team.rules = [
                NotificationRule(id: "r1", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "mail-ada"),
                NotificationRule(
                    id: "r2", userID: "ada", urgency: .high, delay: .minutes(2), contactMethodID: "sms-ada"),
            ]
        }
        try await TestApp.run(kind, team: rules) { app in
            try await app.alert(#"{"title": "First"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.advance(.minutes(2))
            try await app.expectPages(["sms +385915550101"])
            try await app.alert(#"{"title": "Second"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge", on: 2)
            try await app.act("acknowledge", on: 1)
            try await app.advance(.minutes(10))
            try await app.expectPages([])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the link in a message shows a button, and only the button acts`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "<script>alert(1)</script>"}"#)
            try await app.expectPages(["email ada@example.com"])
            let url = try #require(await app.outbox.messages.last?.url)
            let path = String(url.dropFirst("http://127.0.0.1:8000".count))
            let page = try await app.send("GET", path)
            #expect(page.status == 200)
            let html = String(decoding: page.response.body, as: UTF8.self)
            #expect(html.contains("&lt;script&gt;") && !html.contains("<script>"))
            #expect(page.response.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(try await app.state() == "triggered")
            #expect(try await app.send("POST", path).status == 200)
            #expect(try await app.state() == "acknowledged")
            #expect(try await app.timeline().contains("Ada acknowledged"))
            #expect(try await app.send("GET", path.dropLast() + "!").status == 404)
            #expect(try await app.send("POST", "/a/\(path.dropFirst(3).prefix(36)).AAAAAAAAAAAAAA").status == 404)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `while sending is disabled pages are withheld, shown, and sent only on request`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind, dispatch: .init(isSendingEnabled: false)) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages([])
            let pages = try await app.send("GET", "/api/v1/notifications?state=withheld").json["items"]?.array
            #expect(pages?.count == 1)
            #expect(try await app.timeline().contains("PagerPal e-mail to Ada withheld: sending is disabled"))
            let id = try #require(pages?.first?["id"]?.text)
            #expect(try await app.send("POST", "/api/v1/notifications/\(id)/retry").status == 201)
            try await app.settle()
            #expect(try await app.send("GET", "/api/v1/notifications?state=withheld").json["items"]?.array?.count == 2)
        }
    }
}
