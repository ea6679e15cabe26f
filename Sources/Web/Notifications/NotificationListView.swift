internal import Domain

/// The log of pages: who was paged about what, over which channel, and whether the page was delivered.
struct NotificationListView: View {
    /// Which states to show.
    enum Tab: String, Sendable, CaseIterable {
        case all, waiting, sent, delivered, failed, withheld, cancelled

        var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    }

    struct Model: Sendable {
        var rows: [NotificationRow]
        var tab: Tab
        /// The values of `NotificationListView.filters`.
        var filter: FormInput
        var people: [Field.Choice]
        /// The path of this list, to return to.
        var here: Path
        var newest: Path?
        var older: Path?
    }

    let title = "Notifications"
    let section: Section? = .notifications
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Notifications", lead: "Every page to a person. Sent: the provider accepted it. Delivered: the provider reported that it arrived."))
        \(tabs)
        \(filters(frame))
        <section id="log" data-live aria-label="Notifications">\(model.rows.isEmpty ? empty(frame) : notificationList(model.rows, back: model.here, frame))</section>
        \(pager(newest: model.newest, older: model.older))
        """
    }

    /// What narrows the list besides the state. `hours` are those of the person's day, like `22-23`.
    static let filters = ["channel", "user", "team", "since", "until", "hours"]

    private var others: [(name: String, value: String)] {
        NotificationListView.filters.map { ($0, model.filter[$0]) }
    }

    private var tabs: HTML {
        let links = Tab.allCases.map { tab -> HTML in
            let path = Path("/notifications").with([("state", tab == .all ? "" : tab.rawValue)] + others)
            return "<a href=\"\(path)\"\(if: tab == model.tab, " aria-current=\"page\"")>\(tab.label)</a>"
        }
        return "<nav class=\"chips\" aria-label=\"State\">\(links)</nav>"
    }

    private func filters(_ frame: Frame) -> HTML {
        let any = Field.Choice("", "any")
        let channels = Channel.allCases.map { Field.Choice($0.rawValue, $0.name) }
        let fields: [Field] = [
            .select("channel", "Channel", [any] + channels), .select("user", "Person", [any] + model.people),
            .date("since", "Sent from"), .date("until", "Sent until"),
        ]
        // They come from a report.
        let hidden = ["team", "hours"].filter { !model.filter[$0].isEmpty }.map { name -> HTML in
            "<input type=\"hidden\" name=\"\(name)\" value=\"\(model.filter[name])\">"
        }
        let hours: HTML? =
            model.filter["hours"].isEmpty
            ? nil : "<p class=\"small quiet\">Only pages in the hours \(model.filter["hours"]) of the person’s day.</p>"
        return """
            <form method="get" action="/notifications" class="filters" data-applies role="search">
            <input type="hidden" name="state" value="\(model.tab.rawValue)">
            \(hidden)\(fields.map { $0.plain(model.filter) })
            <button class="button" type="submit">Show</button></form>\(hours)
            """
    }

    private func empty(_ frame: Frame) -> HTML {
        if model.tab == .all && others.allSatisfy(\.value.isEmpty) {
            return emptyState(
                frame.symbol(.notifications), "Nobody was paged yet",
                "When an incident opens, every message to a person is logged here, with its attempts.",
                action: linkButton("/incidents", "To the incidents"))
        }
        return emptyState(
            frame.symbol(.search), "Nothing found", "No page matches.",
            action: linkButton("/notifications", "Show all"))
    }
}
