internal import Domain
internal import Store

/// What the incident list is asked for: words, days and choices, all of them in the URL.
///
/// The words may contain `after:2026-11-01` and `before:2026-11-05`, which mean the same as the fields for days: after
/// counts from the beginning of its day, before ends at the beginning of its day.
struct IncidentSearch {
    /// Everything but the state and the place in the list.
    static let names = ["q", "team", "severity", "source", "since", "until"]

    var filter = IncidentFilter()
    var faults: [FieldFault] = []

    init(_ query: (String) -> String, _ configuration: Configuration, _ reader: Reader) {
        filter.teams = configuration.teams[TeamID(query("team"))].map { [$0.id] } ?? []
        filter.severities = Set([Severity(rawValue: query("severity"))].compactMap { $0 })
        filter.source = configuration.source(SourceID(query("source")))?.id
        let clock = reader.local
        filter.since = day("since", query("since"), clock)
        // The second field names the last day.
        filter.until = day("until", query("until"), clock, after: 1)
        var words: [Substring] = []
        for word in query("q").split(whereSeparator: \.isWhitespace) {
            if word.lowercased().hasPrefix("after:") {
                filter.since = later(filter.since, day("q", word.dropFirst(6), clock))
            } else if word.lowercased().hasPrefix("before:") {
                filter.until = earlier(filter.until, day("q", word.dropFirst(7), clock))
            } else {
                words.append(word)
            }
        }
        filter.text = words.joined(separator: " ")
    }

    private mutating func day(
        _ field: String, _ text: some StringProtocol, _ clock: LocalClock, after days: Int = 0
    ) -> Timestamp? {
        guard !text.isEmpty else { return nil }
        guard let date = CivilDate(text) else {
            faults.append(FieldFault(field, "“\(text.prefix(40))” is not a day. Write it like 2026-11-01."))
            return nil
        }
        let instant = clock.instant(date.adding(days: days), minute: 0)
        guard Timestamp.accepted.contains(instant) else {
            faults.append(FieldFault(field, "Write a day of the years 1970 to 9999."))
            return nil
        }
        return instant
    }

    private func later(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? { [one, other].compactMap(\.self).max() }

    private func earlier(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? {
        [one, other].compactMap(\.self).min()
    }
}
