internal import Domain
internal import Formats

/// Reads an alert with unknown field names by the most common ones, wherever they are.
///
/// The generic route uses it, and all other routes do when a payload does not have the documented shape.
struct LooseAlert {
    /// Titles, in the order in which they are looked for.
    static let titles = [
        "title", "summary", "subject", "headline", "alertname", "shortdescription", "problemname", "eventtitle",
    ]
    /// Names of what is watched. They are titles when nothing better is there.
    static let names = [
        "name", "displayname", "monitor", "check", "rule", "alert", "alarm", "problem", "incident", "test", "job",
        "service",
        "trigger", "monitorname", "checkname",
    ]
    /// Sentences. Their first line is a title when nothing better is there.
    static let sentences = [
        "message", "msg", "text", "description", "output", "statemessage", "errormessage", "error", "event", "reason",
        "cause",
        "body", "details", "info", "content", "note", "comment", "bodyplain", "stoppedreason", "statusmessage",
        "value1",
    ]

    let json: JSON
    let fields: Fields
    let now: Timestamp
    var notes: [String] = []

    init(_ json: JSON, now: Timestamp = Timestamp(seconds: 0)) {
        (self.json, self.now) = (json, now)
        fields = Fields(json)
    }

    /// Reads one object or an array of them.
    static func decode(_ json: JSON, _ options: SourceOptions, at now: Timestamp) throws(PayloadError) -> Decoded {
        guard let values = json.array ?? list(in: json) else {
            var alert = LooseAlert(json, now: now)
            guard let draft = alert.draft(options), let event = draft.event else { throw missingTitle(json) }
            var decoded = Decoded(entries: [.event(event)], notes: alert.notes)
            decoded.prefersOK = true
            return decoded
        }
        guard values.count <= Payload.Limits.events else {
            throw .unprocessable([FieldFault("", "Send at most \(Payload.Limits.events) alerts at once.")])
        }
        var (entries, notes): ([Decoded.Entry], [String]) = ([], [])
        for value in values {
            guard value.object != nil else {
                entries.append(
                    .rejected([FieldFault("", "An alert is a JSON object with a title, not \(value.kind).")]))
                continue
            }
            var alert = LooseAlert(value, now: now)
            entries.append(alert.draft(options)?.entry ?? Draft().entry)
            // One note of a kind is enough for a thousand alerts.
            for note in alert.notes where notes.count < 20 && !notes.contains(note) { notes.append(note) }
        }
        guard entries.contains(where: { if case .event = $0 { true } else { false } }) else { throw missingTitle(json) }
        var decoded = Decoded(entries: entries, isList: true, notes: notes)
        decoded.prefersOK = true
        return decoded
    }

    /// What to say of a payload without anything like a title: where it was looked for, and what was there instead.
    static func missingTitle(_ json: JSON) -> PayloadError {
        let looked =
            "The title is missing. Say in one line what is wrong. Looked for title, summary, message and subject, "
        let found = Fields(json.array?.first ?? json).all.prefix(12).map(\.shown)
        let there =
            found.isEmpty
            ? "and there are no fields."
            : "in any case and style, also for name and text; found \(found.joined(separator: ", ")). "
                + "A source of the kind mapping reads any JSON."
        return .unprocessable([FieldFault("title", looked + there)])
    }

    /// Lists that senders put into an object. What the object says itself holds for all of them.
    private static func list(in json: JSON) -> [JSON]? {
        guard let object = json.object, json.text("title", "summary", "subject", "message", "text") == nil else {
            return nil
        }
        for member in object.members where lists.contains(NameStyle.plain(member.name)) {
            guard let values = member.value.array, !values.isEmpty, values.allSatisfy({ $0.object != nil }) else {
                continue
            }
            let shared = object.members.filter { $0.value.text != nil }
            let merged = values.map { value -> JSON in
                guard var merged = value.object else { return value }
                for member in shared where merged[member.name] == nil { merged[member.name] = member.value }
                return .object(merged)
            }
            guard merged.contains(where: { LooseAlert($0).title() != nil }) else { continue }
            return merged
        }
        return nil
    }

