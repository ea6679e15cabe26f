import Crypto
import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

@Suite struct WebhookSignatureTests {
    private let signature = WebhookSignature(secrets: SecretKeys(Secret("a secret key")))

    @Test func `a receiver that knows its key can check the time and the body`() async throws {
        let server = StandIn([.answer(204)])
        defer { server.stop() }
        let address = "http://127.0.0.1:\(server.port)/pages"
        let provider = WebhookProvider(
            client: CurlClient(), time: ManualTime().source, reach: .anywhere, signature: signature)
        let message = Message(
            id: "id", channel: .webhook, address: address, urgency: .high, subject: "s", shortText: "s", text: "t",
            body: #"{"text":"Disk full"}"#)
        let receipt = await provider.deliver(message, mayStillSend: { true })
        #expect(describe(receipt) == "accepted")
        let call = VendorCall(try #require(server.requests.first))
        let header = try #require(call.headers["x-pagerpal-signature"])
        let match = try #require(try #/t=(\d+),v1=([0-9a-f]{64})/#.wholeMatch(in: header))
        #expect(String(match.1) == "\(TestTeam.start.seconds)")
        let key = SymmetricKey(data: Data(signature.secret(for: address).utf8))
        let expected = HMAC<SHA256>.authenticationCode(for: Data("\(match.1).\(call.body)".utf8), using: key)
        #expect(
            expected.map { byte in String(byte / 16, radix: 16) + String(byte % 16, radix: 16) }.joined() == match.2)
    }

    @Test func `while the key before counts, its signature follows`() throws {
        let (old, new) = (Secret("a secret key"), Secret("a newer key"))
        let both = WebhookSignature(secrets: SecretKeys(new, previous: old))
        let value = { (signature: WebhookSignature) in
            signature.value(for: [1, 2], to: "https://a.example.com", at: TestTeam.start)
        }
        let parts = value(both).split(separator: ",")
        #expect(value(WebhookSignature(secrets: SecretKeys(new))) == parts[..<2].joined(separator: ","))
        #expect(value(signature) == [parts[0], parts[2]].joined(separator: ",") && parts.count == 3)
        #expect(both.secret(for: "a") == WebhookSignature(secrets: SecretKeys(new)).secret(for: "a"))
    }

    @Test func `each address has a key of its own, which depends on the secret`() {
        let key = signature.secret(for: "https://a.example.com")
        #expect(key.hasPrefix("whsec_") && key.count == 49)
        #expect(key != signature.secret(for: "https://b.example.com"))
        #expect(key != WebhookSignature(secrets: SecretKeys(Secret("another"))).secret(for: "https://a.example.com"))
    }
}
