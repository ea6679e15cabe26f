import Domain
import Foundation
import Testing

@testable import Providers

@Suite struct MatrixTests {
    /// https://spec.matrix.org/latest/client-server-api/
    @Sendable static func server(_ call: VendorCall) -> StandIn.Reply {
        guard call.headers["authorization"] == "Bearer syt_secret" else {
            return .answer(401, body: #"{"errcode":"M_UNKNOWN_TOKEN","error":"Unrecognised access token"}"#)
        }
        let start = "/_matrix/client/v3/rooms/"
        guard call.line.hasPrefix("PUT \(start)"), let body = call.json["body"] as? String, !body.isEmpty else {
            return .answer(404, body: #"{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}"#)
        }
        switch call.path.dropFirst(start.count).prefix(while: { $0 != "/" }) {
        case "%21closed%3Aexample.com":
            return .answer(403, body: #"{"errcode":"M_FORBIDDEN","error":"User not in room"}"#)
        case "%21busy%3Aexample.com":
            return .answer(
                429, body: #"{"errcode":"M_LIMIT_EXCEEDED","error":"Too many requests","retry_after_ms":2000}"#)
        case "%21odd%3Aexample.com": return .answer(200, body: "{}")
        default: return .answer(200, body: #"{"event_id":"$YUwRidLecu"}"#)
        }
    }

    private func deliver(
        _ room: String, token: String = "syt_secret", urgency: Urgency = .high
    ) async -> (receipt: Receipt, calls: [VendorCall]) {
        await VendorTrial(address: room, urgency: urgency).run(
            .matrix, { MatrixVendor(server: $0, token: Secret(token)) }, server: MatrixTests.server)
    }

    @Test func `a message has its title in bold, a link, and no mentions`() async throws {
        let (receipt, calls) = await deliver("!ops:example.com")
        #expect(describe(receipt) == "accepted")
        let call = try #require(calls.first)
        #expect(
            call.path
                == "/_matrix/client/v3/rooms/%21ops%3Aexample.com/send/m.room.message/0198c2f4-0000-7000-8000-000000000001"
        )
        #expect(call.json["msgtype"] as? String == "m.text")
        #expect((call.json["m.mentions"] as? [String: Any])?.isEmpty == true)
        #expect(
            call.json["formatted_body"] as? String
                == "<strong>[#1 CRITICAL] Disk &lt;full&gt; &amp; &quot;hot&quot;</strong><br>Incident #1, critical, team Ops<br>Opened 12:00<br><a href=\"https://pager.example.com/a/1.secret-proof\">Acknowledge</a>"
        )
        let (_, quiet) = await deliver("!ops:example.com", urgency: .low)
        #expect(quiet.first?.json["msgtype"] as? String == "m.notice")
    }

    @Test(arguments: [
        ("!closed:example.com", "permanent recipient"), ("!busy:example.com", "temporary transient 2"),
        ("!odd:example.com", "unknown transient"),
    ])
    func `each refusal has its receipt`(room: String, expected: String) async {
        let receipt = await deliver(room).receipt
        #expect(describe(receipt) == expected)
    }

    @Test func `a wrong token is an operator's fault, and is not shown`() async {
        let receipt = await deliver("!ops:example.com", token: "syt_wrong-secret").receipt
        #expect(
            receipt
                == .permanent(
                    Fault(
                        .account,
                        "Matrix refused the request (401): Unrecognised access token. Check MATRIX_URL and MATRIX_TOKEN."
                    )))
    }

    @Test(arguments: [
        ("!AbCd:example.com", true), ("!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM", true),
        ("#ops:example.com", false),
        ("!", false), ("!a b:example.com", false), ("!a%2F:example.com", false),
    ])
    func `a room is written by its id`(address: String, isValid: Bool) {
        #expect((Channel.matrix.definition.address.fault(in: address) == nil) == isValid)
    }
}