    private static let lists: Set<String> = [
        "alerts", "events", "incidents", "problems", "notifications", "items", "records", "messages", "data", "results",
        "issues",
        "alarms", "findings", "checks",
    ]
}

extension LooseAlert {
    /// Nil when no title is found.
    mutating func draft(_ options: SourceOptions) -> Draft? {
        if let message = ChatMessage(json) { return message.draft(options, now) }
        let title = title()
        guard let heading = title?.text ?? options.title else { return nil }
        var draft = Draft(title: heading)
        let state = StateReading(fields, title: title?.stated ?? heading, now: now)
        notes += state.notes
        draft.status = state.status
        draft.text = texts(besides: [heading, title?.stated])
        draft.severity = severity(state)
        let named = namedKey
        draft.key = named?.key
        draft.keyParts = named.map { ["\($0.name)=\($0.key)"] }
        draft.stem = title?.stated ?? heading
        if draft.key != nil, !namesKnownKey {
            draft.formerKey = DedupKey(derivedFrom: [Clean.title(title?.stated ?? heading)])
        }
        draft.identity = identity(title)
        draft.team = json.text("team", "team_id")
        draft.policy = json.text("policy")
        addLinks(to: &draft)
        draft.label(all: json["labels"] ?? json["tags"])
        if case .string(let tags)? = json["tags"] { draft.label(tags: tags) }
        for part in hostLabels { draft.label(part.name, part.value) }
        addTimes(to: &draft)
        if draft.severity == nil, draft.status == .firing, TestMessage.isOne(heading, draft.text.compactMap(\.self)) {
            draft.severity = .info
        }
        explain(title, hasStatus: state.isStated, hasKey: named != nil)
        return draft
    }

    struct Title {
        /// As it is shown.
        var text: String
        /// The part that was named as title, without the name of the host in front.
        var stated: String
        /// Whether it is a title or name, and not a sentence, which may change from one message to the next.
        var isStable: Bool
        var shown: String
    }

    func title() -> Title? {
        guard let found = plainTitle() else { return nil }
        var title = found
        if let host = hostName(missingIn: title.text) { title.text = "\(host): \(title.text)" }
        return title
    }

    private func plainTitle() -> Title? {
        if let field = fields.first(Self.titles), let text = field.text { return named(field, text, isStable: true) }
        let sentence = fields.first(Self.sentences, where: isSentence)
        if let field = fields.first(Self.names, deepest: 0), let text = field.text, !isState(text) {
            // The name of an object says less than one at the top.
            return named(field, text, isStable: true, and: field.path.count > 1 ? sentence?.text : nil)
        }
        if let field = fields.first(Self.sentences, deepest: 0, where: isSentence), let text = field.text {
            return named(field, text, isStable: false)
        }
        if let field = fields.first(Self.names, where: { $0.depth > 0 && $0.text != nil }), let text = field.text {
            return named(field, text, isStable: true, and: sentence?.text)
        }
        return sentence.flatMap { field in field.text.map { named(field, $0, isStable: false) } }
    }

    private func named(_ field: Fields.Field, _ text: String, isStable: Bool, and said: String? = nil) -> Title {
        let line = firstLine(text)
        let whole = said.map { "\(line): \(firstLine($0))" } ?? line
        return Title(text: whole, stated: line, isStable: isStable, shown: field.shown)
    }

    private func firstLine(_ text: String) -> String {
        String(text.prefix(2_000)).split { $0.isNewline }.lazy.map { $0.trimmingBlanks() }.first { !$0.isEmpty } ?? text
    }

    /// `event: down` is a state, `event: Shop API has failed` a sentence.
    private func isSentence(_ field: Fields.Field) -> Bool {
        guard let text = field.text, case .string = field.value else { return false }
        if ["event", "reason", "error", "cause", "info"].contains(field.full) {
            return text.contains(" ") && !isState(text)
        }
        return true
    }

    private func isState(_ text: String) -> Bool {
        text.utf8.count < 40 && AlertEvent.Status(word: text) != nil && !text.contains(" ")
    }

