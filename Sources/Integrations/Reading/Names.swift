internal import Domain
internal import Formats

/// The members of an object by name, ignoring case and punctuation, for senders that let people name the fields:
/// `monitorID`, `monitor_id` and `MONITOR-ID` are all `monitorid`.
struct Names {
    /// Values are rendered only when they are read, because they may be large.
    private var values: [String: JSON] = [:]

    /// - Parameter isPlaceholder: recognizes what a sender writes when it had nothing to fill in.
    init(_ json: JSON, isPlaceholder: (String) -> Bool = { _ in false }) {
        for member in json.object?.members ?? [] {
            guard member.value != .null else { continue }
            if let text = member.value.text {
                guard text.contains(where: { !$0.isWhitespace }), !isPlaceholder(text) else { continue }
            }
            values[Names.plain(member.name)] = member.value
        }
    }

    /// Returns the first of these members that has a text.
    subscript(_ names: String...) -> String? {
        for name in names {
            if let value = values[name] { return value.rendered }
        }
        return nil
    }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
