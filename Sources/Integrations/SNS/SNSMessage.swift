internal import Domain
internal import Formats

/// A message published to a topic: usually an AWS event in JSON, otherwise text.
struct SNSMessage: Sendable {
    let text: String
    let subject: String?
    let topic: String?
    let attributes: [(name: String, value: String)]
    let id: String
    let sentAt: Timestamp?

    func decoded(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        let json = try json()
        if let json, let drafts = eventDrafts(json) {
            return drafts.isEmpty ? .nothing("The event holds no findings.") : Decoded(entries: drafts.map(\.entry))
        }
        if let json, let other = try otherSender(json, payload, options) { return other }
        if json == nil, let stack = CloudFormationNotice(text) {
            var draft = labelled(stack.draft)
            draft.formerKey = DedupKey(key(subjectTitle ?? firstLine))
            return Decoded(draft)
        }
        return Decoded(json.map { document($0, options) } ?? plain(options))
    }

    /// Nil when the message is not JSON. Exceeding a limit is still an error, so that the JSON is not read as text.
    private func json() throws(PayloadError) -> JSON? {
        guard let first = text.utf8.first(where: { $0 > 32 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return nil }
        return try? JSONParser.parse(text)
    }

    /// Nil when the message is not an event of an AWS service.
    private func eventDrafts(_ json: JSON) -> [Draft]? {
        if let alarm = CloudWatchAlarm(json) { return [labelled(alarm.draft)] }
        if let event = EventBridgeEvent(json) { return event.drafts.map(labelled) }
        return AWSNotice.draft(json, subject: subject).map { [labelled($0)] }
    }

    /// Reads an alert in PagerPal's own format, or another sender's payload, that went through a topic.
    private func otherSender(
        _ json: JSON, _ payload: Payload, _ options: SourceOptions
    ) throws(PayloadError) -> Decoded? {
        guard !SNSEnvelope.isEnvelope(json) else { return nil }
        let isOwn = GenericAlert.isOwn(json)
        guard let sender = isOwn ? GenericIntegration.self : Integrations.detect(json) else { return nil }
        var inner = payload
        inner.body = Array(text.utf8)
        return try sender.init().decode(inner, options: options)
    }

    /// Reads unknown JSON: the title is the subject, and the rest follows from common names.
    private func document(_ json: JSON, _ options: SourceOptions) -> Draft {
        var alert = LooseAlert(json, now: sentAt ?? Timestamp(seconds: 0))
        var draft = alert.draft(options) ?? Draft()
        let spoken = json.text("Description", "Message", "Cause", "Details")
        if draft.text.compactMap(\.self).isEmpty { draft.text = [spoken ?? json.description] }
        let (title, isNew) = (subject ?? draft.title, draft.key == nil || draft.formerKey != nil)
        if draft.key == nil { name(&draft, title, draft.identity) }
        if isNew { draft.formerKey = formerKey(title, draft.status) }
        draft.title = subjectTitle ?? draft.title ?? options.title ?? only(json) ?? topicName
        return labelled(draft)
    }

    /// `{"ElastiCache:FailoverComplete": "cache-1"}` is a complete message.
    private func only(_ json: JSON) -> String? {
        guard let members = json.object?.members, members.count == 1, let text = members[0].value.text else {
            return nil
        }
        return "\(members[0].name): \(text)"
    }

    private var topicName: String {
        topic.flatMap { $0.split(separator: ":").last }.map { "Message of the topic \($0)" } ?? "AWS message"
    }

    private func plain(_ options: SourceOptions) -> Draft {
        var draft = Draft(title: subjectTitle ?? firstLine ?? options.title)
        // Do not repeat the title.
        draft.text = [text.trimmingBlanks() == draft.title ? nil : text]
        draft.readState(ofTitle: draft.title)
        name(&draft, draft.title)
        draft.formerKey = formerKey(draft.title, draft.status)
        for url in Self.links(in: text) { draft.link("Link", url) }
        draft.severity = Severity(loose: attribute("severity") ?? attribute("priority"))
        if let status = attribute("status").flatMap({ AlertEvent.Status(word: $0) }) { draft.status = status }
        if let job = AWSBackupJob(attributes: attributes) { job.fill(&draft) }
        return labelled(draft)
    }

    private var subjectTitle: String? { subject.flatMap { Clean.title($0).isEmpty ? nil : $0 } }

    private var firstLine: String? {
        text.split { $0.isNewline }.lazy.map { $0.trimmingBlanks() }.first { !$0.isEmpty }
    }

    /// Two messages of one topic with the same subject are assumed to be about the same problem.
    private func key(_ title: String?, _ identity: Identity = Identity()) -> String {
        DedupKey(derivedFrom: [topic ?? "", title ?? ""] + identity.parts).rawValue
    }

    private func name(_ draft: inout Draft, _ title: String?, _ identity: Identity = Identity()) {
        let stem = title.map { TitleState($0).stem }
        draft.key = key(stem, identity)
        let named = [("topic", topic), ("title", stem)].compactMap { name, value in value.map { "\(name)=\($0)" } }
        draft.keyParts = named + identity.parts
    }

    /// The key that earlier versions derived: the topic and the whole title. What a recovery's problem was called is known
    /// without its state only.
    private func formerKey(_ title: String?, _ status: AlertEvent.Status) -> DedupKey {
        DedupKey(key(status == .firing ? title : title.map { TitleState($0).stem }))
    }

    private func attribute(_ name: String) -> String? {
        attributes.first { $0.name.lowercased() == name }?.value
    }

    private func labelled(_ draft: Draft) -> Draft {
        var draft = draft
        draft.label("topic", topic)
        for attribute in attributes { draft.label(attribute.name, attribute.value) }
        if draft.startsAt == nil, draft.status != .resolved { draft.startsAt = sentAt }
        return draft
    }

    /// Returns the first addresses in a text, without trailing punctuation.
    static func links(in text: String) -> [String] {
        let words = text.prefix(AlertEvent.Limits.text).split { $0.isWhitespace || "<>\"()[]".contains($0) }
        let links = words.filter { $0.hasPrefix("https://") || $0.hasPrefix("http://") }
        return links.prefix(AlertEvent.Limits.links).map { link in
            String(link.reversed().drop { ".,;:!?'".contains($0) }.reversed())
        }
    }
}
