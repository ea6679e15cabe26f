/// What stands where a list is empty: what it would show, and what to do next.
func emptyState(_ symbol: HTML, _ title: String, _ advice: String, action: HTML? = nil) -> HTML {
    """
    <div class="empty">\(symbol)<h2>\(title)</h2><p>\(advice)</p>\(action)</div>
    """
}

/// A link that looks like a button.
func linkButton(_ path: Path, _ label: String, symbol: HTML? = nil, style: ButtonStyle = .plain) -> HTML {
    "<a class=\"button \(style.rawValue)\" href=\"\(path)\">\(symbol)\(label)</a>"
}

/// How much a button calls for attention.
enum ButtonStyle: String, Sendable { case plain, primary, danger, quiet }

/// A text to be copied, with a button that the script brings to life.
func copyable(_ text: String, label: String = "Copy") -> HTML {
    """
    <div class="copyable"><pre tabindex="0"><code>\(text)</code></pre>\
    <button type="button" class="button quiet" data-copy hidden>\(label)</button></div>
    """
}

/// Links to the pages before and after this one; nil where there is none.
func pager(newest: Path?, older: Path?) -> HTML {
    guard newest != nil || older != nil else { return "" }
    let first: HTML? = newest.map { "<a class=\"button\" href=\"\($0)\">Newest</a>" }
    let next: HTML? = older.map { "<a class=\"button\" href=\"\($0)\" rel=\"next\">Older</a>" }
    return "<nav class=\"pager\" aria-label=\"Pages of the list\">\(first)\(next)</nav>"
}
