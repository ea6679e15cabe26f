import Actors
import Crypto
import Database
import Domain
import Formats
import Foundation
import Providers
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// What people do with the buttons of messages in Slack.
@Suite struct SlackScenarios {
    /// Ada is paged in Slack. Bob, Cleo and Dana are known there, too.
    static func run(
        _ kind: TestDatabase, faults: Faults = Faults(), posters: [any Provider]? = nil,
        settings change: (inout Settings) -> Void = { _ in }, team adapt: (inout TestTeam) -> Void = { _ in },
        _ body: @escaping @Sendable (TestApp, SlackWorkspace) async throws -> Void
    ) async throws {
        let slack = SlackWorkspace()
        try await TestApp.run(
            kind, database: faults.database(try await kind.open()),
            settings: { settings in
                settings.baseURL = "https://pager.example.com"
                settings.providers = [
                    SlackVendor(token: Secret("xoxb-1"), signingSecret: Secret(SlackWorkspace.secret))
                ]
                change(&settings)
            },
            team: { team in
                team.tellNobody()
                for user in team.users {
                    team.methods.append(
                        ContactMethod(
                            id: ContactMethodID("slack-\(user.id)"), userID: user.id, channel: .slack,
                            address: SlackWorkspace.member(user.id.rawValue), verifiedAt: TestTeam.start))
                }
                team.rules = [
                    NotificationRule(
                        id: "rule", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "slack-ada")
                ]
                adapt(&team)
            }, posters: posters, slack: { slack.take($0) }
        ) { app in try await body(app, slack) }
    }

