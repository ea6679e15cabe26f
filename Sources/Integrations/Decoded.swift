package import Domain
internal import Formats

/// The contents of a payload. One bad entry does not affect the others.
package struct Decoded: Sendable, Hashable {
    /// One alert of the payload, or the reason why it could not be read.
    package enum Entry: Sendable, Hashable {
        case event(AlertEvent)
        /// Field names are relative to the entry: `title`, `labels`.
        case rejected([FieldFault])
    }

    /// What the sender requests besides delivering alerts.
    package enum Request: Sendable, Hashable {
        /// Answer with this JSON instead of the usual answer (Netdata's challenge).
        case answer(String)
        /// GET this address through the guarded client to confirm the subscription to the topic (SNS).
        case confirm(url: String, topic: String)
        /// The topic was unsubscribed. Tell the operator, and fetch nothing.
        case unsubscribed(topic: String)
    }

    /// In the order sent. Empty when there is nothing to record; `notes` then say why.
    package var entries: [Entry]
    /// Whether the sender sent a list and expects a list back.
    package var isList: Bool
    package var request: Request?
    /// What the operator should know about this payload, such as what was omitted or cut, and why.
    package var notes: [String]
    /// For SNS only: pass it to `SNSReceiver.remember` once the entries are committed, so that the message is not
    /// processed twice.
    package var messageID: String?
    /// Whether the sender takes nothing but 200 for a success. Otherwise a new incident is answered by 201.
    package var prefersOK = false

    package init(
        entries: [Entry], isList: Bool = false, request: Request? = nil, notes: [String] = [], messageID: String? = nil
    ) {
        self.entries = entries
        self.isList = isList
        self.request = request
        self.notes = notes
        self.messageID = messageID
    }

    /// The alerts that could be read.
    package var events: [AlertEvent] {
        entries.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    init(_ draft: Draft) { self.init(entries: [draft.entry]) }

    /// Returns a payload that was accepted but contains nothing to record.
    static func nothing(_ note: String) -> Decoded { Decoded(entries: [], notes: [note]) }
}
