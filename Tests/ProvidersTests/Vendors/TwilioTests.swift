import Crypto
import Domain
import Foundation
import Testing

@testable import Providers

@Suite struct TwilioTests {
    private static let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    private static let token = "secret-auth-token"
    private static let callback = "https://pager.example.com/api/v1/receipts/twilio"

    /// https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
    @Sendable private static func server(_ call: VendorCall) -> StandIn.Reply {
        func refuse(_ status: Int, _ code: Int, _ words: String) -> StandIn.Reply {
            .answer(
                status,
                body:
                    #"{"code":\#(code),"message":"\#(words)","more_info":"https://www.twilio.com/docs/errors/\#(code)","status":\#(status)}"#
            )
        }
        let login = Data("\(account):\(token)".utf8).base64EncodedString()
        guard call.headers["authorization"] == "Basic \(login)" else { return refuse(401, 20003, "Authenticate") }
        let isCall = call.path == "/2010-04-01/Accounts/\(account)/Calls.json"
        guard isCall || call.path == "/2010-04-01/Accounts/\(account)/Messages.json" else {
            return refuse(404, 20404, "The requested resource was not found")
        }
        let form = call.form
        guard let sender = form["From"] ?? form["MessagingServiceSid"], !sender.isEmpty else {
            return refuse(400, 21603, "A 'From' phone number is required.")
        }
        guard isCall || form["Body"]?.isEmpty == false else { return refuse(400, 21602, "Message body is required.") }
        switch form["To"] {
        case "+15005550001": return refuse(400, 21211, "Invalid 'To' Phone Number: +15005550001")
        case "+15005550002": return refuse(400, 21408, "Permission to send an SMS has not been enabled for the region")
        case "+15005550004": return refuse(400, 21610, "Attempt to send to unsubscribed recipient")
        case "+15005550005": return refuse(429, 20429, "Too Many Requests")
        default:
            let sid = isCall ? "CA00000000000000000000000000000001" : "SM00000000000000000000000000000001"
            return .answer(201, body: #"{"sid":"\#(sid)","status":"queued","error_code":null}"#)
        }
    }

    private func vendor(_ server: String, token: String = TwilioTests.token, reports: Bool = true) -> TwilioVendor {
        TwilioVendor(
            server: server, account: TwilioTests.account, token: Secret(token), smsSender: "+15005550006",
            voiceSender: "+15005550007", callback: reports ? TwilioTests.callback : nil)
    }

    private func deliver(
        _ channel: Channel, to number: String = "+15005550010", token: String = TwilioTests.token
    ) async -> (receipt: Receipt, calls: [VendorCall]) {
        await VendorTrial(address: number, text: "PagerPal. Disk <full> & hot.").run(
            channel, { vendor($0, token: token) }, server: TwilioTests.server)
    }

    @Test func `an SMS requests delivery reports`() async throws {
        let (receipt, calls) = await deliver(.sms)
        #expect(receipt == .accepted(reference: "SM00000000000000000000000000000001", note: "answered 201"))
        let form = try #require(calls.first).form
        #expect(
            form == [
                "To": "+15005550010", "From": "+15005550006", "Body": "PagerPal. Disk <full> & hot.",
                "ValidityPeriod": "1800", "StatusCallback": TwilioTests.callback,
            ])
    }