    /// Pages Ada and returns her message's buttons.
    static func page(_ app: TestApp) async throws -> IncidentButtons {
        try await app.alert(#"{"title": "Disk full", "severity": "critical"}"#)
        try await app.expectPages(["slack U0ADA"])
        return try #require(await app.outbox.messages.last?.buttons)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a button acts as the person who pressed it, once, and the message is replaced`(kind: TestDatabase)
        async throws
    {
        try await Self.run(kind) { app, slack in
            let buttons = try await Self.page(app)
            #expect(buttons.actions == [.acknowledge, .resolve])
            let press = slack.press(.acknowledge, buttons.target, by: "ada")
            let first = try await slack.call(app, press)
            #expect(first.status == 200 && first.response.body.isEmpty)
            #expect(try await app.state() == "acknowledged")
            #expect(try await app.timeline().contains("Ada acknowledged"))
            try await app.waitUntil { slack.answers.count == 1 }
            #expect(slack.answers[0].contains("Acknowledged by Ada") && slack.answers[0].contains("Resolve"))
            #expect(slack.answers[0].contains(#""replace_original":true"#))
            // Slack repeats itself with a new signature, and somebody else with the old one.
            let ada = app.team.users[0]
            let id = buttons.target.incident
            _ = await app.assembly.engine.directory.perform(CommandRequest(.undo, by: .user(ada)), on: id)
            #expect(try await app.state() == "triggered")
            app.time.advance(by: .seconds(60))
            let again = try await slack.call(app, press, [(name: "X-Slack-Retry-Num", value: "1")])
            let replayed = try await slack.send(app, try #require(slack.latest))
            #expect(again.status == 200 && replayed.status == 200)
            #expect(try await app.state() == "triggered")
            try await slack.call(app, slack.press(.resolve, buttons.target, by: "ada"))
            #expect(try await app.state() == "resolved")
            try await app.waitUntil { slack.answers.count == 2 }
            #expect(slack.answers[1].contains("Resolved by Ada") && !slack.answers[1].contains("action_id"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a button acts on the opening that its message shows`(kind: TestDatabase) async throws {
        try await Self.run(kind) { app, slack in
            let old = try await Self.page(app)
            try await app.act("resolve")
            try await slack.call(app, slack.press(.acknowledge, old.target, by: "ada"))
            try await app.waitUntil { slack.answers.count == 1 }
            #expect(slack.answers[0].contains("Resolved by Dana"))
            #expect(try await app.state() == "resolved")
            try await app.act("reopen")
            try await app.expectPages(["slack U0ADA"])
            for action in IncidentButtons.Action.allCases {
                try await slack.call(app, slack.press(action, old.target, by: "ada"))
            }
            try await app.waitUntil { slack.answers.count == 3 }
            #expect(slack.answers[1].contains("was reopened after this message"))
            #expect(try await app.state() == "triggered")
            let new = try #require(await app.outbox.messages.last?.buttons)
            try await slack.call(app, slack.press(.acknowledge, new.target, by: "ada"))
            #expect(try await app.state() == "acknowledged")
            try await slack.call(app, slack.press(.acknowledge, .init("gone", version: 0, isPost: false), by: "ada"))
            try await app.waitUntil { slack.answers.contains { $0.contains("no longer has this incident") } }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `who is unknown, disabled or may not act changes nothing and hears what to do`(kind: TestDatabase) async throws
    {
        try await Self.run(
            kind,
            team: { team in
                team.users[1].isEnabled = false
                team.users[2].role = .viewer
                team.schedule.layers[0].participants = ["ada"]
                team.policy.steps.removeLast()
                for index in team.methods.indices where team.methods[index].id == "slack-dana" {
                    team.methods[index].verifiedAt = nil
                }
                team.methods.append(
                    ContactMethod(
                        id: "off", userID: "dana", channel: .slack, address: "U0OFF", isEnabled: false,
                        verifiedAt: TestTeam.start))
            }
        ) { app, slack in
            let target = try await Self.page(app).target
            for (count, (member, words)) in [
                ("U0STRANGER", "add the contact method Slack with U0STRANGER"), ("U0BOB", "does not know you here"),
                ("U0DANA", "https://pager.example.com/profile"), ("U0OFF", "does not know you here"),
                ("U0CLEO", "your role may not act"),
            ].enumerated() {
                let answer = try await slack.call(app, slack.press(.resolve, target, member: member))
                #expect(answer.status == 200)
                try await app.waitUntil { slack.answers.count == count + 1 }
                #expect(slack.answers[count].contains(words), "\(member): \(slack.answers[count])")
                #expect(slack.answers[count].contains(#""response_type":"ephemeral""#))
                #expect(slack.answers[count].contains(#""replace_original":false"#))
            }
            #expect(try await app.state() == "triggered")
            try await slack.call(app, slack.press(.resolve, target, by: "ada"))
            #expect(try await app.state() == "resolved")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a team's post has the buttons that fit its state, for everybody who may act`(kind: TestDatabase) async throws
    {
        let chat = OutboxProvider(time: ManualTime().source)
        try await Self.run(
            kind, posters: [chat],
            team: { team in
                team.channels = [
                    TeamChannel(
                        id: "ops", teamID: "team-ops", name: "#ops", channel: .slack, address: "C024BE91L",
                        verifiedAt: TestTeam.start)
                ]
            }
        ) { app, slack in
            _ = try await Self.page(app)
            try await app.waitUntil { await chat.messages.count == 1 }
            let target = try #require(await chat.messages[0].buttons).target
            try await slack.call(app, slack.press(.acknowledge, target, by: "bob"))
            try await app.waitUntil { await chat.messages.count == 2 }
            let second = try #require(await chat.messages[1].buttons)
            #expect(second.actions == [.resolve] && second.target.isPost)
            // The post says it to everybody, so only the one who was late gets an answer.
            try await slack.call(app, slack.press(.acknowledge, target, by: "cleo"))
            try await app.waitUntil { slack.answers.count == 1 }
            #expect(slack.answers[0].contains("#1 is already acknowledged by Bob."))
            try await slack.call(app, slack.press(.resolve, second.target, by: "ada"))
            try await app.waitUntil { await chat.messages.count == 3 }
            let third = await chat.messages[2]
            #expect(third.buttons == nil && third.shortText.hasPrefix("Resolved by Ada"))
            #expect(slack.answers.count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a press that the database could not take is not lost when it comes again`(kind: TestDatabase) async throws {
        let faults = Faults()
        try await Self.run(kind, faults: faults) { app, slack in
            app.allowErrors()
            let press = slack.press(.acknowledge, try await Self.page(app).target, by: "ada")
            faults.fail("UPDATE incidents SET", with: .unavailable("the test"))
            #expect(try await slack.call(app, press).status == 503)
            #expect(try await app.state() == "triggered")
            faults.stop()
            #expect(try await slack.call(app, press).status == 200)
            #expect(try await app.state() == "acknowledged")
        }
    }
}

/// Slack's side: it signs calls and takes answers.
final class SlackWorkspace: Sendable {
    static let secret = "8f742231b10e8888abcd99yyyzzz85a5"
    typealias Call = (body: String, headers: [(name: String, value: String)])

    private let state = Mutex<(answers: [String], presses: Int, latest: Call?)>(([], 0, nil))

    /// The bodies of PagerPal's answers.
    var answers: [String] { state.withLock { $0.answers } }
    var latest: Call? { state.withLock { $0.latest } }

    func take(_ answer: SlackAnswer) {
        state.withLock { $0.answers.append(String(decoding: answer.body, as: UTF8.self)) }
    }

    static func member(_ user: String) -> String { "U0\(user.uppercased())" }

    /// The form that Slack posts when somebody presses a button.
    func press(
        _ action: IncidentButtons.Action, _ target: IncidentButtons.Target, by user: String = "", member: String? = nil,
        url: String = "https://hooks.slack.com/actions/T0/1/key"
    ) -> String {
        let number = state.withLock { state in
            state.presses += 1
            return state.presses
        }
        return Self.form(
            """
            {"type":"block_actions","user":{"id":"\(member ?? Self.member(user))","username":"x","team_id":"T0"},
            "api_app_id":"A0","container":{"type":"message","message_ts":"1503435956.000247","channel_id":"C024BE91L"},
            "trigger_id":"12.34.ab","team":{"id":"T0","domain":"example"},"channel":{"id":"C024BE91L","name":"ops"},
            "response_url":"\(url)","actions":[{"action_id":"\(action)","block_id":"b","type":"button",
            "value":"\(target.text)","action_ts":"1503435956.\(number)"}]}
            """)
    }

    static func form(_ payload: String) -> String {
        "payload=\(payload.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }

    /// Signs and posts a body.
    @discardableResult
    func call(
        _ app: TestApp, _ body: String, _ more: [(name: String, value: String)] = [], secret: String = secret,
        after delay: Duration = .zero
    ) async throws -> (status: Int, json: JSON, response: CurlResponse) {
        let time = String((app.time.now + delay).seconds)
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("v0:\(time):\(body)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        let hex = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let call: Call = (
            body,
            [
                (name: "Content-Type", value: "application/x-www-form-urlencoded"),
                (name: "X-Slack-Request-Timestamp", value: time), (name: "X-Slack-Signature", value: "v0=\(hex)"),
            ] + more
        )
        state.withLock { $0.latest = call }
        return try await send(app, call)
    }

    /// Posts a call as it is.
    func send(_ app: TestApp, _ call: Call) async throws -> (status: Int, json: JSON, response: CurlResponse) {
        try await app.send("POST", "/api/v1/inbound/slack", call.body, headers: call.headers)
    }
}
