import Domain
import Foundation
import Testing

@testable import Providers

@Suite struct TeamsTests {
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        switch call.path {
        case "/workflows/good":
            let attachments = call.json["attachments"] as? [[String: Any]] ?? []
            let areCards = attachments.allSatisfy {
                $0["contentType"] as? String == "application/vnd.microsoft.card.adaptive"
                    && ($0["content"] as? [String: Any])?["type"] as? String == "AdaptiveCard"
            }
            return call.json["type"] as? String == "message" && !attachments.isEmpty && areCards
                ? .answer(202) : .answer(400, body: #"{"error":{"code":"InvalidRequestContent","message":"No card."}}"#)
        case "/workflows/off":
            return .answer(
                400, body: #"{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The workflow is disabled."}}"#)
        case "/workflows/fast": return .answer(429, headers: ["Retry-After: 20"])
        default:
            return .answer(
                401, body: #"{"error":{"code":"DirectApiAuthorizationRequired","message":"The key is wrong."}}"#)
        }
    }

    private func deliver(_ key: String) async -> (receipt: Receipt, calls: [VendorCall]) {
        await VendorTrial(address: "https://prod-01.westeurope.logic.azure.com/workflows/\(key)").run(
            .teams, { _ in TeamsVendor(reach: .anywhere) }, server: TeamsTests.server)
    }

    @Test func `a message is a card with a button`() async throws {
        let (receipt, calls) = await deliver("good")
        #expect(describe(receipt) == "accepted")
        let attachment = (try #require(calls.first).json["attachments"] as? [[String: Any]])?.first
        let card = try #require(attachment?["content"] as? [String: Any])
        let texts = (card["body"] as? [[String: Any]])?.compactMap { $0["text"] as? String }
        #expect(
            texts == ["[#1 CRITICAL] Disk <full> & \"hot\"", "Incident #1, critical, team Ops\n\nOpened 12:00"])
        let action = (card["actions"] as? [[String: String]])?.first
        #expect(action?["type"] == "Action.OpenUrl" && action?["url"] == "https://pager.example.com/a/1.secret-proof")
    }

    @Test(arguments: [
        ("off", "permanent recipient"), ("wrong", "permanent recipient"), ("fast", "temporary transient 20"),
    ])
    func `each answer has its outcome`(key: String, expected: String) async {
        let (receipt, _) = await deliver(key)
        #expect(describe(receipt) == expected, "\(receipt)")
    }

    @Test func `only workflow addresses are accepted`() {
        let rule = Channel.teams.definition.address
        let good = "https://default1.2.environment.api.powerplatform.com:443/powerautomate/x?api-version=1&sig=y"
        #expect(rule.fault(in: good) == nil)
        for wrong in ["https://logic.azure.com.example.com/x", "https://example.com/.logic.azure.com"] {
            #expect(rule.fault(in: wrong) != nil, "\(wrong)")
        }
    }
}

@Suite struct MattermostTests {
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        func refuse(_ status: Int, _ id: String, _ words: String) -> StandIn.Reply {
            .answer(status, body: #"{"id":"\#(id)","message":"\#(words)","status_code":\#(status)}"#)
        }
        switch call.path {
        case "/hooks/aaa1yyy2zzz3aaa4bbb5ccc6dd":
            return call.json["text"] as? String == nil
                ? refuse(400, "web.incoming_webhook.text.app_error", "No text specified.") : .answer(200, body: "ok")
        case "/hooks/bbb1yyy2zzz3aaa4bbb5ccc6dd":
            return refuse(501, "web.incoming_webhook.disabled.app_error", "Incoming webhooks have been disabled.")
        case "/hooks/ccc1yyy2zzz3aaa4bbb5ccc6dd": return .answer(200, body: "<html>")
        case "/hooks/ddd1yyy2zzz3aaa4bbb5ccc6dd": return refuse(500, "x", "Internal error.")
        default: return refuse(400, "web.incoming_webhook.invalid.app_error", "Invalid webhook.")
        }
    }

    private func deliver(_ key: String) async -> (receipt: Receipt, calls: [VendorCall]) {
        await VendorTrial(address: key, subject: "@channel *hot*").run(
            .mattermost, { MattermostVendor(server: $0) }, server: MattermostTests.server)
    }

    @Test func `a post mentions nobody and ends with its link`() async throws {
        let (receipt, calls) = await deliver("aaa1yyy2zzz3aaa4bbb5ccc6dd")
        #expect(describe(receipt) == "accepted")
        let json = try #require(calls.first).json
        #expect(
            json["text"] as? String
                == "**\\@channel \\*hot\\***\nIncident \\#1, critical, team Ops\nOpened 12:00\n[Acknowledge](https://pager.example.com/a/1.secret-proof)"
        )
    }

    @Test(arguments: [
        ("bbb1yyy2zzz3aaa4bbb5ccc6dd", "permanent account"), ("ccc1yyy2zzz3aaa4bbb5ccc6dd", "unknown transient"),
        ("ddd1yyy2zzz3aaa4bbb5ccc6dd", "temporary transient"), ("eee1yyy2zzz3aaa4bbb5ccc6dd", "permanent recipient"),
    ])
    func `each answer has its outcome`(key: String, expected: String) async {
        let (receipt, _) = await deliver(key)
        #expect(describe(receipt) == expected, "\(receipt)")
    }

    @Test func `a full URL is reduced to its key`() {
        let rule = Channel.mattermost.definition.address
        #expect(
            rule.normalized("https://chat.example.com/hooks/aaa1yyy2zzz3aaa4bbb5ccc6dd") == "aaa1yyy2zzz3aaa4bbb5ccc6dd"
        )
    }
}

