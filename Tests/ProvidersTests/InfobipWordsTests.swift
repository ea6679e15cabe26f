import Domain
import TestSupport
import Testing

@testable import Providers

/// How Infobip's answers are turned into receipts.
@Suite struct InfobipWordsTests {
    private func deliver(_ reply: StandIn.Reply, _ message: Message) async -> (Receipt, [String]) {
        let server = StandIn([reply])
        defer { server.stop() }
        let provider = InfobipProvider(
            settings: InfobipSettings(
                baseURL: "http://127.0.0.1:\(server.port)", apiKey: Secret("very-secret-api-key"), smsSender: "Pager",
                voiceSender: "44124", reportURL: Secret("https://p/r?token=very-secret-token")),
            client: CurlClient(), time: ManualTime().source)
        return (await provider.deliver(message, mayStillSend: { true }), server.requests)
    }

    private func message(_ channel: Channel, _ text: String, url: String? = "https://p/a/1-secret") -> Message {
        Message(
            id: "0198c2f4-0000-7000-8000-000000000001", channel: channel, address: "+385915550101", urgency: .high,
            subject: "s", shortText: text, text: "t", url: url)
    }

    @Test(arguments: [
        (
            #"{"errorCode":"E400","description":"Request cannot be processed.","violations":[{"property":"messages[0].sender","violation":"is too long"}]}"#,
            "Infobip refused the message (400): Request cannot be processed; messages[0].sender: is too long."
        ),
        (
            #"{"requestError":{"serviceException":{"messageId":"BAD_REQUEST","text":"Bad Request","validationErrors":{"to":["must be a number"]}}}}"#,
            "Infobip refused the message (400): Bad Request; to: must be a number."
        ), ("<html>", "Infobip refused the message (400)."),
    ])
    func `violations are named in both formats`(body: String, words: String) async {
        let (receipt, _) = await deliver(.answer(400, body: body), message(.sms, "Disk full"))
        #expect(receipt.fault?.explanation == words)
    }

    @Test func `an error that repeats the request shows neither key, token, number, text nor link`() async {
        let text = "#1 CRITICAL: Disk full\nAck: https://p/a/1-secret"
        let words =
            "App very-secret-api-key can't post to https://p/r?token=very-secret-token (very-secret-token) for 385915550101, see https://p/a/1-secret"
        let (receipt, _) = await deliver(
            .answer(400, body: #"{"description":"\#(words)"}"#), message(.sms, text))
        let fault = receipt.fault?.explanation ?? ""
        for secret in ["very-secret", "385915550101", "1-secret"] { #expect(!fault.contains(secret), "\(fault)") }
        #expect(fault.hasPrefix("Infobip refused the message (400): App …"))
    }

    @Test func `a call speaks its text twice, reads a key and hangs up on voicemail`() async throws {
        let (_, requests) = await deliver(.answer(200, body: "{}"), message(.voice, "PagerPal. Disk full."))
        let request = try #require(requests.first)
        let once = "PagerPal. Disk full. Press 1 to acknowledge."
        #expect(request.contains(#""text":"\#(once) I repeat. \#(once)""#))
        #expect(request.contains(#""maxDtmf":1"#) && request.contains(#""machineDetection":"hangup""#))
        let (_, others) = await deliver(.answer(200, body: "{}"), message(.voice, "Your code is 1, 2, 3.", url: nil))
        #expect(others.first?.contains("Press 1") == false)
        #expect(others.first?.contains("I repeat. Your code is 1, 2, 3. Goodbye.") == true)
    }

    /// Infobip's codes: `CallsLanguage` in its client libraries.
    @Test(arguments: [
        ("en", "Press 1 to acknowledge. I repeat."), ("de", "Drücken Sie die 1, um zu übernehmen. Ich wiederhole."),
        ("hr", "Pritisnite 1 za preuzimanje. Ponavljam."), ("es", "Pulse 1 para aceptarlo. Repito."),
        ("fr", "Appuyez sur 1 pour le prendre en charge. Je répète."),
    ])
    func `a call is in the person's language`(language: String, words: String) async throws {
        var message = message(.voice, "PagerPal. X.")
        message.speech = Speech("PagerPal. X.", language: language, english: "PagerPal. English.")
        let (_, requests) = await deliver(.answer(200, body: "{}"), message)
        let request = try #require(requests.first)
        #expect(request.contains(#""language":"\#(language)""#))
        #expect(request.contains("PagerPal. X. \(words) PagerPal. X. "), "\(request)")
    }

    @Test(arguments: [
        (#"{"groupId":"5","id":"12","name":"REJECTED_NOT_ENOUGH_CREDITS"}"#, "permanent account"),
        (#"{"groupId":"5","id":"12"}"#, "permanent account"),
        (#"{"name":"REJECTED_DESTINATION"}"#, "permanent account"),
        (#"{"name":"UNDELIVERABLE_REJECTED_OPERATOR"}"#, "permanent recipient"),
        (#"{"name":"NO_ANSWER"}"#, "permanent recipient"),
        (#"{"groupName":"pending"}"#, "accepted"), (#"{"name":"PENDING_ENROUTE"}"#, "accepted"),
    ])
    func `a status is read by number, group or name`(status: String, expected: String) async {
        let body = #"{"messages":[{"messageId":"m","status":\#(status)}]}"#
        let (receipt, _) = await deliver(.answer(200, body: body), message(.sms, "Disk full"))
        #expect(describe(receipt) == expected, "\(receipt)")
    }

    @Test func `the provider's own id is kept, and ours is not stored twice`() async {
        for (id, reference) in [("theirs", "theirs"), ("0198c2f4-0000-7000-8000-000000000001", nil)] {
            let body = #"{"messages":[{"messageId":"\#(id)","status":{"groupId":1,"name":"PENDING"}}]}"#
            let (receipt, _) = await deliver(.answer(200, body: body), message(.sms, "Disk full"))
            #expect(receipt == .accepted(reference: reference, note: "PENDING"))
        }
    }

    @Test func `one odd report costs only itself`() throws {
        let body = """
            {"results":[null, 7, [], "text", {"messageId":5},
              {"messageId":"a","status":{"groupId":3,"id":5},"voiceCall":{"dtmfCodes":"1,2"}},
              {"messageId":"b","status":{"groupId":"2"},"error":{"name":"EC_NO_SESSION"}}]}
            """
        let reports = try InfobipReports.decode(Array(body.utf8))
        #expect(reports.map(\.messageID) == ["a", "b"])
        #expect(reports.map(\.key) == ["1", nil])
        #expect(reports[1].explanation.contains("Set INFOBIP_WHATSAPP_TEMPLATE."))
    }
}
