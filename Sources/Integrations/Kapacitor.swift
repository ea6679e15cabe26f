internal import Domain
internal import Formats

/// InfluxData's Kapacitor: the alert data that its HTTP post handler sends
/// (https://docs.influxdata.com/kapacitor/v1/reference/event_handlers/post/).
struct KapacitorIntegration: JSONIntegration {
    static let kind = "kapacitor"
    static let title = "Kapacitor"
    static let fields = FieldGuide(
        status: "`level`: OK resolves", key: "`id`", title: "`message`, else `id`", text: "`details`",
        severity: "`level`: CRITICAL, WARNING, INFO", links: "none")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Add an endpoint to kapacitor.conf.",
                code: """
                    [[httppost]]
                      endpoint = "pagerpal"
                      url = "\(url)"
                      headers = { X-API-Key = "\(key)" }
                    """),
            SetupStep(
                "Use it in a TICKscript; stateChangesOnly keeps it quiet in between.",
                code: "|alert()\n  .stateChangesOnly()\n  .post().endpoint('pagerpal')"),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("id", "level", "previousLevel") || json.has("id", "level", "message", "data")
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard let id = json.text("id"), json.has("level") || json.has("message") else { return nil }
        var draft = Draft()
        switch json.text("level")?.uppercased() {
        case "OK": draft.status = .resolved
        case "CRITICAL": draft.severity = .critical
        case "WARNING": draft.severity = .warning
        case "INFO": draft.severity = .info
        default: break
        }
        draft.title = json.text("message") ?? id
        draft.text = [json.text("details").map { $0 == draft.title ? "" : $0 }, values(json.at("data.series"))]
        draft.key = id
        for series in json.at("data.series")?.array ?? [] { draft.label(all: series["tags"]) }
        draft.happened(at: json.instant("time"))
        return Decoded(draft)
    }

    /// Returns the newest row of each series: `cpu: usage_idle = 1.2`.
    private func values(_ series: JSON?) -> String? {
        let lines = (series?.array ?? []).prefix(10).compactMap { series -> String? in
            guard let row = series["values"]?.array?.last?.array, let columns = series["columns"]?.array else {
                return nil
            }
            let pairs = zip(columns, row).filter { $0.0.text != "time" && $0.1 != .null }
            let texts = pairs.map { "\($0.0.rendered) = \($0.1.rendered)" }
            return texts.isEmpty ? nil : "\(series.text("name") ?? "data"): \(texts.joined(separator: ", "))"
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
