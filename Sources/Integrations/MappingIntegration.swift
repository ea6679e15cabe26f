internal import Domain
internal import Formats

/// Any JSON that no other integration reads. The source's options name the paths of an alert's parts.
struct MappingIntegration: JSONIntegration {
    static let kind = "mapping"
    static let title = "Any JSON, by your own mapping"
    static let fields = FieldGuide(
        status: "the path `status`; `resolved_values`, else the usual words", key: "the path `dedup_key`",
        title: "the path or template `title`", text: "the path or template `text`", severity: "the path `severity`",
        links: "the path or template `link`")

    static func setup(url: String, key: String) -> [SetupStep] {
        let mapping = """
            {"mapping": {"items": "alerts", "title": "{host}: {check.name}", "status": "state", "resolved_values": ["up"],
                         "severity": "level", "dedup_key": "id", "link": "url", "labels": ["host"]}}
            """
        return [
            SetupStep(
                "Save a payload of the system, and try a mapping on it until every part is found.", code: mapping),
            SetupStep(
                "Then let the system send to this address.",
                code: "curl -X POST \(url) -H 'X-API-Key: \(key)' -H 'Content-Type: application/json' -d @payload.json"),
        ]
    }

    static func recognises(_ json: JSON) -> Bool { false }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard let mapping = options.mapping else {
            throw .unprocessable([
                FieldFault("mapping", "The source has no mapping yet; say in its options where the title is.")
            ])
        }
        var decoded = try MappingReader.read(json, mapping, options).decoded
        decoded.prefersOK = true
        return decoded
    }
}

extension Trial {
    /// What one path of a mapping found in the first alert of a sample.
    package struct Finding: Sendable, Hashable {
        /// The part of the alert, named as in the options: `title`.
        package let part: String
        package let path: String
        /// Nil when the path found nothing.
        package let found: String?
    }
}

/// Reads one alert by a mapping, and records what each path found.
struct MappingReader {
    private let mapping: Mapping
    private let whole: JSON
    private let item: JSON
    private var findings: [Trial.Finding] = []
    private var notes: [String] = []

    /// Returns all alerts of a payload, and what the paths found in the first one.
    static func read(
        _ json: JSON, _ mapping: Mapping, _ options: SourceOptions
    ) throws(PayloadError) -> (decoded: Decoded, findings: [Trial.Finding]) {
        // The paths may mean the envelope or what is in it.
        guard let content = Envelope.content(of: json) else { return try plain(json, mapping, options) }
        if let outer = try? plain(json, mapping, options), !outer.decoded.events.isEmpty { return outer }
        return try plain(content, mapping, options)
    }

    private static func plain(
        _ json: JSON, _ mapping: Mapping, _ options: SourceOptions
    ) throws(PayloadError) -> (decoded: Decoded, findings: [Trial.Finding]) {
        let items = try items(of: json, mapping)
        guard items.count <= Payload.Limits.events else {
            throw .unprocessable([
                FieldFault(mapping.items ?? "", "Send at most \(Payload.Limits.events) alerts at once.")
            ])
        }
        var entries: [Decoded.Entry] = []
        var (findings, notes): ([Trial.Finding], [String]) = ([], [])
        for item in items {
            var reader = MappingReader(mapping: mapping, whole: json, item: item)
            entries.append(reader.entry(options))
            if findings.isEmpty { findings = reader.findings }
            // One note of a kind is enough for a thousand alerts.
            for note in reader.notes where notes.count < 20 && !notes.contains(note) { notes.append(note) }
        }
        let isList = mapping.items != nil || json.array != nil
        return (Decoded(entries: entries, isList: isList, notes: notes), findings)
    }

    private static func items(of json: JSON, _ mapping: Mapping) throws(PayloadError) -> [JSON] {
        guard let path = mapping.items else { return json.array ?? [json] }
        guard let value = json.at(path) else {
            throw .unprocessable([
                FieldFault("items", "The path \(path) found nothing; it should find the list of alerts.")
            ])
        }
        return value.array ?? [value]
    }

