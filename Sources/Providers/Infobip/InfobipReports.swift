package import Domain
internal import Foundation

/// Reads the delivery reports that Infobip posts.
package enum InfobipReports {
    /// Why a body is not a delivery report.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    /// The maximum number of reports in one POST. Infobip sends up to 100.
    package static let limit = 1_000

    /// Reads every result that names a message. A result without a status is a WhatsApp "seen" report.
    package static func decode(_ body: [UInt8]) throws(Unreadable) -> [DeliveryReport] {
        guard let json = try? JSONSerialization.jsonObject(with: Data(body)) else {
            throw Unreadable(description: "The body is not JSON.")
        }
        guard let results = (json as? [String: Any])?["results"] as? [Any] else {
            throw Unreadable(description: "The body has no array named results.")
        }
        // An unreadable entry does not affect the others.
        return results.prefix(limit).compactMap { $0 as? [String: Any] }.compactMap(report)
    }

    private static func report(_ result: [String: Any]) -> DeliveryReport? {
        guard let id = result["messageId"] as? String, !id.isEmpty else { return nil }
        if let seenAt = result["seenAt"] as? String {
            return DeliveryReport(messageID: id, status: .seen, at: Timestamp(rfc3339: seenAt), explanation: "seen")
        }
        guard let json = result["status"] as? [String: Any] else { return nil }
        let status = InfobipStatus(json)
        let at = (result["doneAt"] as? String).flatMap { Timestamp(rfc3339: $0) }
        let error = result["error"] as? [String: Any]
        let reason = (error?["name"] as? String).flatMap { $0 == "NO_ERROR" ? nil : $0 }
        let words = [status.explanation, reason.map { "(\($0))" }, reason.flatMap(advice)].compactMap(\.self)
            .joined(separator: " ")
        switch status.verdict {
        case .pending: return DeliveryReport(messageID: id, status: .pending, at: at, explanation: words)
        case .delivered:
            return DeliveryReport(
                messageID: id, status: .delivered, at: at, explanation: words, key: key(in: result))
        case .failed(let blame, _):
            return DeliveryReport(messageID: id, status: .failed, at: at, explanation: words, blame: blame)
        }
    }

    /// Returns the first key that was pressed during a call.
    private static func key(in result: [String: Any]) -> Character? {
        let call = result["voiceCall"] as? [String: Any]
        return (call?["dtmfCodes"] as? String)?.first { "0123456789*#".contains($0) }
    }

    private static func advice(for error: String) -> String? {
        switch error {
        case "EC_NO_SESSION":
            "WhatsApp accepts free text only within 24 hours of the recipient's last message. Set INFOBIP_WHATSAPP_TEMPLATE."
        default: nil
        }
    }
}
