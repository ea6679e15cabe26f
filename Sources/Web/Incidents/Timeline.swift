/// One thing that happened, as a line of a timeline.
struct TimelineLine: Sendable {
    /// What kind of thing it was: the line's symbol and colour.
    enum Kind: String, Sendable {
        case opened, page, delivered, failed, held, person, reply, resolved, system
    }

    var kind: Kind
    var symbol: Symbol
    var author: String
    /// How it came in, when not by these pages.
    var via: String?
    var sentence: String
    /// What somebody wrote, in full.
    var note: String?
    var at: Moment
}

/// Pages, receipts, replies and people, told apart by symbol, colour and words.
func timeline(_ lines: [TimelineLine], _ frame: Frame) -> HTML {
    let items = lines.map { line -> HTML in
        let via: HTML? = line.via.map { " <span class=\"tag\">\($0)</span>" }
        let note: HTML? = line.note.map { "<div class=\"note\">\($0)</div>" }
        return """
            <li class="\(line.kind.rawValue)"><span class="dot">\(frame.symbol(line.symbol))</span>
            <div class="what"><p><b>\(line.author)</b> \(line.sentence)\(via)</p>\(note)<p class="when">\(line.at.html)</p></div></li>
            """
    }
    return "<ol class=\"timeline\">\(items)</ol>"
}
