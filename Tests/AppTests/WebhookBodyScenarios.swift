import Actors
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// The body of a webhook: from the API, a page and a file to the message.
@Suite struct WebhookBodyScenarios {
    private static let withHook: @Sendable (inout TestTeam) -> Void = { team in
        team.tellNobody()
        team.methods[0] = ContactMethod(
            id: "hook", userID: "ada", channel: .webhook, address: "https://hooks.example.com/1",
            verifiedAt: TestTeam.start)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a webhook gets its own body from the next page on, and PagerPal's JSON without it`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind, team: Self.withHook) { app in
            let texts = { () -> [String?] in await app.outbox.messages.map(\.body) }
            try await app.change(
                "contact-methods/hook", ##"{"body": "#{number} {title}", "content_type": "text/plain"}"##)
            let shown = try await app.get("contact-methods/hook")
            #expect(shown["body"]?.text == "#{number} {title}" && shown["content_type"]?.text == "text/plain")
            #expect(shown["verified_at"] != nil)
            try await app.alert(#"{"title": "Disk \"1\""}"#)
            try await app.settle()
            #expect(await texts().last == "#1 Disk \"1\"")
            #expect(await app.outbox.messages.last?.contentType == "text/plain")
            try await app.change("contact-methods/hook", #"{"body": null, "content_type": null}"#)
            #expect(try await app.get("contact-methods/hook")["body"] == nil)
            try await app.alert(#"{"title": "Disk 2"}"#)
            try await app.settle()
            #expect(await texts().last??.contains(#""type":"incident""#) == true)
            #expect(await app.outbox.messages.last?.contentType == "application/json")
            try await app.takePages()
            let audit = try await app.get("audit?kind=contact-method&id=hook")["items"]?.array ?? []
            #expect(audit.contains { $0["after"]?.text?.contains("#{number} {title}") == true })
        }
    }

    @Test func `the API says what is wrong with a body, by the member`() async throws {
        try await TestApp.run(.sqliteMemory, team: Self.withHook) { app in
            let team = app.team.team.id
            let table: [(path: String, body: String, field: String, words: String)] = [
                ("contact-methods/hook", #"{"body": "{\"text\": \"{titel}\"}"}"#, "body", "{titel}"),
                ("contact-methods/hook", #"{"body": "{title}"}"#, "body", "not JSON"),
                ("contact-methods/hook", #"{"content_type": "text/plain"}"#, "content_type", "body of your own"),
                ("contact-methods/hook", #"{"body": 1}"#, "body", "text"),
                ("contact-methods/mail-bob", #"{"body": "{\"t\": \"{title}\"}"}"#, "body", "Only a webhook"),
            ]
            for row in table {
                let answer = try await app.send("PATCH", "/api/v1/\(row.path)", row.body)
                let fault = answer.json["errors"]?.array?.first { $0["field"]?.text == row.field }
                #expect(
                    answer.status == 422 && fault?["explanation"]?.text?.contains(row.words) == true, "\(answer.json)")
            }
            let create = { (kind: String, body: String) in
                try await app.send(
                    "POST", "/api/v1/team-channels",
                    #"{"team_id": "\#(team)", "name": "\#(kind)", "channel": "\#(kind)", "address": "https://x.example.com/\#(kind)", "body": "\#(body)"}"#
                )
            }
            #expect(try await create("webhook", #"{\"t\": \"{title} {owner}\"}"#).status == 201)
            #expect("\(try await create("discord", "x").json)".contains("Only a webhook"))
        }
    }

    @Test func `a preview shows each kind of message, and stores nothing`() async throws {
        try await TestApp.run(.sqliteMemory, team: Self.withHook) { app in
            let path = "/api/v1/webhook-bodies/preview"
            let answer = try await app.send("POST", path, #"{"body": "{\"a\": \"{type} {title}\"}"}"#)
            #expect(answer.status == 200 && answer.json["content_type"]?.text == "application/json")
            let messages = answer.json["messages"]?.array ?? []
            #expect(messages.map { $0["type"]?.text } == ["incident", "verification", "update", "test"])
            #expect(messages.first?["body"]?.text == #"{"a": "incident Disk almost full on db-1"}"#)
            #expect(try await app.send("POST", path, #"{"body": "{title}"}"#).status == 422)
            #expect(try await app.send("POST", path, "{}").status == 422)
            #expect(try await app.get("contact-methods/hook")["body"] == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `people edit the bodies of their webhooks, and managers those of the team's`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: Self.withHook) { app in
            let ada = try await Browser.signedIn(as: "ada", app)
            try await ada.visit("/profile")
            #expect(await ada.page.contains(#"href="/profile/contact-methods/hook/body""#))
            let path = "/profile/contact-methods/hook/body"
            try await ada.visit(path)
            #expect(await ada.page.contains("<code>{opened_at}</code>"))
            let body = "{\"t\": \"<{title}>\"}"
            #expect(try await ada.send(path, ["body": body, "content_type": "", "do": "preview"]) == 200)
            #expect(await ada.page.contains("&lt;Disk almost full on db-1&gt;"))
            #expect(app.assembly.configuration.current.contactMethods["hook"]?.body == BodyTemplate())
            for action in ["preview", "save"] {
                let status = try await ada.send(path, ["body": "{\"t\": {title}}", "content_type": "", "do": action])
                #expect(status == 422)
                #expect(await ada.page.contains("it is not JSON"))
                #expect(await ada.page.contains("{&quot;t&quot;: {title}}"))
            }
            try await ada.send(path, ["body": body, "content_type": "", "do": "save"])
            #expect(await ada.path == "/profile")
            #expect(await ada.page.contains("The next messages have this body."))
            #expect(app.assembly.configuration.current.contactMethods["hook"]?.body.text == "{\"t\": \"<{title}>\"}")
            #expect(try await ada.visit("/profile/contact-methods/mail-bob/body") == 404)

            let id = try await app.create(
                "team-channels",
                #"{"team_id": "\#(app.team.team.id)", "name": "Hook", "channel": "webhook", "address": "https://x.example.com/"}"#
            )
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/team-channels/\(id)")
            #expect(await dana.page.contains("/team-channels/\(id)/body"))
            #expect(await !dana.page.contains("name=\"body\""))
            try await dana.send(
                "/team-channels/\(id)/body",
                ["body": "{title}", "content_type": "text/plain", "do": "save"])
            #expect(await dana.path == "/team-channels/\(id)")
            let stored = app.assembly.configuration.current.teamChannels.values.first
            #expect(stored?.body == BodyTemplate(text: "{title}", contentType: "text/plain"))
        }
    }
}
