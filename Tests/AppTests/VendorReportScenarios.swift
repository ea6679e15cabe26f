import Crypto
import Domain
import Foundation
import Providers
import TestSupport
import Testing

@testable import App

/// Calls of vendors at /api/v1/receipts/{vendor}.
@Suite struct VendorReportScenarios {
    private static let receipt = "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"
    private static let form: [(name: String, value: String)] = [
        (name: "Content-Type", value: "application/x-www-form-urlencoded")
    ]

    /// Ada is paged by a vendor that calls her page by an id of its own.
    private func run(
        _ vendor: any HTTPVendor, for channel: Channel, reference: String,
        _ body: @escaping @Sendable (TestApp) async throws -> Void
    ) async throws {
        let time = ManualTime()
        let taken = Receipt.accepted(reference: reference, note: nil)
        let provider = ScriptedProvider([taken], time: time.source)
        let silent = HTTPProvider(vendor, for: channel, client: CurlClient(), time: time.source)
        try await TestApp.run(
            .sqliteMemory, time: time, settings: { $0.baseURL = "https://pager.example.com" },
            team: DeliveryScenarios.rules, providers: { _ in [provider, silent] }
        ) { (app: TestApp) async throws in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            try await body(app)
            try await app.advance(.minutes(6))
        }
    }

    @Test func `acknowledging in Pushover acknowledges the incident`() async throws {
        let vendor = PushoverVendor(token: Secret("secret-token"))
        try await run(vendor, for: .pushover, reference: VendorReportScenarios.receipt) { (app: TestApp) async throws in
            func call(_ receipt: String) async throws -> Int {
                try await app.send(
                    "POST", "/api/v1/receipts/pushover", "receipt=\(receipt)&acknowledged=1&acknowledged_by=u",
                    headers: VendorReportScenarios.form
                ).status
            }
            #expect(try await call("rLqVuqTRh62UzxtmqiaLzQmVcPgiCX") == 204)
            #expect(try await app.state() == "triggered")
            #expect(try await call("") == 400)
            #expect(try await call(VendorReportScenarios.receipt) == 204)
            #expect(try await app.state() == "acknowledged")
            #expect(try await call(VendorReportScenarios.receipt) == 204)
            #expect(try await app.timeline().filter { $0.contains("acknowledged") }.count == 1)
        }
    }

    @Test func `a key in a call through Twilio acknowledges, if the call is signed`() async throws {
        let vendor = TwilioVendor(
            account: "AC1", token: Secret("secret-auth-token"), voiceSender: "+15005550006",
            callback: "https://pager.example.com/api/v1/receipts/twilio")
        try await run(vendor, for: .voice, reference: "CA1") { (app: TestApp) async throws in
            let text = "https://pager.example.com/api/v1/receipts/twilioCallSidCA1Digits1"
            let code = HMAC<Insecure.SHA1>.authenticationCode(
                for: Data(text.utf8), using: SymmetricKey(data: Data("secret-auth-token".utf8)))
            func call(_ signature: String) async throws -> Int {
                try await app.send(
                    "POST", "/api/v1/receipts/twilio", "CallSid=CA1&Digits=1",
                    headers: VendorReportScenarios.form + [(name: "X-Twilio-Signature", value: signature)]
                ).status
            }
            #expect(try await call("bm8=") == 401)
            #expect(try await app.state() == "triggered")
            #expect(try await call(Data(code).base64EncodedString()) == 200)
            #expect(try await app.state() == "acknowledged")
        }
    }

    @Test func `a vendor that is not set up has no receipt URL`() async throws {
        let vendor = PushoverVendor(token: Secret("secret-token"))
        try await run(vendor, for: .pushover, reference: VendorReportScenarios.receipt) { (app: TestApp) async throws in
            for name in ["twilio", "ntfy", "outbox"] {
                #expect(try await app.send("POST", "/api/v1/receipts/\(name)", "a=b", headers: []).status == 404)
            }
            try await app.act("acknowledge")
        }
    }
}
