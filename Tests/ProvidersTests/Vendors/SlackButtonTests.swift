import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

/// Buttons of a bot's messages in Slack: what is sent, what comes back, and whether it is believed.
@Suite struct SlackButtonTests {
    private static let secret = Secret("8f742231b10e8888abcd99yyyzzz85a5")
    private static let open = Incident.State.triggered(.due(.first, at: TestTeam.start))

    private static func incident(_ state: Incident.State = open) -> Incident {
        Incident(
            id: "0198c2f4-1", number: 7, version: 3, sourceID: nil, teamID: "team-ops", dedupKey: DedupKey("disk"),
            title: "Disk <full>", text: "", severity: .critical, links: [], labels: [:], policy: TestTeam().policy,
            state: state, openedAt: TestTeam.start)
    }

    /// https://docs.slack.dev/reference/methods/chat.postMessage, with the checks that Slack makes of blocks.
    @Sendable private static func server(_ call: VendorCall) -> StandIn.Reply {
        let blocks = call.json["blocks"] as? [[String: Any]] ?? []
        let elements = blocks.flatMap { $0["elements"] as? [[String: Any]] ?? [] }
        let areGood = elements.allSatisfy { element in
            (element["text"] as? [String: String])?["type"] == "plain_text" && element["type"] as? String == "button"
                && (element["value"] as? String ?? "").count <= 2_000
                && [nil, "primary", "danger"].contains(element["style"] as? String)
        }
        guard areGood, Set(elements.compactMap { $0["action_id"] as? String }).count == elements.count else {
            return .answer(200, body: #"{"ok":false,"error":"invalid_blocks"}"#)
        }
        return .answer(200, body: #"{"ok":true,"channel":"D024BE91L","ts":"1503435956.000247"}"#)
    }

    /// Returns the text and the buttons (`acknowledge page 0198c2f4-1 3`) that reach Slack.
    private func sent(
        to address: String = "U024BE91L", _ buttons: IncidentButtons?, isPost: Bool = false, secret: Secret? = secret
    ) async throws -> (text: String, buttons: [String]) {
        let standIn = StandIn { Self.server(VendorCall($0)) }
        defer { standIn.stop() }
        let base = "http://127.0.0.1:\(standIn.port)"
        var message = VendorTrial(address: address).message(.slack)
        if address.hasPrefix("https:") { message.address = base + "/services/T0/B0/key" }
        (message.buttons, message.isPost) = (buttons, isPost)
        let vendor = SlackVendor(server: base, token: Secret("xoxb-1"), signingSecret: secret, reach: .anywhere)
        let provider = HTTPProvider(vendor, for: .slack, client: CurlClient(), time: ManualTime().source)
        _ = await provider.deliver(message, mayStillSend: { true })
        let call = VendorCall(try #require(standIn.requests.first))
        let blocks = call.json["blocks"] as? [[String: Any]] ?? []
        let elements = blocks.flatMap { $0["elements"] as? [[String: Any]] ?? [] }
        let text = (blocks.first?["text"] as? [String: Any])?["text"] as? String
        let carried = elements.map { element in
            ["action_id", "value"].map { element[$0] as? String ?? "" }.joined(separator: " ")
        }
        return (text ?? "", carried)
    }

    @Test func `a bot's message about one open incident has buttons, which say what they act on`() async throws {
        let page = try await sent(IncidentButtons(on: Self.incident(), isPost: false))
        #expect(page.buttons == ["acknowledge page 0198c2f4-1 3", "resolve page 0198c2f4-1 3"])
        #expect(page.text.hasSuffix("|Open>"))
        let post = try await sent(IncidentButtons(on: Self.incident(), isPost: true), isPost: true)
        #expect(post.buttons == ["acknowledge post 0198c2f4-1 3", "resolve post 0198c2f4-1 3"])
        #expect(post.text.hasSuffix("|Open the incident>"))
    }

    @Test func `there are no buttons where they would not work`() async throws {
        let buttons = IncidentButtons(on: Self.incident(), isPost: false)
        for (address, buttons, secret) in [
            ("U024BE91L", buttons, nil), ("U024BE91L", nil, Self.secret),
            ("https://hooks.slack.com/services/T0/B0/key", buttons, Self.secret),
        ] {
            let message = try await sent(to: address, buttons, secret: secret)
            #expect(message.buttons == [] && message.text.hasSuffix("|Acknowledge>"), "\(address)")
        }
        let over = Self.incident(.resolved(by: .system, at: TestTeam.start))
        #expect(IncidentButtons(on: over, isPost: false) == nil)
    }

    @Test(arguments: [
        "", "page", "page a", "page a b", "page a 1 2", "page  1", "note a 1", "page a -1",
        "page a 99999999999999999999",
        "page a 1 ", "page \(String(repeating: "a", count: 200)) 1",
    ])
    func `what PagerPal did not write on a button means nothing`(text: String) {
        #expect(IncidentButtons.Target(text) == nil)
    }

    /// The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
    @Test func `Slack's own example of a signature is right, and any change of it is wrong`() {
        let body =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
            + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        let right = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        let check = { (signature: String, time: String, body: String) in
            SlackSignature(secret: Self.secret).isRight(signature, time: time, body: Array(body.utf8))
        }
        #expect(check(right, "1531420618", body))
        #expect(!check(right, "1531420619", body) && !check(right, "1531420618", body + "&a=b"))
        #expect(!SlackSignature(secret: Secret("other")).isRight(right, time: "1531420618", body: Array(body.utf8)))
        for wrong in [
            "", "v0=", "v1" + right.dropFirst(2), String(right.dropLast(2)), right + "00",
            "v0=" + "zz" + right.dropFirst(5),
        ] {
            #expect(!check(wrong, "1531420618", body), "\(wrong)")
        }
    }

    @Test func `a call is old after five minutes, and its clock may be five minutes ahead`() {
        let signature = SlackSignature(secret: Self.secret)
        let now = Timestamp(seconds: 1_531_420_618)
        for (time, expected) in [
            ("1531420618", true), ("1531420318", true), ("1531420317", false), ("1531420918", true),
            ("1531420919", false), ("", false), ("-1", false), ("+1531420618", false), ("1531420618.5", false),
            ("99999999999999999999", false), (" 1531420618", false),
        ] { #expect(signature.isRecent(time, at: now) == expected, "\(time)") }
    }

    @Test(arguments: [
        ("https://hooks.slack.com/actions/T0/1/a-B_c", true), ("http://hooks.slack.com/actions/T0/1/a", false),
        ("https://hooks.slack.com", false), ("https://hooks.slack.com/", false),
        ("https://hooks.slack.com:22/a", false),
        ("https://hooks.slack.com@127.0.0.1/a", false), ("https://hooks.slack.com.example.com/a", false),
        ("https://hooks.slack.com/a?b", false), ("https://hooks.slack.com/a b", false),
        ("https://hooks.slack.com/a\r\nX: y", false), ("https://hooks.slack.com/\\@127.0.0.1", false),
        ("https://127.0.0.1/", false), ("file:///etc/passwd", false), ("HTTPS://hooks.slack.com/a", false),
    ])
    func `answers go to Slack's host and nowhere else`(url: String, expected: Bool) {
        #expect((SlackAnswer([], to: url) != nil) == expected)
    }

    @Test func `an answer is sent as Slack documents it, and a refusal is told without its address`() async throws {
        let standIn = StandIn { request in
            let call = VendorCall(request)
            guard call.line.hasPrefix("POST /actions/T0/1/key "), call.headers["content-type"] == "application/json"
            else {
                return call.path == "/actions/T0/1/moved"
                    ? .answer(302, headers: ["Location: http://127.0.0.1:1/"]) : .answer(404, body: "expired_url")
            }
            return .answer(200, body: #"{"ok":true}"#)
        }
        defer { standIn.stop() }
        let hooks = "http://127.0.0.1:\(standIn.port)/"
        let owned = Self.incident(
            .acknowledged(by: .user(TestTeam().users[0]), at: TestTeam.start, expiresAt: nil, position: .first))
        let body = SlackAnswer.message(of: owned, link: "https://pager.example.com/incidents/7")
        let good = try #require(SlackAnswer(body, to: "https://hooks.slack.com/actions/T0/1/key"))
        try await good.send(through: CurlClient(), hooks: hooks, reach: .anywhere)
        let json = VendorCall(try #require(standIn.requests.first)).json
        #expect(json["replace_original"] as? Bool == true)
        let blocks = json["blocks"] as? [[String: Any]] ?? []
        #expect(
            (blocks.first?["text"] as? [String: Any])?["text"] as? String
                == "*[#7 CRITICAL] Disk &lt;full&gt;*\nAcknowledged by Ada\n<https://pager.example.com/incidents/7|Open the incident>"
        )
        let left = (blocks.last?["elements"] as? [[String: Any]])?.map { $0["action_id"] as? String }
        #expect(left == ["resolve"])
        for key in ["gone", "moved"] {
            let answer = try #require(
                SlackAnswer(SlackAnswer.note("a"), to: "https://hooks.slack.com/actions/T0/1/\(key)"))
            await #expect(throws: CurlError.self) {
                do { try await answer.send(through: CurlClient(), hooks: hooks, reach: .anywhere) } catch {
                    #expect(!"\(error)".contains("T0"))
                    throw error
                }
            }
        }
        #expect(standIn.requests.count == 3)
        await #expect(throws: CurlError.addressNotAllowed) {
            try await good.send(through: CurlClient(), hooks: hooks)
        }
    }
}
