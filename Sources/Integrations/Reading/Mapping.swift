package import Domain
internal import Formats

/// Where to find the parts of an alert in a payload that no integration reads. The operator names the paths.
///
/// A path is relative to one alert, or to the whole payload if it begins with `$.`. A text with `{…}` in it is a
/// template of paths: `{host}: {check.output}`.
package struct Mapping: Sendable, Hashable {
    /// The path of the list of alerts. Nil when the payload is one alert or an array of alerts.
    package var items: String?
    package var title: String
    package var text: String?
    package var severity: String?
    package var status: String?
    package var dedupKey: String?
    package var link: String?
    package var startsAt: String?
    package var team: String?
    /// Paths of labels. Each label has the name of the last part of its path.
    package var labels: [String]
    /// The status values that mean resolved. Empty uses the common words.
    package var resolvedValues: [String]
    /// The severities of values that no scale knows, by the value in lower case.
    package var severities: [String: Severity]

    package init(
        items: String? = nil, title: String, text: String? = nil, severity: String? = nil, status: String? = nil,
        dedupKey: String? = nil, link: String? = nil, startsAt: String? = nil, team: String? = nil,
        labels: [String] = [], resolvedValues: [String] = [], severities: [String: Severity] = [:]
    ) {
        self.items = items
        self.title = title
        self.text = text
        self.severity = severity
        self.status = status
        self.dedupKey = dedupKey
        self.link = link
        self.startsAt = startsAt
        self.team = team
        self.labels = labels
        self.resolvedValues = resolvedValues
        self.severities = severities
    }

    init(_ reader: inout OptionsReader) {
        self.init(
            items: reader.path("items"), title: reader.path("title") ?? "", text: reader.path("text"),
            severity: reader.path("severity"), status: reader.path("status"), dedupKey: reader.path("dedup_key"),
            link: reader.path("link"), startsAt: reader.path("starts_at"), team: reader.path("team"),
            labels: reader.texts("labels"), resolvedValues: reader.texts("resolved_values"),
            severities: reader.severities("severity_values"))
        if title.isEmpty { reader.fault("title", "Name the path of the title.") }
    }
}

extension OptionsReader {
    /// A path, or a template of paths.
    fileprivate mutating func path(_ name: String) -> String? {
        guard let path = text(name) else { return nil }
        if !path.contains("{") && JSONPath.steps(of: path) == nil {
            fault(name, "This is not a path. Write it like data.alerts[0].name.")
        }
        return path
    }
}
