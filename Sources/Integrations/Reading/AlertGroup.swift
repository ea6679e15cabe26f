internal import Domain
internal import Formats

/// The body that Alertmanager (webhook version "4"), Grafana's unified alerting and their imitators send: a group with
/// its alerts. Also a bare array of alerts, as in Grafana's custom payloads.
///
/// Each alert is read on its own. The group's status and key say nothing about a single alert.
struct AlertGroup {
    let group: JSON
    let alerts: [JSON]

    /// Nil when the body is not of this form.
    init?(_ json: JSON) {
        if let alerts = json["alerts"]?.array, Self.isGroup(alerts, in: json) {
            self.init(group: json, alerts: alerts)
        } else if let alerts = json.array, !alerts.isEmpty,
            alerts.allSatisfy({ $0["labels"]?.object != nil || $0["annotations"]?.object != nil })
        {
            self.init(group: .null, alerts: alerts)
        } else {
            return nil
        }
    }

    /// Whether the alerts have the members of Alertmanager's. Other senders call their lists `alerts` as well.
    private static func isGroup(_ alerts: [JSON], in json: JSON) -> Bool {
        let names = ["labels", "annotations", "fingerprint", "generatorURL"]
        return alerts.isEmpty || ["groupKey", "receiver", "orgId", "commonLabels"].contains { json[$0] != nil }
            || alerts.contains { alert in names.contains { alert[$0] != nil } }
    }

    private init(group: JSON, alerts: [JSON]) {
        self.group = group
        self.alerts = alerts
    }

    /// - Parameter now: used to decide whether an alert without a status is over.
    func decoded(_ options: SourceOptions, at now: Timestamp) throws(PayloadError) -> Decoded {
        guard alerts.count <= Payload.Limits.events else {
            throw .unprocessable([FieldFault("alerts", "Send at most \(Payload.Limits.events) alerts at once.")])
        }
        var decoded = Decoded(entries: alerts.map { entry($0, options, now) }, isList: alerts.count != 1)
        if alerts.isEmpty { decoded.notes.append("The group holds no alerts.") }
        if let cut { decoded.notes.append(cut) }
        decoded.notes += unknownSeverities
        return decoded
    }

    private func entry(_ alert: JSON, _ options: SourceOptions, _ now: Timestamp) -> Decoded.Entry {
        guard alert.object != nil else {
            return .rejected([FieldFault("alerts", "An alert is a JSON object, not \(alert.kind).")])
        }
        return draft(alert, options, now).entry
    }

    private func draft(_ alert: JSON, _ options: SourceOptions, _ now: Timestamp) -> Draft {
        let name = alert["labels"]?.text("alertname")
        var draft = Draft()
        draft.status = status(of: alert, at: now)
        draft.title = title(of: alert, name) ?? options.title ?? "Alert"
        draft.text = [
            annotation(alert, "Error", "error").map { "Reason: \($0)" },
            evaluation(name) == nil ? nil : annotation(alert, "summary", "title").map { "The rule's summary: \($0)" },
            annotation(alert, "description", "message") ?? ownMessage,
            alert.text("valueString").map { "Values: \($0)" } ?? values(of: alert), testNote(name), cut,
        ]
        draft.severity = severity(of: alert)
        draft.key = key(of: alert)
        draft.keyParts = keyParts(of: alert)
        draft.links = links(of: alert)
        draft.label(all: alert["labels"])
        draft.startsAt = alert.instant("startsAt", "StartsAt")
        draft.namesEpisode = true
        draft.expiresAt = end(of: alert)
        // The end time of a firing alert is only the sender's guess.
        if draft.status == .resolved { draft.endsAt = alert.instant("endsAt", "EndsAt") }
        return draft
    }
}

extension AlertGroup {
    private func status(of alert: JSON, at now: Timestamp) -> AlertEvent.Status {
        if isWatchdog(alert) { return .informational }
        if let status = alert.text("status") ?? group.text("status") {
            return AlertEvent.Status(word: status) == .resolved ? .resolved : .firing
        }
        // The status is missing, as in Alertmanager's own API. There, the end time of a firing alert is in the future.
        return (alert.instant("endsAt", "EndsAt").map { $0 <= now } ?? false) ? .resolved : .firing
    }

    /// In Alertmanager's own API, an alert is over at its end unless the sender repeats it with a later one. The webhook says
    /// `resolved` instead.
    private func end(of alert: JSON) -> Timestamp? {
        guard alert.text("status") ?? group.text("status") == nil else { return nil }
        return alert.instant("endsAt", "EndsAt")
    }

