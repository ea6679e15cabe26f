package import Domain

/// All incidents, filtered. What is chosen stands in the address.
package struct IncidentListView: View {
    /// Which states are shown.
    package enum Tab: String, Sendable, CaseIterable {
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

    package struct Model: Sendable {
        package var list: IncidentList
        package var tab: Tab
        package var counts: [Incident.State.Name: Int]
        /// `q`, `team`, `severity`, `source`.
        package var filter: FormInput
        package var teams: [Field.Choice]
        package var sources: [Field.Choice]
        package var newest: Path?
        package var older: Path?
        /// Whether there are incidents at all.
        package var isFresh: Bool

        package init(
            list: IncidentList, tab: Tab, counts: [Incident.State.Name: Int], filter: FormInput, teams: [Field.Choice],
            sources: [Field.Choice], newest: Path?, older: Path?, isFresh: Bool
        ) {
            self.list = list
            self.tab = tab
            self.counts = counts
            self.filter = filter
            self.teams = teams
            self.sources = sources
            self.newest = newest
            self.older = older
            self.isFresh = isFresh
        }
    }

    package let title = "Incidents"
    package let section: Section? = .incidents
    private let model: Model

    package init(_ model: Model) { self.model = model }

    package func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Incidents"))
        \(tabs)
        \(filters(frame))
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
        ["q", "team", "severity", "source"].map { ($0, model.filter[$0]) }
    }

    private func count(_ tab: Tab) -> Int {
        let counts = model.counts
        return switch tab {
        case .open: (counts[.triggered] ?? 0) + (counts[.acknowledged] ?? 0)
        case .triggered: counts[.triggered] ?? 0
        case .acknowledged: counts[.acknowledged] ?? 0
        case .resolved: counts[.resolved] ?? 0
        case .all: counts.values.reduce(0, +)
        }
    }

    private func filters(_ frame: Frame) -> HTML {
        let severities = Severity.allCases.reversed().map { Field.Choice($0.rawValue, $0.rawValue) }
        let any = Field.Choice("", "any")
        let fields: [Field] = [
            .select("severity", "Severity", [any] + severities), .select("team", "Team", [any] + model.teams),
            .select("source", "Source", [any] + model.sources),
        ]
        return """
            <form method="get" action="/incidents" class="filters" data-applies role="search">
            <input type="hidden" name="state" value="\(model.tab.rawValue)">
            <div class="field search"><label for="q">Search</label>
            <input id="q" name="q" type="search" value="\(model.filter["q"])" maxlength="200" autocomplete="off"></div>
            \(fields.map { $0.plain(model.filter) })
            <button class="button" type="submit">\(frame.symbol(.search))Search</button></form>
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
                frame.symbol(.resolve), "All quiet", "No incident is open. Whatever comes in appears here by itself.")
        }
        return emptyState(
            frame.symbol(.search), "Nothing found", "No incident is like this.",
            action: linkButton(Path("/incidents").with([("state", "all")]), "Show all"))
    }
}
