internal import Domain
internal import Formats

/// An integration whose payload is JSON, or a form that contains JSON or plain fields. All integrations except SNS.
protocol JSONIntegration: Integration {
    /// Checks the sender's signature if the source has a secret.
    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError)

    /// Nil when the payload does not have the documented shape.
    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded?
}

extension JSONIntegration {
    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) {}

    func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        try decodeBody(of: payload, options)
    }

    /// For senders that first look at the request's address.
    func decodeBody(of payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        try authenticate(payload, options)
        let json = try Body.json(of: payload)
        var decoded = try decode(json, from: payload, options)
        if decoded.entries.count > Payload.Limits.events {
            throw .unprocessable([FieldFault("", "Send at most \(Payload.Limits.events) alerts at once.")])
        }
        if decoded.entries.isEmpty && decoded.notes.isEmpty { decoded.notes = ["There is no alert in it."] }
        return decoded
    }

    private func decode(
        _ json: JSON, from payload: Payload, _ options: SourceOptions
    ) throws(PayloadError) -> Decoded {
        if var decoded = try read(json, from: payload, options) {
            if let note = unknownSeverity(in: json, decoded) { decoded.notes.append(note) }
            return decoded
        }
        if let answer = SetupQuestion.answer(to: json) { return answer }
        if let content = Envelope.content(of: json), let decoded = try read(content, from: payload, options) {
            return decoded
        }
        return try loose(json, options, at: payload.receivedAt)
    }

    /// Names the word at the top of a payload that should be a severity and isn't known.
    private func unknownSeverity(in json: JSON, _ decoded: Decoded) -> String? {
        guard Self.kind != MappingIntegration.kind,
            decoded.events.contains(where: { $0.status == .firing && $0.severity == nil })
        else { return nil }
        for member in json.object?.members ?? [] {
            let name = NameStyle.plain(member.name)
            guard LooseAlert.severities.contains(name), member.value.boolean == nil, let word = member.value.text,
                !word.trimmingBlanks().isEmpty, SeverityScale.severity(word, named: name) == nil,
                AlertEvent.Status(word: word) == nil
            else { continue }
            return
                "“\(Clean.name(word))” (\(Clean.name(member.name))) is not a known severity. The source's default applies."
        }
        return nil
    }

    /// Most senders let people write their own payload, so an unknown shape is read by the most common field names.
    private func loose(
        _ json: JSON, _ options: SourceOptions, at now: Timestamp
    ) throws(PayloadError) -> Decoded {
        do {
            var decoded = try LooseAlert.decode(json, options, at: now)
            decoded.notes.insert("This is not the usual payload of \(Self.title).", at: 0)
            return decoded
        } catch {
            guard case .unprocessable(let faults) = error, let fault = faults.first else { throw error }
            let explanation =
                "This is not a payload of \(Self.title), and no title was found in it. \(fault.explanation)"
            throw .unprocessable([FieldFault(fault.field, explanation)])
        }
    }
}