    /// `Watchdog` always fires to show that the path from Prometheus works. It is a heartbeat, not a problem.
    private func isWatchdog(_ alert: JSON) -> Bool {
        let labels = alert["labels"]
        return ["watchdog", "deadmansswitch", "deadmanswitch"].contains(labels?.text("alertname")?.lowercased())
            && ["none", "info", nil].contains(labels?.text("severity")?.lowercased())
    }

    private func title(of alert: JSON, _ name: String?) -> String? {
        if let evaluation = evaluation(name) {
            let rule = alert["labels"]?.text("rulename", "ref_id") ?? annotation(alert, "summary", "title")
            return [evaluation, rule].compactMap(\.self).joined(separator: ": ")
        }
        if let summary = annotation(alert, "summary", "title") { return summary }
        return name ?? group.text("title", "message") ?? group["commonLabels"]?.text("alertname")
    }

    /// Grafana's alerts about a rule that has no data or can't be evaluated. The rule's own summary would claim a problem that
    /// nobody has seen.
    private func evaluation(_ name: String?) -> String? {
        switch name {
        case "DatasourceNoData": "No data"
        case "DatasourceError": "Error, can't be evaluated"
        default: nil
        }
    }

    private func annotation(_ alert: JSON, _ names: String...) -> String? {
        let texts = alert["annotations"] ?? .null
        return names.lazy.compactMap { name in texts[name]?.rendered.isEmpty == false ? texts[name]?.rendered : nil }
            .first
    }

    /// The group's message describes a single alert only if there is just one.
    private var ownMessage: String? { alerts.count == 1 ? group.text("message") : nil }

    private func values(of alert: JSON) -> String? {
        guard let members = alert["values"]?.object?.members, !members.isEmpty else { return nil }
        return "Values: " + members.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    }

    private func testNote(_ name: String?) -> String? {
        name == "TestAlert" ? "This is a test notification; no recovery will follow it." : nil
    }

    private var cut: String? {
        guard let count = group["truncatedAlerts"]?.integer, count > 0 else { return nil }
        return "\(count) more alert\(count == 1 ? " was" : "s were") cut off by the sender's limit."
    }

    /// Says which words are no severities, at most five of them.
    private var unknownSeverities: [String] {
        var words: [String] = []
        for alert in alerts where words.count < 5 && severity(of: alert) == nil {
            let places = [alert["labels"], alert["annotations"], group["commonLabels"]]
            let word = places.lazy.compactMap { $0?.text("severity", "priority", "level") }.first
            if let word, !words.contains(word) { words.append(word) }
        }
        return words.map {
            "“\(Clean.name($0))” is not a known severity. The source's default applies; write critical, error, warning or info."
        }
    }

    private func severity(of alert: JSON) -> Severity? {
        for place in [alert["labels"], alert["annotations"], group["commonLabels"]] {
            if let severity = Severity(loose: place?.text("severity", "priority", "level")) { return severity }
        }
        return nil
    }

    /// Returns the fingerprint, which is a hash of the labels. Without one, the key is derived from the labels.
    private func key(of alert: JSON) -> String? {
        if let fingerprint = alert.text("fingerprint") { return fingerprint }
        let labels = labels(of: alert)
        if !labels.isEmpty { return DedupKey(derivedFrom: labels).rawValue }
        return group.text("groupKey")
    }

    private func labels(of alert: JSON) -> [String] {
        (alert["labels"]?.object?.members ?? []).map { "\($0.name)=\($0.value.rendered)" }.sorted()
    }

    private func keyParts(of alert: JSON) -> [String]? {
        if let fingerprint = alert.text("fingerprint") { return ["fingerprint=\(fingerprint)"] }
        let labels = labels(of: alert)
        return labels.isEmpty ? nil : labels
    }

    private func links(of alert: JSON) -> [(title: String, url: String?)] {
        let annotations = alert["annotations"]
        return [
            ("Run book", annotations?.text("runbook_url", "runbook")), ("Source", alert.text("generatorURL")),
            ("Dashboard", alert.text("dashboardURL") ?? annotations?.text("dashboard_url", "dashboard")),
            ("Panel", alert.text("panelURL")), ("Silence", alert.text("silenceURL")),
            ("Image", alert.text("imageURL")), ("Alerts", group.text("externalURL")),
        ]
    }
}
