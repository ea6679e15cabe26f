package import Domain

/// Who changed what of the configuration, when, and what it was before.
package struct AuditView: View {
    /// One value that changed: `Layer “Weekly”, participants`, from `Ada` to `Ada, Bob`.
    package struct Difference: Sendable, Hashable {
        package var name: String
        /// Nil: it was not there.
        package var before: String?
        /// Nil: it is not there any more.
        package var after: String?

        package init(name: String, before: String?, after: String?) {
            self.name = name
            self.before = before
            self.after = after
        }
    }

    package struct Entry: Sendable {
        package var author: String
        /// How it came in, when not by these pages.
        package var via: String?
        package var action: AuditRecord.Action
        /// `schedule`, `alert source`.
        package var kind: String
        package var name: String
        /// Its other records.
        package var history: Path
        package var at: Moment
        package var note: String?
        package var differences: [Difference]

        package init(
            author: String, via: String?, action: AuditRecord.Action, kind: String, name: String, history: Path,
            at: Moment, note: String?, differences: [Difference]
        ) {
            self.author = author
            self.via = via
            self.action = action
            self.kind = kind
            self.name = name
            self.history = history
            self.at = at
            self.note = note
            self.differences = differences
        }
    }

    package struct Model: Sendable {
        package var entries: [Entry]
        /// `kind`, `action`, `user`.
        package var filter: FormInput
        package var kinds: [Field.Choice]
        package var people: [Field.Choice]
        /// The one thing whose history is shown; nil: all.
        package var subject: String?
        package var newest: Path?
        package var older: Path?

        package init(
            entries: [Entry], filter: FormInput, kinds: [Field.Choice], people: [Field.Choice], subject: String?,
            newest: Path?, older: Path?
        ) {
            self.entries = entries
            self.filter = filter
            self.kinds = kinds
            self.people = people
            self.subject = subject
            self.newest = newest
            self.older = older
        }
    }

    package let title = "Audit log"
    package let section: Section? = .audit
    private let model: Model

    package init(_ model: Model) { self.model = model }

    package func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Audit log", lead: "Every change of the configuration, with what was there before. Records are only ever added."))
        \(model.subject.map { subject($0) } ?? filters)
        \(model.entries.isEmpty ? empty(frame) : list(frame))
        \(pager(newest: model.newest, older: model.older))
        """
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
            frame.symbol(.audit), "Nothing here", "No change of the configuration is like this.",
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

    /// What was created or deleted is folded away: all of it is new, or gone.
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
