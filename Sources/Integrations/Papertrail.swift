internal import Domain
internal import Formats

/// Papertrail's webhook for a saved search: the matching lines, or their number.
///
/// https://www.papertrail.com/help/webhooks/
struct PapertrailIntegration: JSONIntegration {
    static let kind = "papertrail"
    static let title = "Papertrail"
    static let fields = FieldGuide(
        status: "always firing; use automatic resolution", key: "`saved_search.id`", title: "`saved_search.name`",
        text: "the lines of `events`, or `counts`", severity: "the source's default",
        links: "`saved_search.html_search_url`, `saved_search.html_edit_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [.address("Save the search, add an alert of the kind Webhook with this URL.", url: url, key: key)]
    }

    static func recognises(_ json: JSON) -> Bool { json["saved_search"]?.object != nil }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard let search = json["saved_search"], search.object != nil else { return nil }
        let events = json["events"]?.array ?? []
        var draft = Draft(
            title: search.text("name") ?? search.text("query").map { "Papertrail search: \($0)" } ?? "Papertrail")
        draft.text = [
            search.text("query").map { "Search: \($0)" },
            events.prefix(20).map { line(of: $0) }.joined(separator: "\n"),
            events.count > 20 ? "\(events.count - 20) more lines." : nil, counts(json),
        ]
        draft.key = search.text("id", "name")
        draft.link("Search", search.text("html_search_url"))
        draft.link("Edit", search.text("html_edit_url"))
        draft.label("host", events.first?.text("hostname", "source_name"))
        draft.label("program", events.first?.text("program"))
        draft.startsAt = events.first?.instant("received_at")
        return Decoded(draft)
    }

    private func line(of event: JSON) -> String {
        [
            event.text("display_received_at", "received_at"), event.text("hostname", "source_name"),
            event.text("program"), event.text("message"),
        ].compactMap(\.self).joined(separator: " ")
    }

    private func counts(_ json: JSON) -> String? {
        guard let counts = json["counts"]?.array, !counts.isEmpty else { return nil }
        return counts.prefix(20).map { count in
            let total = (count["timeseries"]?.object?.members ?? []).reduce(0) { sum, member in
                sum.addingReportingOverflow(member.value.integer ?? 0).partialValue
            }
            return "\(count.text("source_name") ?? "?"): \(total)"
        }.joined(separator: "\n")
    }
}
