internal import Domain

/// The members of an object by their names without case and punctuation, for senders that let people name the fields:
/// `monitorID`, `monitor_id` and `MONITOR-ID` are all `monitorid`.
struct Names {
    private var texts: [String: String] = [:]

    /// - Parameter isPlaceholder: tells what a sender writes where it had nothing to fill in.
    init(_ json: JSON, isPlaceholder: (String) -> Bool = { _ in false }) {
        for member in json.object?.members ?? [] {
            let text = member.value.rendered
            guard text.contains(where: { !$0.isWhitespace }), !isPlaceholder(text) else { continue }
            texts[Names.plain(member.name)] = text
        }
    }

    /// The first of the names that has a text.
    subscript(_ names: String...) -> String? {
        for name in names {
            if let text = texts[name] { return text }
        }
        return nil
    }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
