internal import Domain

/// Which coming shifts an edit changes, in words: `Mon 30 Nov, 09:00 to Mon 7 Dec, 09:00: Ana → Bo`.
struct ShiftChangeList: Sendable {
    struct Line: Sendable {
        var from: Timestamp
        var to: Timestamp
        var before: String
        var after: String
    }

    /// The changes that are listed. The rest is counted.
    private static let limit = 20

    let lines: [Line]
    let more: Int
    let reader: Reader

    init(_ changes: [ShiftChange], from old: Configuration, to new: Configuration, _ reader: Reader) {
        lines = changes.prefix(Self.limit).map { change in
            Line(
                from: change.from, to: change.to, before: old.names(of: change.before),
                after: new.names(of: change.after)
            )
        }
        more = max(0, changes.count - Self.limit)
        self.reader = reader
    }

    var html: HTML {
        guard !lines.isEmpty else {
            return
                "<section class=\"card\" id=\"changes\"><h2>What changes</h2><p>No shift changes within 12 weeks.</p></section>"
        }
        let items = lines.map { line -> HTML in
            """
            <li>\(reader.span(line.from, line.to)): \(line.before) → <b>\(line.after)</b></li>
            """
        }
        let rest: HTML? = more == 0 ? nil : "<p class=\"small quiet\">And \(more) more within 12 weeks.</p>"
        return """
            <section class="card stack" id="changes"><h2>What changes</h2><ul class="list">\(items)</ul>\(rest)</section>
            """
    }

    /// The first changes as one sentence, for a button's explanation.
    var sentence: String {
        guard !lines.isEmpty else { return "No shift changes within 12 weeks." }
        let first = lines.prefix(3).map { "\(reader.local($0.from)): \($0.before) → \($0.after)" }
        let rest = lines.count + more - first.count
        return "\(first.joined(separator: "; "))\(rest > 0 ? "; and \(rest) more" : "")."
    }
}

extension Configuration {
    fileprivate func names(of people: [UserID]) -> String {
        people.isEmpty ? "nobody" : people.map { name(of: $0) }.joined(separator: ", ")
    }
}

extension WebRequest {
    /// Which coming shifts change if a schedule is stored in another version.
    func shiftChanges(of schedule: Schedule, to next: Schedule) -> ShiftChangeList {
        let after = configuration.applying(configuration.keepingDuty([.save(next)], at: now))
        let changes = configuration.shiftChanges(
            to: after, in: schedule.id, from: now, to: now + Configuration.editHorizon)
        return ShiftChangeList(
            changes, from: configuration, to: after, Reader(now: now, timeZone: next.timeZone, form: reader.form))
    }
}
