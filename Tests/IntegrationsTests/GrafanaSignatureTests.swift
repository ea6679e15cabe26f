import Crypto
import Domain
import Formats
import Foundation
import Integrations
import Testing

/// Grafana 12 signs its webhooks with HMAC-SHA256, with or without a timestamp.
@Suite struct GrafanaSignatureTests {
    static let now = Timestamp(seconds: 1_772_334_000)
    static let secret = "a secret for the tests"
    static let body = Array(#"{"orgId": 1, "alerts": [{"status": "firing", "labels": {"alertname": "A"}}]}"#.utf8)

    static func signature(of bytes: [UInt8]) -> String {
        HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: Array(secret.utf8)))
            .map { String(format: "%02x", $0) }.joined()
    }

    func decode(
        _ headers: [String: String], body: [UInt8] = body,
        options: SourceOptions = SourceOptions(secret: Secret(secret))
    ) throws -> [AlertEvent] {
        let payload = Payload(body: body, headers: headers, receivedAt: Self.now)
        return try #require(Integrations.integration(for: "grafana")).decode(payload, options: options).events
    }

    @Test func `the body alone is signed, or the time before it`() throws {
        #expect(try decode(["x-grafana-alerting-signature": Self.signature(of: Self.body)]).count == 1)
        let timed = Self.signature(of: Array("1772334010:".utf8) + Self.body)
        let headers = ["x-grafana-alerting-signature": timed, "x-grafana-alerting-timestamp": "1772334010"]
        #expect(try decode(headers).count == 1)
    }

    @Test func `the time's header may have another name`() throws {
        let timed = Self.signature(of: Array("1772334000:".utf8) + Self.body)
        let options = SourceOptions(secret: Secret(Self.secret), timestampHeader: "x-time")
        let headers = ["x-grafana-alerting-signature": timed, "x-time": "1772334000"]
        #expect(try decode(headers, options: options).count == 1)
    }

    @Test func `a changed byte, a missing signature and an old one are refused`() throws {
        let right = Self.signature(of: Self.body)
        #expect(throws: PayloadError.self) {
            try decode(["x-grafana-alerting-signature": right], body: Self.body + [32])
        }
        #expect(throws: PayloadError.self) { try decode([:]) }
        let old = Self.signature(of: Array("1772330000:".utf8) + Self.body)
        #expect(throws: PayloadError.self) {
            try decode(["x-grafana-alerting-signature": old, "x-grafana-alerting-timestamp": "1772330000"])
        }
    }

    @Test func `a source without a secret checks none`() throws {
        #expect(try decode([:], options: SourceOptions()).count == 1)
    }

    @Test(.enabled(if: Fixtures.folder != nil, Fixtures.missing))
    func `only Grafana's own signatures are valid`() throws {
        var payload = try Fixtures.payload("grafana/v12_hmac_signed.json")
        payload.receivedAt = Timestamp(seconds: 1_720_000_100)
        let options = SourceOptions(secret: Secret("test-hmac-secret"))
        let sender = try #require(Integrations.integration(for: "grafana"))
        #expect(try sender.decode(payload, options: options).events.count == 2)
        payload.body[10] ^= 1
        #expect(throws: PayloadError.self) { try sender.decode(payload, options: options) }
    }
}