    private func texts(besides titles: [String?]) -> [String?] {
        var kept: [String] = []
        let known = titles.compactMap { $0?.trimmingBlanks() }
        for name in Self.sentences {
            guard kept.count < 4, let field = fields.first([name], where: { !$0.value.rendered.isEmpty }) else {
                continue
            }
            let isObject = field.value.text == nil
            guard !isObject || ["description", "details"].contains(name) && field.depth == 0 else { continue }
            let text = field.value.rendered.trimmingBlanks()
            guard text.contains(" ") || text.count > 20 || ["message", "text", "description"].contains(name) else {
                continue
            }
            guard !known.contains(text), !kept.contains(where: { $0.contains(text) }) else { continue }
            kept.append(text)
        }
        return kept
    }

    /// Tells the operator which fields were used.
    private mutating func explain(_ title: Title?, hasStatus: Bool, hasKey: Bool) {
        guard let title else { return }
        let missing = [
            (hasStatus, "a status"), (fields.first(Self.severities) != nil, "a severity"),
            (hasKey, "an id of the problem"),
        ].compactMap { isThere, name in isThere ? nil : name }
        let rest = missing.isEmpty ? "" : "; not found: \(missing.joined(separator: ", "))"
        notes.append("Read loosely: the title is “\(Clean.name(title.shown))”\(rest).")
    }
}

extension LooseAlert {
    private static let addresses: Set<String> = [
        "url", "link", "linktoupstreamdetails", "sourceurl", "clienturl", "href", "permalink", "weburl", "web", "uri",
        "self",
        "titlelink", "click", "investigateuri",
    ]

    private func addLinks(to draft: inout Draft) {
        let links = fields.all.filter { $0.text.map(isAddress) ?? false }
        for name in ["url", "link", "linktoupstreamdetails", "sourceurl", "clienturl"] {
            for field in links where field.depth == 0 && field.full == name { draft.link("Source", field.text) }
        }
        for field in links where field.depth == 0 && ["imageurl", "image"].contains(field.full) {
            draft.link("Image", field.text)
        }
        for field in links where isLink(field) { draft.link(linkTitle(field), field.text) }
        for link in json["links"]?.array ?? [] {
            draft.link(link.text("name", "title", "text", "rel") ?? "Link", link.text("url", "href", "link"))
        }
        if draft.links.isEmpty, let text = draft.text.compactMap(\.self).first {
            for url in SNSMessage.links(in: text) { draft.link("Link", url) }
        }
    }

    private func isAddress(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("http://") }

    private func isLink(_ field: Fields.Field) -> Bool {
        guard
            !["avatar", "logo", "icon", "callback", "webhook", "unsubscribe", "subscribe", "api"].contains(
                where: field.full.contains)
        else { return false }
        return Self.addresses.contains(field.full) || Self.addresses.contains(field.base) || field.parent == "links"
            || ["url", "uri", "link"].contains(where: field.full.hasSuffix) || field.full.hasPrefix("runbook")
    }

    private func linkTitle(_ field: Fields.Field) -> String {
        let last = field.shown.split(separator: ".").last.map { String($0) } ?? "Link"
        if field.full.hasPrefix("runbook") { return "Run book" }
        return field.full.hasPrefix("image") ? "Image" : Self.addresses.contains(field.full) ? "Source" : last
    }

    private func addTimes(to draft: inout Draft) {
        draft.startsAt = instant([
            "startsat", "startedat", "starttime", "firstseen", "downat", "openedat", "createdat", "begintime",
            "firedat",
        ])
        let at = instant(["timestamp", "time", "ts", "date", "datetime", "eventtime", "when", "lasttimestamp"])
        if draft.status == .resolved {
            draft.endsAt =
                instant(["endsat", "endedat", "resolvedat", "closedat", "recoveredat", "clearedat", "upat"]) ?? at
        } else if draft.startsAt == nil {
            draft.startsAt = at
        }
    }

    private func instant(_ names: [String]) -> Timestamp? {
        fields.first(names, where: { $0.depth <= 1 && $0.text.flatMap(Clean.instant) != nil })?.text.flatMap(
            Clean.instant)
    }
}
