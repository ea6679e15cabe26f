internal import Database
internal import Domain
internal import Foundation

/// The JSON body of a webhook message, with the same facts that people get.
struct WebhookBody: Encodable {
    struct Item: Encodable {
        let number: Int
        let title, severity, state, openedAt: String
        let labels: [String: String]

        private enum CodingKeys: String, CodingKey {
            case number, title, severity, state, labels
            case openedAt = "opened_at"
        }
    }

    /// The message id, the same in every attempt.
    let id: String
    /// `incident`, `test`, `verification` or `notice`.
    let type: String
    let urgency, subject, text: String
    /// The URL that acknowledges all of the message's incidents.
    let acknowledgeURL: String?
    let incidents: [Item]
    let isPossibleDuplicate: Bool

    private enum CodingKeys: String, CodingKey {
        case id, type, urgency, subject, text, incidents
        case acknowledgeURL = "acknowledge_url"
        case isPossibleDuplicate = "possible_duplicate"
    }

    /// - Parameter page: the first one of the message.
    init(_ id: String, _ page: Page, _ words: Words, _ incidents: [Incident], isPossibleDuplicate: Bool) {
        self.id = id
        type =
            switch page.purpose {
            case .incident: "incident"
            case .test: "test"
            case .verification: "verification"
            case .notice: "notice"
            }
        urgency = page.urgency.rawValue
        subject = words.subject
        text = words.text
        acknowledgeURL = words.url
        self.incidents = incidents.map {
            Item(
                number: $0.number, title: $0.title, severity: $0.severity.rawValue, state: $0.state.name.rawValue,
                openedAt: $0.openedAt.rfc3339, labels: $0.labels)
        }
        self.isPossibleDuplicate = isPossibleDuplicate
    }

    /// Encodes the body with its keys in alphabetical order.
    func json() throws(DatabaseError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            throw DatabaseError.invalidValue("a webhook's body can't be written as JSON: \(error)")
        }
    }
}