    private init(mapping: Mapping, whole: JSON, item: JSON) {
        (self.mapping, self.whole, self.item) = (mapping, whole, item)
    }

    private mutating func entry(_ options: SourceOptions) -> Decoded.Entry {
        var draft = Draft()
        draft.title = value("title", mapping.title) ?? options.title
        draft.text = [value("text", mapping.text)]
        draft.severity = severity()
        draft.status = status()
        draft.key = value("dedup_key", mapping.dedupKey)
        draft.link("Source", value("link", mapping.link))
        draft.startsAt = value("starts_at", mapping.startsAt).flatMap(Clean.instant)
        draft.team = value("team", mapping.team)
        for path in mapping.labels { draft.label(name(of: path), value("labels", path)) }
        if mapping.status == nil { draft.readState(ofTitle: draft.title) }
        let parts = draft.labels.compactMap { label in
            label.value.map { (name: NameStyle.plain(label.name), value: $0) }
        }
        draft.identity = Identity(parts.filter { Identity.isName($0.name) })
        if draft.event == nil {
            return .rejected([
                FieldFault("title", "The path \(mapping.title) found nothing, and an alert needs a title.")
            ])
        }
        return draft.entry
    }

    private mutating func severity() -> Severity? {
        guard let word = value("severity", mapping.severity) else { return nil }
        if let named = mapping.severities[word.trimmingBlanks().lowercased()] { return named }
        let name = mapping.severity.map { NameStyle.plain(self.name(of: $0)) } ?? ""
        if let severity = SeverityScale.severity(word, named: name) { return severity }
        if AlertEvent.Status(word: word) == .resolved { return nil }
        notes.append(
            "“\(Clean.name(word))” is not a known severity. The source's default applies. List severity_values.")
        return nil
    }

    private mutating func status() -> AlertEvent.Status {
        guard let word = value("status", mapping.status) else { return .firing }
        guard mapping.resolvedValues.isEmpty else {
            let isOver = mapping.resolvedValues.contains { $0.lowercased() == word.trimmingBlanks().lowercased() }
            return isOver ? .resolved : .firing
        }
        if let status = AlertEvent.Status(word: word) { return status }
        let name = mapping.status.map { NameStyle.plain(self.name(of: $0)) } ?? ""
        if let isOver = StateReading.isOver(word, named: name) { return isOver ? .resolved : .firing }
        notes.append("“\(Clean.name(word))” is not a known status. The alert counts as firing. List resolved_values.")
        return .firing
    }

    /// Returns the last part of a path: `host` for `data.host`.
    private func name(of path: String) -> String {
        let last = JSONPath.steps(of: path)?.last { if case .name = $0 { true } else { false } }
        if case .name(let name) = last { return name }
        return path
    }
}

extension MappingReader {
    /// Returns the value of a path or template. Nil when nothing in it was found.
    private mutating func value(_ part: String, _ path: String?) -> String? {
        guard let path else { return nil }
        guard path.contains("{") else { return look(part, path) }
        var (text, foundAny, rest) = ("", false, Substring(path))
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            if let found = look(part, String(rest[rest.index(after: open)..<close]).trimmingBlanks()) {
                text += found
                foundAny = true
            }
            rest = rest[rest.index(after: close)...]
        }
        return foundAny ? text + rest : nil
    }

    private mutating func look(_ part: String, _ path: String) -> String? {
        let text = (path.hasPrefix("$") ? whole : item).at(path)?.rendered
        let found = text.flatMap { $0.contains { !$0.isWhitespace } ? $0 : nil }
        findings.append(Trial.Finding(part: part, path: path, found: found.map { Clean.name($0) }))
        if found == nil { notes.append("\(part): the path \(path) found nothing.") }
        return found
    }
}
