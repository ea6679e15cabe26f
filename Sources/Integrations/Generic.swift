internal import Domain
package import Formats

/// PagerPal's own alert format: one object, or an array of them.
///
/// A payload without a title that clearly comes from another sender is read in that sender's format.
package struct GenericIntegration: Integration {
    package static let kind = "generic"
    package static let title = "Generic JSON"
    package static let fields = FieldGuide(
        status:
            "`status` or `state`: `firing` (default), `resolved`, `acknowledged`; else an event's word, a boolean, a "
            + "time like `resolved_at`, a severity `ok`, or the title: `[RESOLVED] …`, `… is up`, ✅",
        key:
            "`external_id`, `dedup_key` or another id of the problem, else derived from the title without its state, and "
            + "from host, check, instance and the like",
        title:
            "`title`, else `summary`, `subject`, a name, or the first line of `message` or `text`; of plain text the "
            + "first line", text: "`description`, `message`, `text` or `details`",
        severity: "`severity`, `priority` or `level`; the source's default without it or for an unknown word",
        links: "`url`, `link_to_upstream_details`, `image_url`, other addresses"
    )

    package static func setup(url: String, key: String) -> [SetupStep] {
        let example = #"{"title":"Disk full on db1","severity":"critical","external_id":"db1-disk"}"#
        return [
            SetupStep(
                "Send an alert from any script. The same external_id again updates the incident.",
                code: "curl -X POST \(url) -H 'X-API-Key: \(key)' -H 'Content-Type: application/json' -d '\(example)'"),
            SetupStep(
                "Send the same with \"status\":\"resolved\" when the problem is over.",
                code: "curl -X POST \(url) -H 'X-API-Key: \(key)' -H 'Content-Type: application/json' "
                    + #"-d '{"title":"Disk full on db1","status":"resolved","external_id":"db1-disk"}'"#),
        ]
    }

    package static func recognises(_ json: JSON) -> Bool { false }

    package init() {}

    /// Decodes with a source's default options.
    package static func decode(_ payload: Payload) throws(PayloadError) -> Decoded {
        try GenericIntegration().decode(payload, options: SourceOptions())
    }

    package func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        if let answer = SetupQuestion.answer(to: payload) { return answer }
        if Body.isText(payload), let text = text(of: payload, options) { return text }
        let json: JSON
        do throws(PayloadError) {
            json = try Body.json(of: payload)
        } catch {
            if let text = text(of: payload, options) { return text }
            throw error
        }
        return try decode(json, payload, options, depth: 0)
    }

    private func text(of payload: Payload, _ options: SourceOptions) -> Decoded? {
        guard let lines = PlainText.of(payload.body) else { return nil }
        return PlainText.decode(lines, options, at: payload.receivedAt)
    }

    private func decode(
        _ json: JSON, _ payload: Payload, _ options: SourceOptions, depth: Int
    ) throws(PayloadError) -> Decoded {
        if let values = json.array {
            guard !values.isEmpty else {
                throw .unprocessable([FieldFault("[0]", "The array is empty; send at least one alert.")])
            }
            guard values.count <= Payload.Limits.events else {
                throw .unprocessable([FieldFault("", "Send at most \(Payload.Limits.events) alerts at once.")])
            }
        }
        if GenericAlert.isOwn(json) { return own(json, options, at: payload.receivedAt) }
        if let answer = SetupQuestion.answer(to: json) { return answer }
        if let other = Integrations.detect(json) { return try decode(payload, as: other, options) }
        if depth < 2, let content = Envelope.content(of: json) {
            var inner = payload
            inner.body = Array(content.description.utf8)
            return try decode(content, inner, options, depth: depth + 1)
        }
        return try LooseAlert.decode(json, options, at: payload.receivedAt)
    }

    /// PagerPal's own format. In a list, an entry of another shape is read loosely.
    private func own(_ json: JSON, _ options: SourceOptions, at now: Timestamp) -> Decoded {
        var notes: [String] = []
        let entries = (json.array ?? [json]).map { value -> Decoded.Entry in
            guard value.object != nil else {
                return .rejected([FieldFault("", "An alert is a JSON object with a title, not \(value.kind).")])
            }
            guard GenericAlert.isOwn(value) else {
                var alert = LooseAlert(value, now: now)
                let entry = alert.draft(options)?.entry ?? Draft().entry
                for note in alert.notes where notes.count < 20 && !notes.contains(note) { notes.append(note) }
                return entry
            }
            var alert = GenericAlert(value)
            let entry = alert.entry(options, at: now)
            for note in alert.notes where notes.count < 20 && !notes.contains(note) { notes.append(note) }
            return entry
        }
        return Decoded(entries: entries, isList: json.array != nil, notes: notes)
    }

    private func decode(
        _ payload: Payload, as other: any Integration.Type, _ options: SourceOptions
    ) throws(PayloadError) -> Decoded {
        var decoded = try other.init().decode(payload, options: options)
        decoded.notes.append("Read as a payload of \(other.title); its own route is /api/v1/alerts/\(other.kind).")
        return decoded
    }
}
