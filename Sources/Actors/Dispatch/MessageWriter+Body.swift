internal import Database
internal import Domain

/// What a webhook gets: PagerPal's JSON, or the body that the owner of the contact method wrote.
extension MessageWriter {
    /// - Returns: the body and its media type.
    func body(
        _ id: String, _ page: Page, _ words: Words, _ incidents: [Incident], _ configuration: Configuration,
        isPossibleDuplicate: Bool
    ) throws(DatabaseError) -> (String?, String) {
        let own = configuration.contactMethods[page.contactMethodID]?.body ?? BodyTemplate()
        let usual = WebhookBody(id, page, words, incidents, isPossibleDuplicate: isPossibleDuplicate)
        var values =
            incidents.isEmpty
            ? TemplateValues(title: words.subject, text: words.text) : values(page, words, incidents, configuration)
        values.facts = [
            .id: id, .type: usual.type, .urgency: usual.urgency,
            .state: incidents.count == 1 ? incidents[0].state.name.rawValue : "",
            .openedAt: incidents.map(\.openedAt).min()?.rfc3339 ?? "", .possibleDuplicate: "\(isPossibleDuplicate)",
        ]
        if let text = own.filled(values) { return (text, own.header) }
        return (try usual.json(), BodyTemplate().header)
    }

    /// Programs read the severity, so it is not translated. What several incidents have in common is filled in.
    private func values(
        _ page: Page, _ words: Words, _ incidents: [Incident], _ configuration: Configuration
    ) -> TemplateValues {
        let severity = (incidents.map(\.severity).max() ?? .info).rawValue
        if incidents.count == 1, var values = words.values {
            values.severity = severity
            return values
        }
        let teams = Set(incidents.map(\.teamID)), sources = Set(incidents.map(\.sourceID))
        return TemplateValues(
            number: incidents[0].number, severity: severity, title: words.subject, text: words.detail ?? words.text,
            team: teams.count == 1 ? configuration.teams[incidents[0].teamID]?.name ?? "" : "",
            source: sources.count == 1 ? incidents[0].sourceID.flatMap { configuration.source($0)?.name } ?? "" : "",
            opened: incidents.map(\.openedAt).min().map { configuration.local($0, of: page.userID) } ?? "",
            labels: [:], link: words.url ?? "")
    }
}
