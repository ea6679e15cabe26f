import Domain
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Providers

@Suite struct InfobipTests {
    static let key = "very-secret-api-key"

    static let message = Message(
        id: "0198c2f4-0000-7000-8000-000000000001", channel: .sms, address: "+385915550101", urgency: .high,
        subject: "s",
        shortText: "#1 CRITICAL: Disk full\nAck: https://p/a/1", text: "t")

    func provider(_ port: Int, timeout: Duration = .seconds(5), report: String? = "https://p/r?token=t")
        -> InfobipProvider
    {
        InfobipProvider(
            settings: InfobipSettings(
                baseURL: "http://127.0.0.1:\(port)", apiKey: Secret(InfobipTests.key), smsSender: "Pager",
                whatsAppSender: "44123", reportURL: report.map { Secret($0) }, timeout: timeout),
            client: CurlClient(), time: ManualTime().source)
    }

    func deliver(_ reply: StandIn.Reply, timeout: Duration = .seconds(5), _ message: Message = message) async -> (
        Receipt, [String]
    ) {
        let server = StandIn([reply])
        defer { server.stop() }
        let receipt = await provider(server.port, timeout: timeout).deliver(message, mayStillSend: { true })
        return (receipt, server.requests)
    }

    static func status(_ group: Int, _ id: Int, _ name: String) -> String {
        #"{"messages":[{"messageId":"m","status":{"groupId":\#(group),"id":\#(id),"name":"\#(name)","description":"d"}}]}"#
    }

    @Test func `an SMS request matches the API documentation`() async throws {
        let (receipt, requests) = await deliver(.answer(200, body: InfobipTests.status(1, 26, "PENDING_ACCEPTED")))
        #expect(receipt == .accepted(reference: "m", note: "PENDING_ACCEPTED"))
        let request = try #require(requests.first)
        #expect(request.hasPrefix("POST /sms/3/messages HTTP/1.1"))
        #expect(request.contains("Authorization: App \(InfobipTests.key)"))
        #expect(request.contains("Accept: application/json"))
        #expect(request.contains(#""destinations":[{"messageId":"\#(InfobipTests.message.id)","to":"385915550101"}]"#))
        #expect(request.contains(#""delivery":{"url":"https://p/r?token=t"}"#))
    }

