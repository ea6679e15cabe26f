internal import Domain

/// All incidents, filtered. The filter is part of the URL.
struct IncidentListView: View {
    /// Which states to show.
    enum Tab: String, Sendable, CaseIterable {
        case open, triggered, acknowledged, resolved, all

        var label: String {
            switch self {
            case .open: "Open"
            case .triggered: "Triggered"
            case .acknowledged: "Acknowledged"
            case .resolved: "Resolved"
            case .all: "All"
            }
        }
    }

    struct Model: Sendable {
        var list: IncidentList
        var tab: Tab
        var counts: IncidentCounts
        /// What was not searched, if anything.
        var gap: String?
        /// `q`, `team`, `severity`, `source`, `since`, `until`, and the faults of days.
        var filter: FormInput
        var teams: [Field.Choice]
        var sources: [Field.Choice]
        var newest: Path?
        var older: Path?
        /// Whether there are no incidents at all, however they are filtered.
        var isFresh: Bool
    }

    let title = "Incidents"
    let section: Section? = .incidents
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Incidents"))
        \(tabs)
        \(filters(frame))\(model.gap.map { gap -> HTML in "<p class=\"hint\">\(gap)</p>" } ?? "")
        <section id="incidents" data-live aria-label="Incidents">\(model.list.rows.isEmpty ? empty(frame) : model.list.html(frame))
        </section>
        \(pager(newest: model.newest, older: model.older))
        """
    }

    private var tabs: HTML {
        let links = Tab.allCases.map { tab -> HTML in
            let path = Path("/incidents").with([("state", tab == .open ? "" : tab.rawValue)] + others)
            return """
                <a href="\(path)"\(if: tab == model.tab, " aria-current=\"page\"")>\(tab.label)<span class="small">\(count(tab))</span></a>
                """
        }
        return "<nav class=\"chips\" aria-label=\"State\">\(links)</nav>"
    }

    private var others: [(name: String, value: String)] {
        IncidentSearch.names.map { ($0, model.filter[$0]) }
    }

    private func count(_ tab: Tab) -> String {
        let states: Set<Incident.State.Name> =
            switch tab {
            case .open: [.triggered, .acknowledged]
            case .triggered: [.triggered]
            case .acknowledged: [.acknowledged]
            case .resolved: [.resolved]
            case .all: [.triggered, .acknowledged, .resolved]
            }
        return model.counts.words(of: states)
    }

    private func filters(_ frame: Frame) -> HTML {
        let severities = Severity.allCases.reversed().map { Field.Choice($0.rawValue, $0.rawValue) }
        let any = Field.Choice("", "any")
        let fields: [Field] = [
            .select("severity", "Severity", [any] + severities), .select("team", "Team", [any] + model.teams),
            .select("source", "Source", [any] + model.sources), .date("since", "Opened from"),
            .date("until", "Opened until"),
        ]
        let faults = model.filter.faults.map { fault -> HTML in
            "<p class=\"fault\" role=\"alert\">\(fault.explanation)</p>"
        }
        let help = "A text, a number like #12, or days like after:2026-11-01 before:2026-11-05"
        return """
            <form method="get" action="/incidents" class="filters" data-applies role="search">
            <input type="hidden" name="state" value="\(model.tab.rawValue)">
            <div class="field search"><label for="q">Search</label>
            <input id="q" name="q" type="search" value="\(model.filter["q"])" maxlength="200" autocomplete="off" title="\(help)"></div>
            \(fields.map { $0.plain(model.filter) })
            <button class="button" type="submit">\(frame.symbol(.search))Search</button></form>\(faults)
            """
    }

    private func empty(_ frame: Frame) -> HTML {
        if model.isFresh {
            return emptyState(
                frame.symbol(.sources), "No incident yet",
                "Incidents open when an alert source sends an alert.",
                action: linkButton("/alert-sources", "Connect an alert source", style: .primary))
        }
        if model.tab == .open && others.allSatisfy(\.value.isEmpty) {
            return emptyState(
                frame.symbol(.resolve), "All quiet", "No incident is open. New incidents appear here by themselves.")
        }
        return emptyState(
            frame.symbol(.search), "Nothing found", "No incident matches.",
            action: model.tab == .all
                ? linkButton("/incidents", "Clear the search")
                : linkButton(Path("/incidents").with([("state", "all")] + others), "Show all"))
    }
}
