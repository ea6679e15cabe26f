import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

/// Posts in channels of teams, which vendors edit as they document.
@Suite struct EditedPostTests {
    private func post(
        _ channel: Channel, _ address: String, edits: String? = nil, _ vendor: (String) -> any HTTPVendor,
        server: @escaping @Sendable (VendorCall) -> StandIn.Reply
    ) async -> (receipt: Receipt, call: VendorCall?) {
        let standIn = StandIn { server(VendorCall($0)) }
        defer { standIn.stop() }
        let base = "http://127.0.0.1:\(standIn.port)"
        var message = VendorTrial(address: address).message(channel)
        if let path = address.firstMatch(of: /^https:\/\/[^\/]+(\/.*)/)?.1 { message.address = base + path }
        (message.isPost, message.edits) = (true, edits)
        let provider = HTTPProvider(vendor(base), for: channel, client: CurlClient(), time: ManualTime().source)
        let receipt = await provider.deliver(message, mayStillSend: { true })
        return (receipt, standIn.requests.first.map { VendorCall($0) })
    }

    private func reference(_ receipt: Receipt) -> String? {
        if case .accepted(let reference, _) = receipt { reference } else { nil }
    }

    /// https://docs.slack.dev/reference/methods/chat.update
    @Sendable private static func slack(_ call: VendorCall) -> StandIn.Reply {
        guard call.headers["authorization"] == "Bearer xoxb-1" else {
            return .answer(200, body: #"{"ok":false,"error":"invalid_auth"}"#)
        }
        switch (call.path, call.json["channel"] as? String, call.json["ts"] as? String) {
        case ("/api/chat.postMessage", "C024BE91L", nil):
            return .answer(200, body: #"{"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"}"#)
        case ("/api/chat.update", "C024BE91L", "1503435956.000247"):
            return .answer(200, body: #"{"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"}"#)
        case ("/api/chat.update", _, _): return .answer(200, body: #"{"ok":false,"error":"message_not_found"}"#)
        default: return .answer(200, body: #"{"ok":false,"error":"channel_not_found"}"#)
        }
    }

    @Test func `a bot posts in Slack and edits its message`() async throws {
        let bot = { (base: String) in SlackVendor(server: base, token: Secret("xoxb-1"), reach: .anywhere) }
        let (receipt, call) = await post(.slack, "C024BE91L", bot, server: Self.slack)
        #expect(reference(receipt) == "C024BE91L 1503435956.000247")
        let isLinked = call?.body.contains("|Open the incident>") == true
        #expect(isLinked)
        let edit = await post(.slack, "C024BE91L", edits: "C024BE91L 1503435956.000247", bot, server: Self.slack)
            .receipt
        #expect(reference(edit) == "C024BE91L 1503435956.000247")
        let lost = await post(.slack, "C024BE91L", edits: "C024BE91L 1.2", bot, server: Self.slack).receipt
        #expect(describe(lost) == "permanent message")
        let unknown = await post(.slack, "C0000000X", bot, server: Self.slack).receipt
        #expect(describe(unknown) == "permanent recipient")
        let wrong = await post(
            .slack, "C024BE91L", { SlackVendor(server: $0, token: Secret("xoxb-secret"), reach: .anywhere) },
            server: Self.slack
        ).receipt
        #expect(describe(wrong) == "permanent account" && !"\(wrong)".contains("xoxb-secret"))
    }

    /// https://discord.com/developers/docs/resources/webhook#edit-webhook-message
    @Test func `a webhook edits its message in Discord`() async throws {
        let server: @Sendable (VendorCall) -> StandIn.Reply = { call in
            switch call.line.split(separator: " ").prefix(2).joined(separator: " ") {
            case "POST /api/webhooks/1/key?wait=true", "PATCH /api/webhooks/1/key/messages/99":
                .answer(200, body: #"{"id":"99"}"#)
            default: .answer(404, body: #"{"code":10008,"message":"Unknown Message"}"#)
            }
        }
        let vendor = { (_: String) in DiscordVendor(reach: .anywhere) }
        let address = "https://discord.com/api/webhooks/1/key"
        let first = await post(.discord, address, vendor, server: server).receipt
        #expect(reference(first) == "99")
        let edit = await post(.discord, address, edits: "99", vendor, server: server).receipt
        #expect(reference(edit) == "99")
        let lost = await post(.discord, address, edits: "98", vendor, server: server).receipt
        #expect(describe(lost) == "permanent recipient")
    }

    /// https://developers.mattermost.com/api-documentation/#/operations/PatchPost
    @Test func `a bot posts in Mattermost and edits its post`() async throws {
        let server: @Sendable (VendorCall) -> StandIn.Reply = { call in
            guard call.headers["authorization"] == "Bearer mm" else {
                return .answer(
                    401, body: #"{"id":"api.context.session_expired.app_error","message":"Invalid session"}"#)
            }
            switch call.line.split(separator: " ").prefix(2).joined(separator: " ") {
            case "POST /api/v4/posts":
                return call.json["channel_id"] as? String == "aaa1yyy2zzz3aaa4bbb5ccc6dd"
                    ? .answer(201, body: #"{"id":"post1"}"#)
                    : .answer(403, body: #"{"id":"api.context.permissions.app_error","message":"No permission"}"#)
            case "PUT /api/v4/posts/post1/patch": return .answer(200, body: #"{"id":"post1"}"#)
            default: return .answer(404, body: #"{"id":"app.post.get.app_error","message":"Unable to get the post."}"#)
            }
        }
        let bot = { (base: String) in MattermostVendor(server: base, token: Secret("mm")) }
        let address = "channel:aaa1yyy2zzz3aaa4bbb5ccc6dd"
        let first = await post(.mattermost, address, bot, server: server).receipt
        #expect(reference(first) == "post1")
        let edit = await post(.mattermost, address, edits: "post1", bot, server: server).receipt
        #expect(reference(edit) == "post1")
        let lost = await post(.mattermost, address, edits: "post2", bot, server: server).receipt
        #expect(describe(lost) == "permanent recipient")
        let foreign = await post(.mattermost, "channel:bbb1yyy2zzz3aaa4bbb5ccc6dd", bot, server: server).receipt
        #expect(describe(foreign) == "permanent recipient")
    }

    /// https://spec.matrix.org/v1.11/client-server-api/#event-replacements
    @Test func `an event replaces the first one in Matrix`() async throws {
        let vendor = MatrixVendor(server: "https://m", token: Secret("t"))
        var message = VendorTrial(address: "!room:m").message(.matrix)
        (message.isPost, message.edits) = (true, "$first")
        let body = try #require(
            try JSONSerialization.jsonObject(with: Data(vendor.request(for: message).body ?? [])) as? [String: Any])
        let relation = try #require(body["m.relates_to"] as? [String: String])
        #expect(relation == ["rel_type": "m.replace", "event_id": "$first"])
        let content = try #require(body["m.new_content"] as? [String: Any])
        #expect((body["body"] as? String)?.hasPrefix("* ") == true && content["m.relates_to"] == nil)
    }
}
