internal import Domain

/// Who changed what in the configuration, and when, with the values before and after.
struct AuditView: View {
    /// One changed value: `Layer “Weekly”, participants`, from `Ada` to `Ada, Bob`.
    struct Difference: Sendable, Hashable {
        var name: String
        /// Nil if the value was added.
        var before: String?
        /// Nil if the value was removed.
        var after: String?
    }

    struct Entry: Sendable {
        var author: String
        /// The way in which it was changed, unless it was through these web pages.
        var via: String?
        var action: AuditRecord.Action
        /// `schedule`, `alert source`.
        var kind: String
        var name: String
        /// The other entries for the same object.
        var history: Path
        var at: Moment
        var note: String?
        var differences: [Difference]
    }

    struct Model: Sendable {
        var entries: [Entry]
        /// `kind`, `action`, `user`.
        var filter: FormInput
        var kinds: [Field.Choice]
        var people: [Field.Choice]
        /// The object whose history is shown, or nil for all objects.
        var subject: String?
        /// The files with all entries that match.
        var exports: [(name: String, path: Path)]
        var newest: Path?
        var older: Path?
    }

    let title = "Audit log"
    let section: Section? = .audit
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Audit log", lead: "Every change of the configuration, with the values before it. Records are never changed or deleted."))
        \(model.subject.map { subject($0) } ?? filters)
        \(model.entries.isEmpty ? empty(frame) : list(frame))
        \(pager(newest: model.newest, older: model.older))
        <p class="small">All that match, as a file: \(exports)</p>
        """
    }

    private var exports: HTML {
        let links = model.exports.map { file -> HTML in "<a href=\"\(file.path)\" download>\(file.name)</a> " }
        return "\(links)"
    }

    private func subject(_ name: String) -> HTML {
        "<p>The history of <b>\(name)</b>. <a href=\"/audit\">Show everything</a></p>"
    }

    private var filters: HTML {
        let any = Field.Choice("", "any")
        let actions = AuditRecord.Action.allCases.map { Field.Choice($0.rawValue, $0.rawValue) }
        let fields: [Field] = [
            .select("kind", "What", [any] + model.kinds), .select("action", "Change", [any] + actions),
            .select("user", "By", [any] + model.people),
        ]
        return """
            <form method="get" action="/audit" class="filters" data-applies role="search">\(fields.map { $0.plain(model.filter) })
            <button class="button" type="submit">Show</button></form>
            """
    }

    private func empty(_ frame: Frame) -> HTML {
        emptyState(
            frame.symbol(.audit), "Nothing here", "No change matches.",
            action: linkButton("/audit", "Show everything"))
    }

    private func list(_ frame: Frame) -> HTML {
        "<ol class=\"framed audit\">\(model.entries.map { item($0, frame) })</ol>"
    }

    private func item(_ entry: Entry, _ frame: Frame) -> HTML {
        let via: HTML? = entry.via.map { " <span class=\"tag\">\($0)</span>" }
        let note: HTML? = entry.note.map { "<p>\($0)</p>" }
        let verb = entry.action == .noted ? "noted about" : entry.action.rawValue
        return """
            <li><p><b>\(entry.author)</b>\(via) \(verb) \(entry.kind) <a href="\(entry.history)">\(entry.name)</a></p>
            <p class="small quiet">\(entry.at.html)</p>\(note)\(if: !entry.differences.isEmpty, differences(entry))</li>
            """
    }

    /// Collapses the values of a created or deleted object, because all of them are new or gone.
    private func differences(_ entry: Entry) -> HTML {
        let rows = entry.differences.map { difference -> HTML in
            let before: HTML? = difference.before.map { "<del>\($0)</del>" }
            let after: HTML? = difference.after.map { "<ins>\($0)</ins>" }
            let arrow: HTML = before != nil && after != nil ? "<span class=\"quiet\" aria-hidden=\"true\">→</span>" : ""
            return "<dt>\(difference.name)</dt><dd>\(before)\(arrow)\(after)</dd>"
        }
        let table: HTML = "<dl class=\"changes\">\(rows)</dl>"
        guard entry.action == .created || entry.action == .deleted else { return table }
        return "<details class=\"small\"><summary>Its values</summary>\(table)</details>"
    }
}
