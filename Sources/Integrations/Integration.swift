package import Formats

/// One monitoring system's way to say that something is wrong.
///
/// A sender is a pure function from bytes to alerts. Every one is a small file of the same shape; to add one, copy one
/// and name it in `Integrations.all`.
package protocol Integration: Sendable {
    /// The last part of its route, and what an alert source is stored with: `uptime-kuma`.
    static var kind: String { get }
    /// Its name for people.
    static var title: String { get }
    /// Where in its payloads the parts of an alert come from.
    static var fields: FieldGuide { get }
    /// What to do in the sending system, to be copied and pasted.
    ///
    /// - Parameters:
    ///   - url: the source's full address, without a key.
    ///   - key: the source's key, or a placeholder for it.
    static func setup(url: String, key: String) -> [SetupStep]
    /// Whether a payload that came by another route plainly is this sender's.
    static func recognises(_ json: JSON) -> Bool

    init()

    /// - Throws: `PayloadError` when there is nothing in it that can be used.
    func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded
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
}

/// One thing to do in the sending system.
package struct SetupStep: Sendable, Hashable {
    package let text: String
    /// What to paste there.
    package let code: String?

    package init(_ text: String, code: String? = nil) {
        self.text = text
        self.code = code
    }

    /// For senders that let one set an address and nothing else.
    static func address(_ text: String, url: String, key: String) -> SetupStep {
        SetupStep(text, code: "\(url)?key=\(key)")
    }
}