    @Test(arguments: [
        (StandIn.Reply.answer(200, body: status(5, 23, "REJECTED_DUPLICATE_MESSAGE_ID")), "permanent message"),
        (.answer(200, body: status(3, 2, "DELIVERED_TO_OPERATOR")), "accepted"),
        (.answer(200, body: status(5, 12, "REJECTED_NOT_ENOUGH_CREDITS")), "permanent account"),
        (.answer(200, body: status(5, 52, "REJECTED_DESTINATION")), "permanent recipient"),
        (.answer(200, body: status(5, 21, "REJECTED_SYSTEM_ERROR")), "temporary transient"),
        (.answer(200, body: "hello"), "unknown transient"), (.answer(200, body: "{}"), "unknown transient"),
        (.answer(400, body: #"{"requestError":{"serviceException":{"text":"Bad request"}}}"#), "permanent message"),
        (.answer(401, body: #"{"errorCode":"E401","description":"no"}"#), "permanent account"),
        (.answer(403), "permanent account"),
        (.answer(404), "permanent account"), (.answer(429, headers: ["Retry-After: 7"]), "temporary transient 7"),
        (.answer(500), "temporary transient"), (.answer(503), "temporary transient"), (.hangUp, "unknown transient"),
        (.silence, "unknown transient"), (.garbage, "unknown transient"),
    ])
    func `each answer has its outcome, and none shows the key`(reply: StandIn.Reply, expected: String) async {
        let (receipt, _) = await deliver(reply, timeout: .milliseconds(300))
        #expect(describe(receipt) == expected, "\(receipt)")
        #expect(!"\(receipt)".contains(InfobipTests.key))
    }

    @Test func `a duplicate counts as sent only if an earlier attempt may have arrived`() async {
        let duplicate = StandIn.Reply.answer(200, body: InfobipTests.status(5, 23, "REJECTED_DUPLICATE_MESSAGE_ID"))
        let refusedBefore = await deliver(duplicate).0
        #expect(describe(refusedBefore) == "permanent message", "\(refusedBefore)")
        var marked = InfobipTests.message
        marked.isPossibleDuplicate = true
        let mayHaveArrived = await deliver(duplicate, marked).0
        #expect(describe(mayHaveArrived) == "accepted", "\(mayHaveArrived)")
    }

    @Test func `an unreachable server is temporary, and missing TLS is an operator's fault`() async {
        let closed = StandIn([])
        closed.stop()
        let refused = await provider(closed.port).deliver(InfobipTests.message, mayStillSend: { true })
        #expect(describe(refused) == "temporary transient")
        let plain = StandIn([.garbage])
        defer { plain.stop() }
        var settings = InfobipSettings(baseURL: "https://127.0.0.1:\(plain.port)", apiKey: Secret("k"), smsSender: "P")
        settings.timeout = .seconds(2)
        let provider = InfobipProvider(settings: settings, client: CurlClient(), time: ManualTime().source)
        let receipt = await provider.deliver(InfobipTests.message, mayStillSend: { true })
        #expect(describe(receipt) == "permanent account", "\(receipt)")
    }

    @Test func `nothing leaves when the lease ends while the connection is made`() async {
        let server = StandIn([.answer(200)])
        defer { server.stop() }
        let questions = Mutex(0)
        let receipt = await provider(server.port).deliver(InfobipTests.message) {
            questions.withLock { questions in
                questions += 1
                return questions == 1
            }
        }
        #expect(describe(receipt) == "notSent", "\(receipt)")
        #expect(server.requests.joined().isEmpty, "the connection was made, and nothing was written")
    }

    @Test func `a request whose reused connection ends without an answer is not repeated unnoticed`() async {
        let server = StandIn([.answerOnce(200), .answer(200)])
        defer { server.stop() }
        let provider = provider(server.port)
        _ = await provider.deliver(InfobipTests.message, mayStillSend: { true })
        let receipt = await provider.deliver(InfobipTests.message, mayStillSend: { true })
        #expect(describe(receipt) == "unknown transient", "\(receipt)")
        #expect(server.requests.count { $0.hasPrefix("POST") } == 2)
    }

    @Test func `WhatsApp sends text if no template is set`() async throws {
        var message = InfobipTests.message
        message.channel = .whatsapp
        let (_, requests) = await deliver(.answer(200, body: #"{"messageId":"m","status":{"groupId":1}}"#), message)
        #expect(requests.first?.hasPrefix("POST /whatsapp/1/message/text") == true)
    }

    @Test func `texts are shortened to three parts of their alphabet`() {
        let limit = TextLimit.smsParts(3)
        #expect(limit.fitted("short") == "short")
        #expect(SMSText.length(limit.fitted(String(repeating: "x", count: 2_000))) == 459)
        #expect(SMSText.length(limit.fitted(String(repeating: "ž", count: 2_000))) <= 201)
        #expect(SMSText.length("€") == 2)
    }

    @Test func `delivery reports are read in every format`() throws {
        let body = """
            {"results":[
              {"messageId":"a","doneAt":"2026-03-01T03:00:00.000+0000","status":{"groupId":3,"id":5,"name":"DELIVERED_TO_HANDSET"},"error":null},
              {"messageId":"b","status":{"groupId":3,"id":2,"name":"DELIVERED_TO_OPERATOR"}},
              {"messageId":"c","status":{"groupName":"UNDELIVERABLE","name":"REJECTED_OPERATOR"},"error":{"name":"EC_ABSENT_SUBSCRIBER","permanent":"false"}},
              {"messageId":"d","from":"x","to":"y","seenAt":"2026-03-01T03:00:00.000+0000"},
              {"status":{"groupId":3}}, {"messageId":"e","status":{"groupId":4,"id":15,"name":"EXPIRED"}}
            ]}
            """
        let reports = try InfobipReports.decode(Array(body.utf8))
        #expect(
            reports.map { "\($0.messageID) \($0.status.rawValue)" } == [
                "a delivered", "b pending", "c failed", "d seen", "e failed",
            ])
        #expect(reports[0].at?.rfc3339 == "2026-03-01T03:00:00Z")
        #expect(throws: InfobipReports.Unreadable.self) { try InfobipReports.decode(Array("<xml/>".utf8)) }
        #expect(throws: InfobipReports.Unreadable.self) { try InfobipReports.decode(Array("{}".utf8)) }
    }
}

extension Receipt {
    /// Returns what is wrong, if anything.
    var fault: Fault? {
        switch self {
        case .temporary(let fault, _), .permanent(let fault), .unknown(let fault): fault
        case .accepted, .notSent: nil
        }
    }
}

/// Returns a receipt in a few words.
func describe(_ receipt: Receipt) -> String {
    switch receipt {
    case .accepted: "accepted"
    case .temporary(let fault, let wait):
        "temporary \(fault.blame.rawValue)" + (wait.map { " \($0.components.seconds)" } ?? "")
    case .permanent(let fault): "permanent \(fault.blame.rawValue)"
    case .unknown(let fault): "unknown \(fault.blame.rawValue)"
    case .notSent: "notSent"
    }
}
