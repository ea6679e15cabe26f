import Domain
import Formats
import Foundation
import Providers
import TestSupport
import Testing

@testable import App

/// The door through which Slack calls: what is believed, refused and left alone.
@Suite struct SlackDoorTests {
    @Test(arguments: TestDatabase.kinds)
    func `what Slack did not sign lately is refused and changes nothing`(kind: TestDatabase) async throws {
        try await SlackScenarios.run(kind) { app, slack in
            let target = try await SlackScenarios.page(app).target
            let press = slack.press(.resolve, target, by: "ada")
            #expect(try await slack.call(app, press, secret: "another secret").status == 401)
            #expect(try await slack.call(app, press, after: .seconds(-301)).status == 401)
            #expect(try await slack.call(app, press, after: .seconds(301)).status == 401)
            try await slack.call(app, "ssl_check=1")
            let signed = try #require(slack.latest)
            #expect(try await slack.send(app, (press, signed.headers)).status == 401, "another body")
            for dropped in signed.headers.indices.dropFirst() {
                var headers = signed.headers
                headers.remove(at: dropped)
                #expect(try await slack.send(app, (signed.body, headers)).status == 401, "\(dropped)")
            }
            #expect(try await slack.send(app, (press, [])).status == 401)
            let huge = "payload=" + String(repeating: "a", count: SlackInbox.limit)
            #expect(try await slack.call(app, huge).status == 413)
            #expect(try await app.send("GET", "/api/v1/inbound/slack", headers: []).status == 405)
            #expect(try await app.state() == "triggered")
            #expect(slack.answers == [])
            // The very call counts within five minutes, and no longer.
            try await slack.call(app, press)
            #expect(try await app.state() == "resolved")
            let taken = try #require(slack.latest)
            try await app.act("reopen")
            try await app.takePages()
            app.time.advance(by: .seconds(299))
            #expect(try await slack.send(app, taken).status == 200)
            app.time.advance(by: .seconds(2))
            #expect(try await slack.send(app, taken).status == 401)
            #expect(try await app.state() == "triggered")
            try await app.act("resolve")
            try await app.takePages()
        }
    }

    @Test func `without a signing secret every call is refused like one without a signature`() async throws {
        try await SlackScenarios.run(
            .sqliteMemory, settings: { $0.providers = [SlackVendor(token: Secret("xoxb-1"))] }
        ) { app, slack in
            let press = slack.press(.resolve, try await SlackScenarios.page(app).target, by: "ada")
            let answer = try await slack.call(app, press)
            #expect(answer.status == 401 && answer.json["detail"]?.text?.contains("SLACK_SIGNING_SECRET") == true)
            #expect(try await slack.call(app, press, secret: "").status == 401)
            #expect(try await app.state() == "triggered")
            try await app.act("resolve")
        }
    }

    @Test func `other things of Slack get a clear answer or refusal`() async throws {
        try await SlackScenarios.run(.sqliteMemory) { app, slack in
            let command = try await slack.call(app, "command=%2Fpager&text=ack&user_id=U0ADA&response_url=x")
            #expect(command.status == 200 && command.json["response_type"]?.text == "ephemeral")
            #expect(command.json["text"]?.text?.contains("PagerPal has no commands") == true)
            #expect(try await slack.call(app, "ssl_check=1&token=t").status == 200)
            for payload in [
                #"{"type":"shortcut"}"#, #"{"type":"view_submission","view":{}}"#,
                #"{"type":"message_action","response_url":"https://hooks.slack.com/app/T0/1/key"}"#,
            ] {
                #expect(try await slack.call(app, SlackWorkspace.form(payload)).status == 200, "\(payload)")
            }
            try await app.waitUntil { slack.answers.count == 1 }
            #expect(slack.answers[0].contains("Use the buttons Acknowledge and Resolve"))
            for body in [
                "", "a=b", "payload=", SlackWorkspace.form("null"), SlackWorkspace.form(#"{"type":"block_actions"}"#),
                #"{"type":"url_verification","challenge":"c"}"#,
            ] {
                let answer = try await slack.call(app, body)
                #expect(answer.status == 400 && answer.json["detail"]?.text?.isEmpty == false, "\(body)")
            }
        }
    }

    @Test func `an answer goes to no other host, whatever the call says`() async throws {
        try await SlackScenarios.run(.sqliteMemory) { app, slack in
            let target = try await SlackScenarios.page(app).target
            for url in [
                "http://127.0.0.1:1/", "https://hooks.slack.com@127.0.0.1/a", "https://169.254.169.254/latest", "",
            ] {
                #expect(try await slack.call(app, slack.press(.acknowledge, target, by: "ada", url: url)).status == 200)
            }
            #expect(try await app.state() == "acknowledged")
            try await slack.call(app, slack.press(.resolve, target, by: "ada"))
            try await app.waitUntil { !slack.answers.isEmpty }
            #expect(slack.answers.count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds, [41, 42] as [UInt64])
    func `broken payloads never cause a server error`(kind: TestDatabase, seed: UInt64) async throws {
        try await SlackScenarios.run(kind) { app, slack in
            let target = try await SlackScenarios.page(app).target
            var mutation = Mutation(seed: seed)
            let good = slack.press(.acknowledge, target, by: "ada")
            let payload = Array((good.dropFirst(8).removingPercentEncoding ?? "").utf8)
            for number in 0..<200 {
                let text = String(decoding: mutation.mutated(payload, with: Array("[{}]".utf8)), as: UTF8.self)
                let whole = String(decoding: mutation.mutated(Array(good.utf8), with: payload), as: UTF8.self)
                for body in [SlackWorkspace.form(text), whole] {
                    let status = try await slack.call(app, body).status
                    #expect((200..<500).contains(status), "seed \(seed), input \(number): \(status)")
                }
            }
            try await app.act("resolve")
            try await app.takePages()
        }
    }
}
