internal import Domain
internal import Foundation

/// Converts Infobip's answers to receipts. HTTP 200 means that the request was understood. Each message has its own
/// status.
enum InfobipAnswer {
    static func receipt(for response: CurlResponse, to sent: Message, at now: Timestamp) -> Receipt {
        let json = (try? JSONSerialization.jsonObject(with: Data(response.body))) as? [String: Any]
        switch response.status {
        case 200..<300:
            let message = (json?["messages"] as? [[String: Any]])?.first ?? json
            guard let message, let status = message["status"] as? [String: Any] else {
                return .unknown(Fault(.transient, "Infobip answered \(response.status) without a message status."))
            }
            // Keep Infobip's own id if it differs from ours, because reports may use it.
            let id = message["messageId"] as? String
            let known = InfobipStatus(status)
            if known.isDuplicate { return duplicate(known, sent) }
            return receipt(status: known, reference: id == sent.id ? nil : id)
        case 429:
            return .temporary(
                Fault(.transient, "Infobip asks to slow down (429)\(words(json))."),
                retryAfter: response.retryAfter(at: now))
        case 408, 500...599:
            return .temporary(
                Fault(.transient, "Infobip has a problem (\(response.status))\(words(json))."),
                retryAfter: response.retryAfter(at: now))
        case 401, 403:
            return .permanent(
                Fault(
                    .account, "Infobip refused the API key (\(response.status))\(words(json)). Check INFOBIP_API_KEY."))
        case 404:
            return .permanent(
                Fault(.account, "Infobip has nothing at this address (404)\(words(json)). Check INFOBIP_BASE_URL."))
        default:
            return .permanent(Fault(.message, "Infobip refused the message (\(response.status))\(words(json))."))
        }
    }

    static func receipt(for error: CurlError) -> Receipt {
        switch error {
        case .lostAfterSending: .unknown(Fault(.transient, "Infobip: \(error)"))
        case .cancelled: .unknown(Fault(.transient, "The request to Infobip was interrupted."))
        case .notStarted: .notSent(reason: error.description)
        case .answerTooLong: .unknown(Fault(.transient, "Infobip: \(error)"))
        case .tlsImpossible: .permanent(Fault(.account, "Infobip: \(error) Check INFOBIP_BASE_URL."))
        case .nameNotResolved: .temporary(Fault(.transient, "Infobip: \(error)").doubtful, retryAfter: nil)
        case .notConnected, .tlsFailed, .timedOutBeforeSending, .other, .refused, .mailRefused,
            .loginNotPossible, .addressNotAllowed:
            .temporary(Fault(.transient, "Infobip: \(error)"), retryAfter: nil)
        }
    }

    /// Infobip remembers the id of a message that it refused, too. So a duplicate has arrived only if an earlier attempt
    /// may have. Otherwise the person's next way follows at once.
    private static func duplicate(_ status: InfobipStatus, _ sent: Message) -> Receipt {
        if sent.isPossibleDuplicate { return .accepted(reference: nil, note: status.name) }
        let words = "Infobip: \(status.explanation). No earlier attempt was accepted, so this one counts as refused."
        return .permanent(Fault(.message, words))
    }

    private static func receipt(status: InfobipStatus, reference: String?) -> Receipt {
        switch status.verdict {
        case .pending, .delivered: .accepted(reference: reference, note: status.name)
        case .failed(let blame, isTemporary: true):
            .temporary(Fault(blame, "Infobip: \(status.explanation)"), retryAfter: nil)
        case .failed(let blame, isTemporary: false): .permanent(Fault(blame, "Infobip: \(status.explanation)"))
        }
    }

    /// Returns the text from either form of error body. It never repeats what was sent.
    private static func words(_ json: [String: Any]?) -> String {
        let old = (json?["requestError"] as? [String: Any])?["serviceException"] as? [String: Any]
        var parts = [json?["description"] as? String ?? old?["text"] as? String].compactMap(\.self)
        for violation in (json?["violations"] as? [[String: Any]] ?? []).prefix(3) {
            let words = [violation["property"] as? String, violation["violation"] as? String].compactMap(\.self)
            parts.append(words.joined(separator: ": "))
        }
        let errors = old?["validationErrors"] as? [String: Any] ?? [:]
        for (field, faults) in errors.sorted(by: { $0.key < $1.key }).prefix(3) {
            parts.append("\(field): \((faults as? [String] ?? []).joined(separator: ", "))")
        }
        let text = parts.map { $0.drop { $0 == " " } }.map { $0.hasSuffix(".") ? $0.dropLast() : $0 }.joined(
            separator: "; ")
        return text.isEmpty ? "" : ": \(text.prefix(300))"
    }
}
