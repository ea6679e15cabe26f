internal import Domain
internal import Formats

/// One alert in PagerPal's own format. An alert is never dropped for a word: an unknown status or severity is noted, and the
/// alert counts as firing with the source's default severity.
struct GenericAlert {
    let json: JSON
    private(set) var notes: [String] = []

    init(_ json: JSON) { self.json = json }

    mutating func entry(_ options: SourceOptions, at now: Timestamp) -> Decoded.Entry {
        var draft = Draft(title: text("title") ?? options.title)
        let state = StateReading(Fields(json), title: draft.title ?? "", now: now)
        notes += state.notes
        draft.status = state.status
        draft.severity = severity()
        let json = json
        draft.text = [
            ["description", "message", "text", "details", "summary"].lazy.compactMap { json.rendered($0) }
                .first { $0 != draft.title }
        ]
        let named = ["external_id", "dedup_key"].lazy.compactMap { name in json.text(name).map { (name, $0) } }.first
        draft.key = named?.1
        draft.keyParts = named.map { ["\($0.0)=\($0.1)"] }
        draft.identity = Identity(Identity.parts(of: json["labels"]))
        draft.team = text("team", "team_id")
        draft.policy = text("policy")
        draft.link("Source", text("url"))
        draft.label(all: labels())
        draft.startsAt = json.instant("starts_at")
        draft.endsAt = json.instant("ends_at")
        return draft.entry
    }

    private static let ownNames: Set = [
        "title", "description", "severity", "status", "external_id", "team", "team_id", "policy", "url", "labels",
        "starts_at", "ends_at", "summary", "message", "text", "details", "dedup_key", "state",
    ]

    /// Whether an object, or one of a list, has a title and only names of PagerPal's own format. Then no other sender
    /// needs to be considered.
    static func isOwn(_ json: JSON) -> Bool {
        if let values = json.array { return values.contains { $0.object != nil && isOwn($0) } }
        guard let members = json.object?.members, json.text("title") != nil else { return false }
        return members.allSatisfy { ownNames.contains($0.name) }
    }

    private func text(_ names: String...) -> String? { names.lazy.compactMap { json.text($0) }.first }

    private mutating func severity() -> Severity? {
        guard let word = text("severity") else { return nil }
        if let severity = SeverityScale.severity(word, named: "severity") { return severity }
        if AlertEvent.Status(word: word) == nil {
            notes.append(
                "“\(Clean.name(word))” (severity) is not a known severity. The source's default applies; write critical, "
                    + "error, warning or info.")
        }
        return nil
    }

    private mutating func labels() -> JSON? {
        guard let labels = json["labels"] else { return nil }
        if labels.object == nil { notes.append("labels: an object was expected, not \(labels.kind); it is left out.") }
        return labels
    }
}
