internal import Domain

/// The operator's own words, by what they replace. Where there are none, PagerPal's own words stand.
struct TemplateListView: View {
    struct Row: Sendable {
        var path: Path
        /// `All languages`, `German`.
        var language: String
        var text: String
    }

    struct Group: Sendable {
        var use: MessageTemplate.Use
        var rows: [Row]
        /// The people whose messages have PagerPal's own words; nil if there are none.
        var others: String?
        /// Whether there are languages without a template.
        var mayCreate: Bool
    }

    let title = "Message templates"
    let section: Section? = .templates
    let groups: [Group]

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title, lead: "Your own words for messages about an incident. Where there are none, PagerPal uses its own. Several incidents in one message, and everything that is not about one incident, always have PagerPal’s words."))
        \(groups.map { card($0, frame) })
        """
    }

    private func card(_ group: Group, _ frame: Frame) -> HTML {
        let path = Path("/message-templates/new").with([("use", group.use.rawValue)])
        let label = group.rows.isEmpty ? "Write your own" : "Another language"
        let name: HTML = "<span class=\"visually-hidden\">: \(group.use.name)</span>"
        let create: HTML = """
            <a class="button" href="\(path)">\(frame.symbol(.plus))\(label)\(name)</a>
            """
        let rows = group.rows.map { row -> HTML in
            "<li class=\"stack\"><b><a href=\"\(row.path)\">\(row.language)</a></b><div class=\"letter\">\(row.text)</div></li>"
        }
        let usual: HTML = """
            <div class="letter">\(group.use.usualText)</div>
            """
        let others = group.others.map { people -> HTML in
            """
            <li class="stack"><span class="quiet">\(people): PagerPal’s own words\(if: group.use.usualText.isEmpty, ", which begin with the facts")</span>\
            \(if: !group.use.usualText.isEmpty, usual)</li>
            """
        }
        return """
            <section class="card" id="\(group.use.rawValue)"><header><h2>\(group.use.name)</h2>\(if: group.mayCreate, create)</header>
            <div class="stack"><p class="quiet">\(group.use.explanation)</p><ul class="list">\(rows)\(others)</ul></div></section>
            """
    }
}
