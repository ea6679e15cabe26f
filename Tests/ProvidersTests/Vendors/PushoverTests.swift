import Domain
import Foundation
import Testing

@testable import Providers

@Suite struct PushoverTests {
    private static let token = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
    private static let user = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"

    /// https://pushover.net/api
    @Sendable private static func server(_ call: VendorCall) -> StandIn.Reply {
        func refuse(_ field: String, _ words: String) -> StandIn.Reply {
            .answer(400, body: #"{"\#(field)":"invalid","errors":["\#(words)"],"status":0,"request":"5042853c"}"#)
        }
        let form = call.form
        guard call.path == "/1/messages.json" else { return .answer(404) }
        guard form["token"] == token else { return refuse("token", "application token is invalid") }
        switch form["user"] {
        case user:
            let isEmergency = form["priority"] == "2"
            let retry = Int(form["retry"] ?? "") ?? 0
            let expire = Int(form["expire"] ?? "") ?? 0
            guard !isEmergency || (retry >= 30 && (1...10_800).contains(expire)) else {
                return refuse("expire", "expire must be supplied with priority=2")
            }
            let receipt = isEmergency ? #","receipt":"rLqVuqTRh62UzxtmqiaLzQmVcPgiCy""# : ""
            return .answer(200, body: #"{"status":1,"request":"5042853c"\#(receipt)}"#)
        case "full": return .answer(429, body: #"{"errors":["message limit reached"],"status":0}"#)
        default: return refuse("user", "user identifier is not a valid user, group, or subscribed user key")
        }
    }

    private func deliver(
        _ trial: VendorTrial, token: String = PushoverTests.token
    ) async -> (receipt: Receipt, calls: [VendorCall]) {
        await trial.run(
            .pushover,
            {
                PushoverVendor(
                    server: $0, token: Secret(token), callback: "https://pager.example.com/api/v1/receipts/pushover")
            }, server: PushoverTests.server)
    }

    @Test func `an urgent message is an emergency whose receipt is kept`() async throws {
        let (receipt, calls) = await deliver(VendorTrial(address: PushoverTests.user))
        #expect(receipt == .accepted(reference: "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy", note: "answered 200"))
        let form = try #require(calls.first).form
        #expect(form["retry"] == "60" && form["expire"] == "1800")
        #expect(form["callback"] == "https://pager.example.com/api/v1/receipts/pushover")
        #expect(form["url"] == "https://pager.example.com/a/1.secret-proof" && form["url_title"] == "Acknowledge")
        #expect(form["title"] == "[#1 CRITICAL] Disk <full> & \"hot\"")
    }

    @Test func `a quiet message is no emergency`() async throws {
        let (receipt, calls) = await deliver(VendorTrial(address: PushoverTests.user, urgency: .low))
        #expect(receipt == .accepted(reference: nil, note: "answered 200"))
        let form = try #require(calls.first).form
        #expect(form["priority"] == "0" && form["retry"] == nil && form["callback"] == nil)
    }

    @Test(arguments: [("nobody", "permanent recipient"), ("full", "permanent account")])
    func `each answer has its outcome`(user: String, expected: String) async {
        let (receipt, _) = await deliver(VendorTrial(address: user))
        #expect(describe(receipt) == expected, "\(receipt)")
    }

    @Test func `a wrong token is an operator's fault, and is not shown`() async {
        let (receipt, _) = await deliver(VendorTrial(address: PushoverTests.user), token: "wrong-secret-token")
        #expect(
            receipt.fault?.explanation
                == "Pushover refused the request (400): application token is invalid. Check PUSHOVER_TOKEN.")
    }

    private func reports(_ form: [String: String]) -> String {
        let vendor = PushoverVendor(token: Secret(PushoverTests.token))
        do {
            let call = VendorReportCall(url: "", signature: nil, form: form)
            return try vendor.reports(in: call).map { "\($0.messageID) \($0.status) \($0.key ?? "-")" }.joined()
        } catch {
            return "\(error)"
        }
    }

    @Test func `a callback acknowledges only with a receipt`() {
        let receipt = "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"
        #expect(reports(["receipt": receipt, "acknowledged": "1"]) == "\(receipt) seen 1")
        #expect(reports(["receipt": receipt, "acknowledged": "0"]) == "")
        #expect(reports(["acknowledged": "1"]).contains("unreadable"))
        #expect(reports(["receipt": "' OR 1=1", "acknowledged": "1"]).contains("unreadable"))
    }
}
