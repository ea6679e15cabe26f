import Domain
import Foundation
import Testing

@testable import Providers

@Suite struct NtfyTests {
    /// https://docs.ntfy.sh/publish/#publish-as-json
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        guard call.line == "POST / HTTP/1.1" else {
            return .answer(404, body: #"{"code":40401,"error":"page not found"}"#)
        }
        guard call.headers["authorization"] == "Bearer tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2" else {
            return .answer(403, body: #"{"code":40301,"http":403,"error":"forbidden"}"#)
        }
        guard (call.json["topic"] as? String)?.wholeMatch(of: /[-_A-Za-z0-9]{1,64}/) != nil else {
            return .answer(400, body: #"{"code":40009,"http":400,"error":"invalid request: topic invalid"}"#)
        }
        guard let priority = call.json["priority"] as? Int, (1...5).contains(priority) else {
            return .answer(400, body: #"{"code":40007,"http":400,"error":"invalid request: priority invalid"}"#)
        }
        return .answer(200, body: #"{"id":"sPs71M8A2T","time":1643935928,"event":"message","topic":"t"}"#)
    }

    private func deliver(_ trial: VendorTrial, token: String = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2") async -> (
        receipt: Receipt, calls: [VendorCall]
    ) {
        await trial.run(.ntfy, { NtfyVendor(server: $0, token: Secret(token)) }, server: NtfyTests.server)
    }

    @Test func `an urgent message rings loudest and has a button that acknowledges`() async throws {
        let (receipt, calls) = await deliver(VendorTrial(address: "ops-7fK2mQ9x"))
        #expect(receipt == .accepted(reference: nil, note: "answered 200"))
        let json = try #require(calls.first).json
        #expect(json["priority"] as? Int == 5 && json["topic"] as? String == "ops-7fK2mQ9x")
        #expect(json["title"] as? String == "[#1 CRITICAL] Disk <full> & \"hot\"")
        let actions = try #require(json["actions"] as? [[String: Any]])
        #expect(actions.count == 2 && actions[0]["action"] as? String == "http")
        #expect(actions[0]["method"] as? String == "POST" && actions[0]["clear"] as? Bool == true)
        #expect(actions[0]["url"] as? String == "https://pager.example.com/a/1.secret-proof")
    }

    @Test func `a quiet message without a link has neither`() async throws {
        let (_, calls) = await deliver(VendorTrial(address: "ops", urgency: .low, url: nil))
        let json = try #require(calls.first).json
        #expect(json["priority"] as? Int == 3 && json["actions"] == nil && json["click"] == nil)
    }

    @Test func `a wrong token is an operator's fault, and is not shown`() async {
        let (receipt, _) = await deliver(VendorTrial(address: "ops"), token: "tk_wrong-secret-token")
        #expect(
            receipt
                == .permanent(
                    Fault(.account, "ntfy refused the request (403): forbidden. Check NTFY_URL and NTFY_TOKEN.")))
    }
}

@Suite struct TelegramTests {
    static let token = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"

    /// https://core.telegram.org/bots/api#making-requests
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        func refuse(_ status: Int, _ words: String, _ more: String = "") -> StandIn.Reply {
            .answer(status, body: #"{"ok":false,"error_code":\#(status),"description":"\#(words)"\#(more)}"#)
        }
        guard call.path == "/bot\(token)/sendMessage" else { return refuse(401, "Unauthorized") }
        switch call.json["chat_id"] as? String {
        case "1": return refuse(400, "Bad Request: chat not found")
        case "2": return refuse(403, "Forbidden: bot was blocked by the user")
        case "3": return refuse(429, "Too Many Requests: retry after 34", #","parameters":{"retry_after":34}"#)
        case "-4":
            return refuse(
                400, "Bad Request: group chat was upgraded to a supergroup chat",
                #","parameters":{"migrate_to_chat_id":-1004}"#)
        case "5": return refuse(400, "Bad Request: can't parse entities")
        case "6": return .answer(200, body: "<html>")
        case "7": return refuse(502, "Bad Gateway")
        default: return .answer(200, body: #"{"ok":true,"result":{"message_id":7}}"#)
        }
    }

    private func deliver(_ trial: VendorTrial, token: String = token) async -> (receipt: Receipt, calls: [VendorCall]) {
        await trial.run(.telegram, { TelegramVendor(server: $0, token: Secret(token)) }, server: TelegramTests.server)
    }

    @Test func `a message has its title in bold and a button`() async throws {
        let (receipt, calls) = await deliver(VendorTrial(address: "99"))
        #expect(describe(receipt) == "accepted")
        let json = try #require(calls.first).json
        #expect(
            json["text"] as? String
                == "<b>[#1 CRITICAL] Disk &lt;full&gt; &amp; &quot;hot&quot;</b>\nIncident #1, critical, team Ops\nOpened 12:00"
        )
        let keyboard = (json["reply_markup"] as? [String: Any])?["inline_keyboard"] as? [[[String: String]]]
        #expect(keyboard == [[["text": "Acknowledge", "url": "https://pager.example.com/a/1.secret-proof"]]])
        #expect(json["disable_notification"] as? Bool == false)
    }

    @Test func `a link without a public host is text, since Telegram refuses such buttons`() async throws {
        let (_, calls) = await deliver(VendorTrial(address: "99", url: "http://127.0.0.1:8000/a/1.p"))
        let json = try #require(calls.first).json
        #expect(json["reply_markup"] == nil)
        #expect((json["text"] as? String)?.hasSuffix("\nAck: http://127.0.0.1:8000/a/1.p") == true)
    }

    @Test(arguments: [
        ("1", "permanent recipient"), ("2", "permanent recipient"), ("3", "temporary transient 34"),
        ("-4", "permanent recipient"), ("5", "permanent message"), ("6", "unknown transient"),
        ("7", "temporary transient"),
    ])
    func `each answer has its outcome`(chat: String, expected: String) async {
        let (receipt, _) = await deliver(VendorTrial(address: chat))
        #expect(describe(receipt) == expected, "\(receipt)")
    }

    @Test func `the new id of a moved group is reported`() async {
        let (receipt, _) = await deliver(VendorTrial(address: "-4"))
        #expect(receipt.fault?.explanation.hasSuffix("The chat's new number is -1004.") == true, "\(receipt)")
    }

    @Test func `with polling a button acknowledges inside the chat`() async throws {
        let (_, calls) = await VendorTrial(address: "99").run(
            .telegram, { TelegramVendor(server: $0, token: Secret(TelegramTests.token), polls: true) },
            server: TelegramTests.server)
        let json = try #require(calls.first).json
        let keyboard = (json["reply_markup"] as? [String: Any])?["inline_keyboard"] as? [[[String: String]]]
        #expect(
            keyboard == [
                [
                    ["text": "Acknowledge", "callback_data": "ack 0198c2f4-0000-7000-8000-000000000001"],
                    ["text": "Open", "url": "https://pager.example.com/a/1.secret-proof"],
                ]
            ])
    }

    @Test func `updates are read by long poll from an offset on`() async throws {
        let standIn = StandIn { request in
            let call = VendorCall(request)
            guard call.path == "/bot\(TelegramTests.token)/getUpdates", call.json["offset"] as? Int == 7 else {
                return .answer(401, body: #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#)
            }
            return .answer(
                200,
                body: """
                    {"ok":true,"result":[
                      {"update_id":7,"callback_query":{"id":"b","data":"ack 0198","message":{"chat":{"id":-100123}}}},
                      {"update_id":8,"message":{"chat":{"id":42},"text":"/ack@pager_bot 12"}},
                      {"update_id":9,"message":{"chat":{"id":-5},"text":"ack","reply_to_message":{"text":"[#3 CRITICAL] Disk"}}},
                      {"update_id":10,"message":{"chat":{"id":-5},"text":"lunch?"}},
                      {"update_id":11,"message":{"chat":{"id":42},"text":"/start"}},
                      {"update_id":12,"edited_message":{}}
                    ]}
                    """)
        }
        defer { standIn.stop() }
        let server = "http://127.0.0.1:\(standIn.port)"
        let inbox = TelegramInbox(TelegramVendor(server: server, token: Secret(TelegramTests.token)), wait: .zero)
        let updates = try await inbox.read(from: 7)
        #expect(updates.map(\.id) == [7, 8, 9, 10, 11, 12])
        #expect(
            updates.map { $0.text.map { "\($0.from) \($0.text)" } } == [
                "-100123 ack", "42 ack 12", "-5 ack 3", nil, nil, nil,
            ])
        #expect(updates[0].text?.answers == "0198" && updates[0].button == "b")
        let wrong = TelegramInbox(TelegramVendor(server: server, token: Secret("1:wrong-secret")), wait: .zero)
        do {
            _ = try await wrong.read(from: 7)
            Issue.record("a wrong token was accepted")
        } catch {
            #expect(error.description == "Telegram refused getUpdates: Unauthorized")
        }
    }

    @Test func `a post is edited by its id`() async throws {
        let vendor = TelegramVendor(server: "https://t", token: Secret(TelegramTests.token), polls: true)
        var post = VendorTrial(address: "-100").message(.telegram)
        post.isPost = true
        #expect(vendor.request(for: post).url.hasSuffix("/sendMessage"))
        post.edits = "7"
        let edit = vendor.request(for: post)
        let body = String(decoding: edit.body ?? [], as: UTF8.self)
        #expect(edit.url.hasSuffix("/editMessageText") && body.contains("\"message_id\":7"), "\(body)")
        #expect(body.contains("Open the incident") && !body.contains("callback_data"))
    }

    @Test func `a wrong token is an operator's fault, and is not shown`() async {
        let (receipt, _) = await deliver(VendorTrial(address: "99"), token: "123456:wrong-secret-token")
        #expect(describe(receipt) == "permanent account")
        #expect(receipt.fault?.explanation.contains("Check TELEGRAM_BOT_TOKEN.") == true)
        #expect(!"\(receipt)".contains("wrong-secret-token"))
    }
}

@Suite struct SlackTests {
    /// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        switch call.path {
        case "/services/T0/B0/good":
            let blocks = call.json["blocks"] as? [[String: Any]] ?? []
            let areGood = !blocks.isEmpty && blocks.allSatisfy { ($0["text"] as? [String: Any])?["type"] != nil }
            return areGood ? .answer(200, body: "ok") : .answer(400, body: "invalid_blocks")
        case "/services/T0/B0/archived": return .answer(410, body: "channel_is_archived")
        case "/services/T0/B0/closed": return .answer(403, body: "action_prohibited")
        case "/services/T0/B0/fast": return .answer(429, headers: ["Retry-After: 30"], body: "rate_limited")
        case "/services/T0/B0/broken": return .answer(500, body: "rollup_error")
        case "/services/T0/B0/page": return .answer(200, body: "<html>Sign in</html>")
        default: return .answer(404, body: "no_service")
        }
    }

    private func deliver(_ key: String) async -> (receipt: Receipt, calls: [VendorCall]) {
        await VendorTrial(address: "https://hooks.slack.com/services/T0/B0/\(key)").run(
            .slack, { _ in SlackVendor(reach: .anywhere) }, server: SlackTests.server)
    }

    @Test func `a message is one block with its title and link`() async throws {
        let (receipt, calls) = await deliver("good")
        #expect(describe(receipt) == "accepted")
        let json = try #require(calls.first).json
        let block = (json["blocks"] as? [[String: Any]])?.first?["text"] as? [String: Any]
        #expect(
            block?["text"] as? String
                == "*[#1 CRITICAL] Disk &lt;full&gt; &amp; \"hot\"*\nIncident #1, critical, team Ops\nOpened 12:00\n<https://pager.example.com/a/1.secret-proof|Acknowledge>"
        )
        #expect(json["unfurl_links"] as? Bool == false)
    }

    @Test(arguments: [
        ("archived", "permanent recipient", "Slack refused the message (410): channel_is_archived."),
        ("closed", "permanent recipient", "Slack refused the message (403): action_prohibited."),
        ("gone", "permanent recipient", "Slack refused the message (404): no_service."),
        ("fast", "temporary transient 30", "Slack asks to slow down (429): rate_limited."),
        ("broken", "temporary transient", "Slack has a problem (500): rollup_error."),
        ("page", "unknown transient", "Slack gave an unclear answer (200)."),
    ])
    func `each of Slack's words has its outcome`(key: String, expected: String, words: String) async {
        let (receipt, _) = await deliver(key)
        #expect(describe(receipt) == expected)
        #expect(receipt.fault?.explanation == words)
    }

    @Test(arguments: ["https://hooks.slack.com/services/T0/B0/k", "https://hooks.slack-gov.com/services/T0/B0/k"])
    func `only Slack's own addresses are accepted`(address: String) {
        let rule = Channel.slack.definition.address
        #expect(rule.fault(in: address) == nil)
        for wrong in [
            "https://hooks.slack.com.example.com/services/k", "http://hooks.slack.com/services/T0/B0/k",
            "https://hooks.slack.com@example.com/services/k", "https://hooks.slack.com/services/",
        ] { #expect(rule.fault(in: wrong) != nil, "\(wrong)") }
    }
}
