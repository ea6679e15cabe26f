internal import Domain

/// PagerPal's own alert format: one object, or an array of them.
package enum GenericSender {
    /// - Throws: `PayloadError` when there is nothing in it that can be used.
    package static func decode(_ payload: Payload) throws(PayloadError) -> Decoded {
        let json: JSON
        do {
            json = try JSONParser.parse(payload.body)
        } catch {
            throw .malformed("\(error).")
        }
        switch json {
        case .object(let object):
            switch entry(object) {
            case .event(let event): return Decoded(entries: [.event(event)], isList: false)
            case .rejected(let faults): throw .unprocessable(faults)
            }
        case .array(let values):
            guard !values.isEmpty else {
                throw .unprocessable([FieldFault("[0]", "The array is empty; send at least one alert.")])
            }
            guard values.count <= Payload.Limits.events else {
                throw .unprocessable([FieldFault("", "Send at most \(Payload.Limits.events) alerts at once.")])
            }
            return Decoded(entries: values.map(element), isList: true)
        case .null, .bool, .number, .string:
            throw .unprocessable([FieldFault("", "An alert is a JSON object with a title, not \(json.kind).")])
        }
    }

    private static func element(_ json: JSON) -> Decoded.Entry {
        guard let object = json.object else {
            return .rejected([FieldFault("", "An alert is a JSON object with a title, not \(json.kind).")])
        }
        return entry(object)
    }

    private static func entry(_ object: JSONObject) -> Decoded.Entry {
        let json = JSON.object(object)
        var faults: [FieldFault] = []
        let title = text(json, "title", &faults).map(Clean.title) ?? ""
        if title.isEmpty && faults.isEmpty {
            faults.append(FieldFault("title", "The title is missing. Say in one line what is wrong."))
        }
        let status = self.status(json, &faults)
        let severity = self.severity(json, &faults)
        let team = text(json, "team", &faults) ?? text(json, "team_id", &faults)
        let key = text(json, "external_id", &faults).flatMap { $0.trimmingBlanks().isEmpty ? nil : DedupKey($0) }
        let labels =
            json["labels"]?.object?.members.compactMap { member in member.value.text.map { (member.name, $0) } } ?? []
        let link = (text(json, "url", &faults)).flatMap { Link(title: "Source", url: $0) }
        let description = text(json, "description", &faults) ?? ""
        let policy = text(json, "policy", &faults)
        guard faults.isEmpty else { return .rejected(faults) }
        return .event(
            AlertEvent(
                status: status, title: title, text: Clean.text(description), severity: severity,
                dedupKey: key ?? DedupKey(derivedFrom: [title]), links: link.map { [$0] } ?? [],
                labels: Clean.labels(labels.map { (name: $0.0, value: $0.1) }),
                startsAt: json["starts_at"]?.text.flatMap(Clean.instant),
                endsAt: json["ends_at"]?.text.flatMap(Clean.instant), team: team, policy: policy))
    }

    private static func text(_ json: JSON, _ name: String, _ faults: inout [FieldFault]) -> String? {
        guard let value = json[name] else { return nil }
        if let text = value.text { return text }
        faults.append(FieldFault(name, "A text was expected, not \(value.kind)."))
        return nil
    }

    private static func status(_ json: JSON, _ faults: inout [FieldFault]) -> AlertEvent.Status {
        guard let word = text(json, "status", &faults)?.lowercased() else { return .firing }
        switch word.trimmingBlanks() {
        case "firing", "triggered", "alerting", "problem", "open", "": return .firing
        case "resolved", "ok", "closed", "recovered", "recovery": return .resolved
        default:
            faults.append(FieldFault("status", "Write firing or resolved."))
            return .firing
        }
    }

    private static func severity(_ json: JSON, _ faults: inout [FieldFault]) -> Severity? {
        guard let word = text(json, "severity", &faults), !word.isEmpty else { return nil }
        if let severity = Severity(word: word) { return severity }
        faults.append(FieldFault("severity", "Write critical, error, warning or info."))
        return nil
    }
}
