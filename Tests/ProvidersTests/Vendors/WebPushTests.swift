import Crypto
import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

@Suite struct WebPushTests {
    private let signature = PushSignature(secret: Secret("a secret key"), contact: "https://pager.example.com")
    private var vendor: WebPushVendor { WebPushVendor(signature: signature, time: ManualTime().source) }

    /// RFC 8291, section 5.
    @Test func `the message of the standard is encrypted as there`() throws {
        let subscription = try #require(PushSubscription(PushServer.address))
        let sender = try #require(Data(base64URL: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
        let salt = try #require(Data(base64URL: "DGv6ra1nlYgDCS1FRnbzlw"))
        let text = "When I grow up, I want to be a watermelon"
        let body = PushEncryption.encrypt(
            Array(text.utf8), for: subscription,
            sender: try P256.KeyAgreement.PrivateKey(rawRepresentation: sender), salt: salt)
        let expected =
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6"
            + "PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        #expect(body.map { Data($0).base64URL } == expected)
        #expect(try PushServer.decrypt(try #require(body)) == text)
    }

    @Test func `a browser reads the title, the text and the link, and the push service who sends`() throws {
        let trial = VendorTrial(address: PushServer.address)
        let request = vendor.request(for: trial.message(.webpush))
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(request.url == "https://push.example.com/send/abc")
        #expect(headers["TTL"] == "3600" && headers["Urgency"] == "high" && headers["Content-Encoding"] == "aes128gcm")
        let claims = try PushServer.claims(headers["Authorization"] ?? "")
        #expect(claims["aud"] as? String == "https://push.example.com")
        #expect(claims["sub"] as? String == "https://pager.example.com")
        #expect(claims["exp"] as? Int == Int((TestTeam.start + .hours(12)).seconds))
        let text = try PushServer.decrypt(try #require(request.body))
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        #expect(json["title"] as? String == trial.subject && json["body"] as? String == trial.text)
        #expect(json["url"] as? String == trial.url && json["urgent"] as? Bool == true)
    }

    @Test func `no two messages are encrypted alike, and a quiet one says so`() throws {
        let trial = VendorTrial(address: PushServer.address, urgency: .low, url: nil)
        let requests = [0, 1].map { _ in vendor.request(for: trial.message(.webpush)) }
        #expect(requests[0].body != requests[1].body)
        #expect(requests[0].headers.contains { $0.name == "Urgency" && $0.value == "normal" })
        #expect(try PushServer.decrypt(try #require(requests[0].body)).contains(#""urgent":false"#))
    }

    @Test func `the longest text fits into one record`() throws {
        let limit = try #require(Channel.webpush.definition.textLimit)
        let long = String(repeating: "ž🔥", count: 2_000)
        var trial = VendorTrial(address: PushServer.address)
        (trial.subject, trial.text) = (long, limit.fitted(long))
        let body = try #require(vendor.request(for: trial.message(.webpush)).body)
        #expect(body.count <= 4_096)
        #expect(try PushServer.decrypt(body).contains("secret-proof"))
    }

    @Test(arguments: [
        (201, "accepted"), (404, "permanent recipient"), (410, "permanent recipient"), (403, "permanent recipient"),
        (413, "permanent message"), (429, "temporary transient"), (500, "temporary transient"),
    ])
    func `each answer has its outcome`(status: Int, expected: String) async {
        let (receipt, _) = await VendorTrial(address: PushServer.address).run(
            .webpush,
            { base in
                MovedVendor(
                    vendor: WebPushVendor(signature: signature, time: ManualTime().source, reach: .anywhere),
                    url: "\(base)/send/abc")
            }, server: { _ in .answer(status) })
        #expect(describe(receipt) == expected)
    }

    @Test func `a browser that subscribed under the key before gets messages signed with it`() throws {
        let old = PushSignature(secret: Secret("an older key"), contact: "https://pager.example.com")
        let both = WebPushVendor(signature: signature, previous: old, time: ManualTime().source)
        for (sender, vendor, expected) in [
            ("", vendor, signature), ("", both, old), (".\(old.publicKey.suffix(8))", both, old),
            (".\(signature.publicKey.suffix(8))", both, signature), (".\(old.publicKey.suffix(8))", vendor, signature),
        ] {
            let trial = VendorTrial(address: PushServer.address + sender)
            let request = vendor.request(for: trial.message(.webpush))
            let authorization = try #require(request.headers.first { $0.name == "Authorization" }?.value)
            #expect(authorization.hasSuffix("k=\(expected.publicKey)"), "\(sender)")
        }
        #expect(PushSubscription(PushServer.address + ".short") == nil)
    }

    @Test func `the key stays the same, and another secret has another one`() {
        let again = PushSignature(secret: Secret("a secret key"), contact: "")
        #expect(again.publicKey == signature.publicKey)
        #expect(PushSignature(secret: Secret("another"), contact: "").publicKey != signature.publicKey)
        #expect(signature.publicKey.count == 87)
    }

    @Test(arguments: [
        "https://push.example.com/send/abc", "http://push.example.com/a#\(PushServer.key).\(PushServer.secret)",
        "https://push.example.com/a#\(PushServer.key)", "https://push.example.com/a#short.\(PushServer.secret)",
        "#\(PushServer.key).\(PushServer.secret)",
    ])
    func `what is no subscription is refused`(address: String) {
        #expect(Channel.webpush.definition.address.fault(in: address) != nil)
    }

    @Test func `only the push service's host is shown`() {
        #expect(Channel.webpush.definition.address.fault(in: PushServer.address) == nil)
        #expect(Channel.webpush.shown(PushServer.address) == "push.example.com")
        #expect(Channel.sms.shown("+385915550101") == "+385915550101")
    }
}
