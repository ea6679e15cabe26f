internal import Domain
internal import Formats

/// Splunk's webhook alert action. It reports that a search found something, but never that the problem is over.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/Alert/Webhooks
struct SplunkIntegration: JSONIntegration {
    static let kind = "splunk"
    static let title = "Splunk"
    static let fields = FieldGuide(
        status: "always firing; use automatic resolution",
        key: "`app` and `search_name`, else the search's part of `sid`",
        title: "`search_name`, else the app's search", text: "`result._raw`, else `result`",
        severity: "`result.severity`", links: "`results_link`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [.address("Edit the alert, add the action Webhook with this URL.", url: url, key: key)]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("results_link", "sid") || json.has("search_name", "result")
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard json["result"] != nil || json["search_name"] != nil || json["results_link"] != nil else { return nil }
        let (app, name) = (json.text("app") ?? "search", json.text("search_name"))
        let result = json["result"] ?? .null
        var draft = Draft(title: name ?? options.title ?? "Splunk alert in the app \(app)")
        let members = result.object?.members.filter { !$0.name.hasPrefix("_") && !$0.value.rendered.isEmpty } ?? []
        draft.text = [result.text("_raw") ?? members.map { "\($0.name): \($0.value.rendered)" }.joined(separator: "\n")]
        draft.severity = Severity(loose: result.text("severity", "urgency"))
        draft.key = "\(app)/\(name ?? search(of: json.text("sid")) ?? "")"
        draft.link("Results", json.text("results_link"))
        draft.label("app", app)
        draft.label("owner", json.text("owner"))
        for name in ["host", "source", "sourcetype", "index"] { draft.label(name, result.text(name)) }
        draft.startsAt = result.instant("_time")
        return Decoded(draft)
    }

    /// In `rt_scheduler__admin__search__sudo_at_1483557185_2.2`, the search comes before `_at_` and its run time after
    /// it.
    private func search(of sid: String?) -> String? {
        guard let sid else { return nil }
        let parts = sid.split(separator: "_", omittingEmptySubsequences: false)
        guard let place = parts.lastIndex(of: "at") else { return sid }
        return parts[..<place].joined(separator: "_")
    }
}
