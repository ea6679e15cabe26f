internal import Domain
internal import Formats

/// One alert in PagerPal's own format. It is strict where a mistake would change the outcome: an unknown status or
/// severity is reported as a fault, not guessed.
enum GenericAlert {
    static func entry(_ json: JSON, _ options: SourceOptions) -> Decoded.Entry {
        guard json.object != nil else {
            return .rejected([FieldFault("", "An alert is a JSON object with a title, not \(json.kind).")])
        }
        var reader = Reader(json: json)
        var draft = Draft()
        draft.title = reader.text("title", "summary", "message", "subject") ?? options.title
        if (draft.title ?? "").allSatisfy(\.isWhitespace) && reader.faults.isEmpty {
            reader.faults.append(FieldFault("title", missingTitle))
        }
        draft.status = reader.status()
        draft.severity = reader.severity()
        draft.text = [reader.text("description", "message", "text", "details").map { $0 == draft.title ? "" : $0 }]
        draft.key = reader.text("external_id", "dedup_key", "alert_uid")
        draft.team = reader.text("team", "team_id")
        draft.policy = reader.text("policy")
        draft.link("Source", reader.text("url", "link_to_upstream_details"))
        draft.link("Image", reader.text("image_url"))
        draft.label(all: reader.labels())
        draft.startsAt = json.instant("starts_at")
        draft.endsAt = json.instant("ends_at")
        return reader.faults.isEmpty ? draft.entry : .rejected(reader.faults)
    }

    private static let ownNames: Set = [
        "title", "description", "severity", "status", "external_id", "team", "team_id", "policy", "url", "labels",
        "starts_at", "ends_at",
    ]

    /// Whether an object, or one of a list, has a title and only names of PagerPal's own format. Then no other sender
    /// needs to be considered.
    static func isOwn(_ json: JSON) -> Bool {
        if let values = json.array { return values.contains { $0.object != nil && isOwn($0) } }
        guard let members = json.object?.members, json["title"] != nil else { return false }
        return members.allSatisfy { ownNames.contains($0.name) }
    }

    private static let missingTitle =
        "The title is missing. Say in one line what is wrong. Looked for title, summary, message and subject."

    /// Reads members and records their faults.
    private struct Reader {
        let json: JSON
        var faults: [FieldFault] = []

        /// Returns the first member that is not null. Blank texts are skipped.
        mutating func text(_ names: String...) -> String? {
            for name in names {
                guard let value = json[name] else { continue }
                guard let text = value.text else {
                    faults.append(FieldFault(name, "A text was expected, not \(value.kind)."))
                    return nil
                }
                if text.contains(where: { !$0.isWhitespace }) { return text }
            }
            return nil
        }

        mutating func status() -> AlertEvent.Status {
            guard let word = text("status", "state") else { return .firing }
            if let status = AlertEvent.Status(word: word) { return status }
            faults.append(FieldFault(json["status"] == nil ? "state" : "status", "Write firing or resolved."))
            return .firing
        }

        mutating func severity() -> Severity? {
            guard let word = text("severity") else { return nil }
            if let severity = Severity(word: word) { return severity }
            faults.append(FieldFault("severity", "Write critical, error, warning or info."))
            return nil
        }

        mutating func labels() -> JSON? {
            guard let labels = json["labels"] else { return nil }
            guard labels.object != nil else {
                faults.append(FieldFault("labels", "An object was expected, not \(labels.kind)."))
                return nil
            }
            return labels
        }
    }
}