    @Test func `a call speaks its text twice and reads a key`() async throws {
        let (receipt, calls) = await deliver(.voice)
        #expect(receipt == .accepted(reference: "CA00000000000000000000000000000001", note: "answered 201"))
        let form = try #require(calls.first).form
        #expect(
            form["Twiml"]
                == "<Response><Gather numDigits=\"1\" timeout=\"10\" method=\"POST\" action=\"\(TwilioTests.callback)?language=en\"><Say language=\"en-US\" loop=\"2\">PagerPal. Disk &lt;full&gt; &amp; hot. Press 1 to acknowledge.</Say></Gather><Say language=\"en-US\">Goodbye.</Say></Response>"
        )
        #expect(form["MachineDetection"] == "Enable" && form["From"] == "+15005550007")
    }

    /// Twilio's codes and voices (https://www.twilio.com/docs/voice/twiml/say/text-speech). It has none for Croatian.
    @Test(arguments: [
        ("en", "<Say language=\"en-US\"", "Incident <1>. Press 1 to acknowledge.", "Goodbye."),
        (
            "de", "<Say language=\"de-DE\" voice=\"Polly.Vicki\"",
            "Störung <1>. Drücken Sie die 1, um zu übernehmen.", "Auf Wiederhören."
        ),
        ("hr", "<Say language=\"en-US\"", "Incident <1>. Press 1 to acknowledge.", "Goodbye."),
        ("es", "<Say language=\"es-ES\" voice=\"Polly.Lucia\"", "Störung <1>. Pulse 1 para aceptarlo.", "Adiós."),
        (
            "fr", "<Say language=\"fr-FR\" voice=\"Polly.Lea\"",
            "Störung <1>. Appuyez sur 1 pour le prendre en charge.", "Au revoir."
        ),
    ])
    func `a call is in the person's language, if there is a voice for it`(
        language: String, say: String, words: String, end: String
    ) async throws {
        let speech = Speech(
            language == "en" ? "Incident <1>." : "Störung <1>.", language: language, english: "Incident <1>.")
        let (_, calls) = await VendorTrial(address: "+15005550010", speech: speech).run(
            .voice, { vendor($0) }, server: TwilioTests.server)
        let markup = try #require(calls.first?.form["Twiml"])
        let escaped = words.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        #expect(
            markup.contains("\(say) loop=\"2\">\(escaped)</Say></Gather>\(say)>\(end)</Say></Response>"), "\(markup)")
        let spoken = language == "hr" ? "en" : language
        #expect(markup.contains("action=\"\(TwilioTests.callback)?language=\(spoken)\""))
        let url = "\(TwilioTests.callback)?language=\(spoken)"
        let answer = vendor("https://api.twilio.com")
            .reportAnswer(to: VendorReportCall(url: url, signature: nil, form: [:])).body
        #expect(answer == "<Response>\(say)>\(CallWords.of(spoken).thanks) \(end)</Say></Response>")
    }

    @Test(arguments: [
        ("+15005550001", "permanent recipient"), ("+15005550002", "permanent account"),
        ("+15005550004", "permanent recipient"), ("+15005550005", "temporary transient"),
    ])
    func `each answer has its outcome, without the number`(number: String, expected: String) async {
        let (receipt, _) = await deliver(.sms, to: number)
        #expect(describe(receipt) == expected, "\(receipt)")
        #expect(!"\(receipt)".contains(number))
    }

    @Test func `a wrong token is an operator's fault, and is not shown`() async {
        let (receipt, _) = await deliver(.sms, token: "wrong-secret-token")
        #expect(describe(receipt) == "permanent account")
        #expect(receipt.fault?.explanation.contains("(error 20003)") == true && !"\(receipt)".contains("wrong-secret"))
    }

    private func signature(_ form: [String: String], key: String = TwilioTests.token) -> String {
        let text = form.sorted { $0.key < $1.key }.reduce(TwilioTests.callback) { $0 + $1.key + $1.value }
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8)))
        return Data(code).base64EncodedString()
    }

    private func reports(_ form: [String: String], signature: String?) -> String {
        do {
            let call = VendorReportCall(url: TwilioTests.callback, signature: signature, form: form)
            return try vendor("https://api.twilio.com").reports(in: call)
                .map { "\($0.messageID) \($0.status.rawValue) \($0.key ?? "-") \($0.blame?.rawValue ?? "-")" }.joined()
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        (["MessageSid": "SM1", "MessageStatus": "sent"], ""),
        (["MessageSid": "SM1", "MessageStatus": "delivered"], "SM1 delivered - -"),
        (["MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"], "SM1 failed - recipient"),
        (["MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30034"], "SM1 failed - account"),
        (["CallSid": "CA1", "CallStatus": "in-progress", "Digits": "1"], "CA1 delivered 1 -"),
        (["CallSid": "CA1", "CallStatus": "completed"], "CA1 delivered - -"),
        (["CallSid": "CA1", "CallStatus": "completed", "AnsweredBy": "machine_start"], "CA1 failed - recipient"),
        (["CallSid": "CA1", "CallStatus": "no-answer"], "CA1 failed - recipient"),
    ])
    func `only signed reports are read`(form: [String: String], expected: String) {
        #expect(reports(form, signature: signature(form)) == expected)
        #expect(reports(form, signature: nil) == "notAuthentic")
        #expect(reports(form, signature: signature(form, key: "another-token")) == "notAuthentic")
        var changed = form
        changed["Digits"] = "2"
        #expect(reports(changed, signature: signature(form)) == "notAuthentic")
    }

    /// The example in Twilio's documents.
    @Test func `the signature matches the documentation`() throws {
        let vendor = TwilioVendor(account: TwilioTests.account, token: Secret("12345"))
        let call = VendorReportCall(
            url: "https://mycompany.com/myapp.php?foo=1&bar=2", signature: "GvWf1cFY/Q7PnoempGyD5oXAezc=",
            form: [
                "CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234", "From": "+14158675310",
                "To": "+18005551212",
            ])
        // The documented signature belongs to these fields and this token.
        let reports = try vendor.reports(in: call)
        #expect(reports.map(\.messageID) == ["CA1234567890ABCDE"])
    }
}
