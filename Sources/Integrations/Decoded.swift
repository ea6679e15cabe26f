package import Domain
internal import Formats

/// What a payload holds. One bad entry of a batch does not lose the good ones.
package struct Decoded: Sendable, Hashable {
    /// One alert of the payload, or why it could not be read.
    package enum Entry: Sendable, Hashable {
        case event(AlertEvent)
        /// The fields are named from the entry on: `title`, `labels`.
        case rejected([FieldFault])
    }

    /// What the sender wants besides its alerts being taken.
    package enum Request: Sendable, Hashable {
        /// Answer with this JSON instead of the usual one (Netdata's challenge).
        case answer(String)
        /// GET this address, through the guarded client, to confirm the subscription to the topic (SNS).
        case confirm(url: String, topic: String)
        /// The topic sends no more. Tell the operator, and visit nothing.
        case unsubscribed(topic: String)
    }

    /// In the order in which they were sent. Empty when there is nothing to record; `notes` say why.
    package var entries: [Entry]
    /// Whether the sender sent a list and expects one back.
    package var isList: Bool
    package var request: Request?
    /// What the operator should know of this payload: what was left out or cut, and why.
    package var notes: [String]
    /// SNS only: to be given to `SNSReceiver.remember` once the entries are committed, so that it is not taken twice.
    package var messageID: String?

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

    /// Accepted, and nothing to record.
    static func nothing(_ note: String) -> Decoded { Decoded(entries: [], notes: [note]) }
}
