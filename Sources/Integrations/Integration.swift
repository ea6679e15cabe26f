package import Formats

/// The payload format of one monitoring system.
///
/// An integration is a pure function from bytes to alerts, in a small file. To add one, copy an existing file and list
/// the type in `Integrations.all`.
package protocol Integration: Sendable {
    /// The last path component of its route, which is also stored with the alert source: `uptime-kuma`.
    static var kind: String { get }
    /// The display name.
    static var title: String { get }
    /// Where the parts of an alert come from in its payloads.
    static var fields: FieldGuide { get }
    /// The steps to set up the sending system, with texts to copy.
    ///
    /// - Parameters:
    /// - url: the source's full address without a key.
    ///   - key: the source's key, or a placeholder for it.
    static func setup(url: String, key: String) -> [SetupStep]
    /// The options that are true in a new source, unless it is given false.
    static var protections: [String] { get }
    /// Whether a payload that arrived on another route clearly comes from this sender.
    static func recognises(_ json: JSON) -> Bool

    init()

    /// - Throws: `PayloadError` when the payload contains nothing usable.
    func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded
}

extension Integration {
    package static var protections: [String] { [] }
}

/// Where the parts of an alert come from: one row of docs/integrations.md, in Markdown.
package struct FieldGuide: Sendable, Hashable {
    package let status: String
    package let key: String
    package let title: String
    package let text: String
    package let severity: String
    package let links: String

    package init(status: String, key: String, title: String, text: String, severity: String, links: String) {
        self.status = status
        self.key = key
        self.title = title
        self.text = text
        self.severity = severity
        self.links = links
    }

    /// How the dedup key is made, as one sentence in Markdown.
    package var keySentence: String {
        "Alerts with the same dedup key are one problem; the key is \(key)."
    }
}

/// One step to set up the sending system.
package struct SetupStep: Sendable, Hashable {
    package let text: String
    /// The text to paste there.
    package let code: String?

    package init(_ text: String, code: String? = nil) {
        self.text = text
        self.code = code
    }

    /// A step for senders in which only an address can be set.
    static func address(_ text: String, url: String, key: String) -> SetupStep {
        SetupStep(text, code: "\(url)?key=\(key)")
    }
}
