package import Domain

/// What messages about a made-up incident say with a template, written by the code that writes real messages.
package struct TemplatePreview: Sendable, Hashable {
    package struct Sample: Sendable, Hashable {
        package let channel: Channel
        package let text: String
        /// What it would say without the template.
        package let usual: String
        /// Nil for channels on which length costs nothing.
        package let measure: TextMeasure?
    }

    package let samples: [Sample]
    /// Labels that the template names and the made-up alert lacks. They are empty in the samples.
    package let missingLabels: [String]
}

extension MessageWriter {
    /// - Parameter reader: whose time zone and, for a template in all languages, whose language the samples have.
    package func preview(of template: MessageTemplate, for reader: User, at now: Timestamp) -> TemplatePreview {
        let incident = Incident.sample(at: now)
        let labels = ((try? TemplateText(template.text))?.placeholders ?? []).compactMap { placeholder in
            if case .label(let name) = placeholder, incident.labels[name] == nil { name } else { nil }
        }
        let samples = template.use.sampleChannels.compactMap { channel -> TemplatePreview.Sample? in
            guard let text = sample(of: incident, on: channel, template.use, template, reader),
                let usual = sample(of: incident, on: channel, template.use, nil, reader, in: template.language)
            else { return nil }
            return .init(channel: channel, text: text, usual: usual, measure: channel == .sms ? TextMeasure(text) : nil)
        }
        return TemplatePreview(samples: samples, missingLabels: labels)
    }

    private func sample(
        of incident: Incident, on channel: Channel, _ use: MessageTemplate.Use, _ template: MessageTemplate?,
        _ reader: User, in language: MessageTemplate.Language? = nil
    ) -> String? {
        var reader = reader
        if let language = language ?? template?.language, language != .all { reader.locale = language.rawValue }
        let configuration = Configuration(
            users: [reader], teams: [Team(id: incident.teamID, name: "Operations")],
            sources: [AlertSource(id: "sample", name: "Prometheus", teamID: incident.teamID)],
            messageTemplates: template.map { [$0] } ?? [])
        let page = Page(
            id: "sample", purpose: .incident(incident.id, cycle: 1, step: 0), userID: reader.id,
            contactMethodID: "sample", channel: channel, address: "", urgency: .high, dueAt: incident.openedAt)
        guard let message = try? message("sample", [page], [incident], configuration) else { return nil }
        return switch use {
        case .text, .voice: message.shortText
        case .title: message.subject
        case .opening: channel.definition.form == .mail ? message.text : message.shortText
        }
    }
}

extension Incident {
    /// A made-up incident like those that most people have.
    static func sample(at now: Timestamp) -> Incident {
        let team: TeamID = "sample"
        return Incident(
            id: "sample", number: 42, sourceID: "sample", teamID: team, dedupKey: DedupKey("sample"),
            title: "Disk almost full on db-1", text: "97 % of /var is used. It will be full in 40 minutes.",
            severity: .critical, links: [],
            labels: ["host": "db-1", "instance": "db-1:9100", "service": "checkout", "env": "production"],
            policy: EscalationPolicy(id: "sample", name: "", teamID: team, steps: []), state: .triggered(.exhausted),
            openedAt: now)
    }
}