@Suite struct DiscordTests {
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        guard call.path.hasSuffix("?wait=true") else { return .answer(204) }
        switch call.path.dropLast("?wait=true".count) {
        case "/api/webhooks/1/good":
            let content = call.json["content"] as? String ?? ""
            return (1...2_000).contains(content.utf16.count)
                ? .answer(200, body: #"{"id":"1196","type":0}"#)
                : .answer(400, body: #"{"message":"Invalid Form Body","code":50035}"#)
        case "/api/webhooks/1/fast":
            return .answer(429, body: #"{"message":"You are being rate limited.","retry_after":3.4,"global":false}"#)
        case "/api/webhooks/1/gone": return .answer(404, body: #"{"message":"Unknown Webhook","code":10015}"#)
        default: return .answer(401, body: #"{"message":"Invalid Webhook Token","code":50027}"#)
        }
    }

    private func deliver(_ key: String, text: String = "Incident #1") async -> (receipt: Receipt, calls: [VendorCall]) {
        await VendorTrial(address: "https://discord.com/api/webhooks/1/\(key)", text: text).run(
            .discord, { _ in DiscordVendor(reach: .anywhere) }, server: DiscordTests.server)
    }

    @Test func `a message mentions nobody, and its link is not opened`() async throws {
        let (receipt, calls) = await deliver("good", text: "@everyone")
        #expect(describe(receipt) == "accepted")
        let json = try #require(calls.first).json
        #expect((json["allowed_mentions"] as? [String: [String]])?["parse"] == [])
        let content = try #require(json["content"] as? String)
        #expect(content.hasSuffix("\n\\@everyone\n[Acknowledge](<https://pager.example.com/a/1.secret-proof>)"))
    }

    @Test func `a text that grows by escaping is shortened before its link`() async throws {
        let (receipt, calls) = await deliver("good", text: String(repeating: "*", count: 1_500))
        #expect(describe(receipt) == "accepted")
        let content = try #require(calls.first?.json["content"] as? String)
        #expect(content.hasSuffix("[Acknowledge](<https://pager.example.com/a/1.secret-proof>)"))
    }

    @Test(arguments: [
        ("fast", "temporary transient 3"), ("gone", "permanent recipient"), ("wrong", "permanent recipient"),
    ])
    func `each answer has its outcome`(key: String, expected: String) async {
        let (receipt, _) = await deliver(key)
        #expect(describe(receipt) == expected, "\(receipt)")
    }
}

@Suite struct GotifyTests {
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        guard call.headers["x-gotify-key"] == "AWfUi5jS5kFmXx2" else {
            return .answer(
                401,
                body:
                    #"{"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token"}"#
            )
        }
        return call.json["message"] as? String == nil
            ? .answer(
                400, body: #"{"error":"Bad Request","errorCode":400,"errorDescription":"Field 'message' is required"}"#)
            : .answer(200, body: #"{"id":25,"appid":5,"message":"x"}"#)
    }

    private func deliver(_ token: String) async -> (receipt: Receipt, calls: [VendorCall]) {
        await VendorTrial(address: token).run(.gotify, { GotifyVendor(server: $0) }, server: GotifyTests.server)
    }

    @Test func `an urgent message has a high priority and opens the link`() async throws {
        let (receipt, calls) = await deliver("AWfUi5jS5kFmXx2")
        #expect(describe(receipt) == "accepted")
        let json = try #require(calls.first).json
        #expect(json["priority"] as? Int == 10)
        let extras = json["extras"] as? [String: [String: [String: String]]]
        #expect(extras?["client::notification"]?["click"]?["url"] == "https://pager.example.com/a/1.secret-proof")
    }

    @Test func `a wrong token is a recipient's fault, because it is the address`() async {
        let (receipt, _) = await deliver("Awrong-secret-1")
        #expect(
            receipt.fault?.explanation
                == "Gotify refused the message (401): you need to provide a valid access token.")
        #expect(describe(receipt) == "permanent recipient")
    }
}
