/// One entry as a line of a timeline.
struct TimelineLine: Sendable {
    /// The kind of entry, which determines the line's symbol and colour.
    enum Kind: String, Sendable {
        case opened, page, delivered, failed, held, person, reply, resolved, system
    }

    var kind: Kind
    var symbol: Symbol
    var author: String
    /// The way in which it was done, unless it was through these web pages.
    var via: String?
    var sentence: String
    /// The full text that someone wrote.
    var note: String?
    var at: Moment
}

/// The timeline. Symbol, colour and words distinguish pages, receipts, replies and people.
func timeline(_ lines: [TimelineLine], _ frame: Frame) -> HTML {
    let items = lines.map { line -> HTML in
        let via: HTML? = line.via.map { " <span class=\"tag\">\($0)</span>" }
        let note: HTML? = line.note.map { "<div class=\"note\" dir=\"auto\">\($0)</div>" }
        return """
            <li class="\(line.kind.rawValue)"><span class="dot">\(frame.symbol(line.symbol))</span>
            <div class="what"><p><b>\(line.author)</b> \(line.sentence)\(via)</p>\(note)<p class="when">\(line.at.dated)</p></div></li>
            """
    }
    return "<ol class=\"timeline\">\(items)</ol>"
}
