import Domain
import TestSupport
import Testing

@testable import Providers

@Suite struct WebhookTests {
    private func message(_ address: String) -> Message {
        Message(
            id: "0198c2f4-0000-7000-8000-000000000001", channel: .webhook, address: address, urgency: .high,
            subject: "s", shortText: "short", text: "t", body: #"{"text":"Disk full"}"#)
    }

    private func deliver(
        _ reply: StandIn.Reply, reach: CurlRequest.Reach = .anywhere
    ) async -> (Receipt, [String]) {
        let server = StandIn([reply])
        defer { server.stop() }
        let provider = WebhookProvider(client: CurlClient(), time: ManualTime().source, reach: reach)
        let receipt = await provider.deliver(
            message("http://127.0.0.1:\(server.port)/pages?key=1"), mayStillSend: { true })
        return (receipt, server.requests)
    }

    @Test func `a webhook gets the page as JSON, with an id that stays the same`() async throws {
        let (receipt, requests) = await deliver(.answer(204))
        #expect(receipt == .accepted(reference: nil, note: "answered 204"))
        let request = try #require(requests.first)
        #expect(request.hasPrefix("POST /pages?key=1 HTTP/1.1"))
        #expect(request.contains("Content-Type: application/json"))
        #expect(request.contains("X-PagerPal-Message-Id: 0198c2f4-0000-7000-8000-000000000001"))
        #expect(request.hasSuffix(#"{"text":"Disk full"}"#))
    }

    @Test func `a body of the person's own has its content type, and its signature`() async throws {
        let server = StandIn([.answer(204)])
        defer { server.stop() }
        let signature = WebhookSignature(secrets: SecretKeys(Secret("a secret key")))
        let provider = WebhookProvider(
            client: CurlClient(), time: ManualTime().source, reach: .anywhere, signature: signature)
        var message = message("http://127.0.0.1:\(server.port)/pages")
        (message.body, message.contentType) = ("Disk full", "text/plain; charset=utf-8")
        #expect(describe(await provider.deliver(message, mayStillSend: { true })) == "accepted")
        let call = VendorCall(try #require(server.requests.first))
        #expect(call.body == "Disk full")
        #expect(call.headers["content-type"] == "text/plain; charset=utf-8")
        let value = signature.value(for: Array("Disk full".utf8), to: message.address, at: ManualTime().now)
        #expect(call.headers["x-pagerpal-signature"] == value)
    }

    /// ManualTime starts at 12:00 on 4 March 2026.
    @Test(
        arguments: [
            (.answer(200, body: "ok"), "accepted"), (.answer(202), "accepted"), (.huge(200), "accepted"),
            (.drip(200), "accepted"), (.answer(301), "permanent recipient"), (.answer(400), "permanent recipient"),
            (.answer(401), "permanent recipient"), (.answer(404), "permanent recipient"),
            (.answer(410), "permanent recipient"), (.answer(408), "temporary transient"),
            (.answer(425), "temporary transient"), (.answer(429, headers: ["Retry-After: 7"]), "temporary transient 7"),
            (.answer(429, headers: ["Retry-After: Wed, 04 Mar 2026 12:00:30 GMT"]), "temporary transient 30"),
            (.answer(503, headers: ["Retry-After: Wed, 04 Mar 2026 11:00:00 GMT"]), "temporary transient 0"),
            (.answer(503, headers: ["Retry-After: soon"]), "temporary transient"),
            (.answer(503, headers: ["Retry-After: -5"]), "temporary transient"),
            (.answer(503, headers: ["Retry-After: 99999999999999999999"]), "temporary transient"),
            (.answer(500), "temporary transient"), (.huge(500), "temporary transient"),
            (.drip(502), "temporary transient"),
            (.hangUp, "unknown transient"),
        ] as [(StandIn.Reply, String)])
    func `each answer has its outcome, and none affects another webhook`(
        reply: StandIn.Reply, expected: String
    ) async {
        let (receipt, _) = await deliver(reply)
        #expect(describe(receipt) == expected, "\(receipt)")
        if let fault = receipt.fault { #expect(fault.scope == .destination) }
    }

    @Test func `an address on this host or its network is refused, and nothing is sent`() async {
        let (receipt, requests) = await deliver(.answer(200), reach: .publicOnly)
        #expect(describe(receipt) == "permanent recipient")
        #expect(requests.isEmpty)
    }

    @Test(arguments: [
        ("127.0.0.0/8", "accepted"), ("127.0.0.1", "accepted"), ("10.0.0.0/8, ::1", "permanent recipient"),
    ])
    func `of this host's network only what the operator allows is reached`(allowed: String, expected: String) async {
        var reader = SettingsReader { $0 == "WEBHOOK_ALLOWED_ADDRESSES" ? allowed : nil }
        let ranges = reader.ranges("WEBHOOK_ALLOWED_ADDRESSES") ?? []
        #expect(reader.faults.isEmpty)
        let (receipt, requests) = await deliver(.answer(200), reach: .publicOr(ranges))
        #expect(describe(receipt) == expected)
        #expect(requests.count == (expected == "accepted" ? 1 : 0))
    }

    @Test func `what is no address is named`() {
        var reader = SettingsReader { _ in "10.0.0.0/8, 10.0.0.0/33, hooks.example.com" }
        _ = reader.ranges("WEBHOOK_ALLOWED_ADDRESSES")
        #expect(
            reader.faults.map { String($0.advice.prefix(30)) }
                == ["10.0.0.0/33 is no address; use", "hooks.example.com is no address"].map { String($0.prefix(30)) })
    }
}
