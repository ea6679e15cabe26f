internal import Crypto
package import Domain
internal import Foundation

/// Twilio posts a form for each change of a message's or call's status and for a pressed key, signed with the account's
/// token (https://www.twilio.com/docs/usage/security#validating-requests).
extension TwilioVendor: ReportingVendor {
    package func reports(in call: VendorReportCall) throws(VendorReportRefusal) -> [DeliveryReport] {
        guard let given = call.signature.flatMap({ Data(base64Encoded: $0) }) else { throw .notAuthentic }
        let signed = call.form.sorted { $0.key < $1.key }.reduce(call.url) { $0 + $1.key + $1.value }
        let key = SymmetricKey(data: Data(token.reveal().utf8))
        guard
            HMAC<Insecure.SHA1>.isValidAuthenticationCode(given, authenticating: Data(signed.utf8), using: key)
        else { throw .notAuthentic }
        guard let id = call.form["MessageSid"] ?? call.form["CallSid"] ?? call.form["SmsSid"] else {
            throw .unreadable("The field MessageSid or CallSid is missing.")
        }
        return TwilioVendor.report(id, call.form).map { [$0] } ?? []
    }

    /// Calls need an answer in TwiML. It is in the language of the call.
    package func reportAnswer(to call: VendorReportCall) -> VendorReportAnswer {
        let words = CallWords.of(call.url.split(separator: "?language=").dropFirst().first.map(String.init) ?? "en")
        let say = TwilioVendor.say("\(words.thanks) \(words.goodbye)", words)
        return VendorReportAnswer(contentType: "text/xml", body: "<Response>\(say)</Response>")
    }

    private static func report(_ id: String, _ form: [String: String]) -> DeliveryReport? {
        if let key = form["Digits"]?.first {
            return DeliveryReport(
                messageID: id, status: .delivered, at: nil, explanation: "answered, key \(key)", key: key)
        }
        let status = form["MessageStatus"] ?? form["CallStatus"] ?? ""
        let isMachine = form["AnsweredBy"].map { $0.hasPrefix("machine") || $0 == "fax" } ?? false
        let code = form["ErrorCode"]
        let words = "\(status)\(code.map { " (error \($0))" } ?? "")"
        switch status {
        case "completed" where isMachine:
            return DeliveryReport(
                messageID: id, status: .failed, at: nil, explanation: "a machine answered the call", blame: .recipient)
        case "delivered", "completed":
            return DeliveryReport(messageID: id, status: .delivered, at: nil, explanation: words)
        case "read": return DeliveryReport(messageID: id, status: .seen, at: nil, explanation: words)
        case "undelivered", "failed", "busy", "no-answer", "canceled":
            let blame = code == nil ? Fault.Blame.recipient : blame(code)
            return DeliveryReport(messageID: id, status: .failed, at: nil, explanation: words, blame: blame)
        default: return nil  // queued, sending, sent, ringing, in-progress.
        }
    }
}
