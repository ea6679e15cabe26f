import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

@Suite struct GatewayTests {
    private func vendor(_ variables: [String: String]) throws -> SMSGateway {
        var reader = SettingsReader { variables[$0] }
        let vendor = SMSGateway(&reader, ProviderSurroundings(isProduction: false, baseURL: "http://127.0.0.1:8000"))
        #expect(reader.faults.map(\.variable) == [])
        return try #require(vendor)
    }

    private func faults(_ variables: [String: String], isProduction: Bool = false) -> [String] {
        var reader = SettingsReader { variables[$0] }
        _ = SMSGateway(&reader, ProviderSurroundings(isProduction: isProduction, baseURL: "http://127.0.0.1:8000"))
        return reader.faults.map(\.variable)
    }

    private static let trial = VendorTrial(
        address: "+385915550101", text: "#1 CRITICAL: \"Disk\" 100% & {id} žšč\nAck: https://p/a/1")

    private func run(
        _ variables: [String: String], _ server: @escaping @Sendable (VendorCall) -> StandIn.Reply
    ) async throws -> (receipt: Receipt, calls: [VendorCall]) {
        let standIn = StandIn { server(VendorCall($0)) }
        defer { standIn.stop() }
        let real = variables.mapValues {
            $0.replacing("https://sms.example.com", with: "http://127.0.0.1:\(standIn.port)")
        }
        let provider = HTTPProvider(
            try vendor(real), for: .sms, client: CurlClient(), time: ManualTime().source)
        let receipt = await provider.deliver(GatewayTests.trial.message(.sms), mayStillSend: { true })
        return (receipt, standIn.requests.map { VendorCall($0) })
    }

    @Test func `placeholders in a query are filled and escaped`() async throws {
        let (receipt, calls) = try await run(
            [
                "SMS_GATEWAY_URL": "https://sms.example.com/send?key=a-long-key&to={to}&text={text}",
                "SMS_GATEWAY_METHOD": "get",
            ]
        ) { _ in .answer(200, body: "queued") }
        #expect(describe(receipt) == "accepted")
        #expect(
            calls.first?.line
                == "GET /send?key=a-long-key&to=%2B385915550101&text=%231%20CRITICAL%3A%20%22Disk%22%20100%25%20%26%20%7Bid%7D%20%C5%BE%C5%A1%C4%8D%0AAck%3A%20https%3A%2F%2Fp%2Fa%2F1 HTTP/1.1"
        )
    }

    @Test func `placeholders in a JSON body are escaped as JSON text`() async throws {
        let (receipt, calls) = try await run([
            "SMS_GATEWAY_URL": "https://sms.example.com/v1/messages",
            "SMS_GATEWAY_HEADERS": "Authorization: Bearer secret-gateway-key | X-Account: 7",
            "SMS_GATEWAY_BODY": #"{"to":["{number}"],"text":"{text}","id":"{id}"}"#,
            "SMS_GATEWAY_ACCEPTED": #""status":"ok""#,
        ]) { call in
            call.headers["authorization"] == "Bearer secret-gateway-key"
                ? .answer(200, body: #"{"status":"ok"}"#) : .answer(401)
        }
        #expect(describe(receipt) == "accepted")
        let call = try #require(calls.first)
        #expect(call.headers["x-account"] == "7" && call.headers["content-type"] == "application/json")
        #expect(call.json["to"] as? [String] == ["385915550101"])
        #expect(call.json["text"] as? String == GatewayTests.trial.text)
    }

    @Test func `a form body is escaped as a form`() async throws {
        let (_, calls) = try await run([
            "SMS_GATEWAY_URL": "https://sms.example.com/", "SMS_GATEWAY_BODY": "phone={to}&message={text}",
        ]) { _ in .answer(200) }
        let call = try #require(calls.first)
        #expect(call.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(call.form == ["phone": "+385915550101", "message": GatewayTests.trial.text])
    }

    @Test(arguments: [
        (200, "OK: 1", "accepted"), (200, "ERROR: no credit for secret-key-1", "permanent account"),
        (201, "OK", "accepted"), (400, "bad number", "permanent message"), (401, "", "permanent account"),
        (404, "", "permanent account"), (429, "", "temporary transient"), (502, "OK", "temporary transient"),
    ])
    func `the text of SMS_GATEWAY_ACCEPTED decides, and no key is shown`(
        status: Int, body: String, expected: String
    ) async throws {
        let (receipt, _) = try await run([
            "SMS_GATEWAY_URL": "https://sms.example.com/send?key=secret-key-1&to={to}&text={text}",
            "SMS_GATEWAY_ACCEPTED": "OK",
        ]) { _ in .answer(status, body: body) }
        #expect(describe(receipt) == expected, "\(receipt)")
        #expect(!"\(receipt)".contains("secret-key-1"))
    }

    @Test func `missing and wrong settings are named`() {
        let url = "https://sms.example.com/?to={to}&text={text}"
        #expect(faults([:]) == [])
        #expect(faults(["SMS_GATEWAY_URL": url]) == [])
        #expect(faults(["SMS_GATEWAY_BODY": "{text}"]) == ["SMS_GATEWAY_URL"])
        #expect(faults(["SMS_GATEWAY_URL": "sms.example.com"]) == ["SMS_GATEWAY_URL"])
        #expect(faults(["SMS_GATEWAY_URL": "https://sms.example.com/?to={to}"]) == ["SMS_GATEWAY_URL"])
        #expect(
            faults(["SMS_GATEWAY_URL": "https://sms.example.com/", "SMS_GATEWAY_BODY": "{text}"]) == [
                "SMS_GATEWAY_BODY"
            ])
        #expect(faults(["SMS_GATEWAY_URL": url, "SMS_GATEWAY_HEADERS": "Bearer x"]) == ["SMS_GATEWAY_HEADERS"])
        #expect(faults(["SMS_GATEWAY_URL": url, "SMS_GATEWAY_METHOD": "send"]) == ["SMS_GATEWAY_METHOD"])
        let plain = ["SMS_GATEWAY_URL": url.replacing("https", with: "http")]
        #expect(faults(plain, isProduction: true) == ["SMS_GATEWAY_URL"])
        #expect(faults(plain) == [])
    }
}
