/// Replaces an empty list: says what it would show and what to do next.
func emptyState(_ symbol: HTML, _ title: String, _ advice: String, action: HTML? = nil) -> HTML {
    """
    <div class="empty">\(symbol)<h2>\(title)</h2><p>\(advice)</p>\(action)</div>
    """
}

/// A link that looks like a button.
func linkButton(_ path: Path, _ label: String, symbol: HTML? = nil, style: ButtonStyle = .plain) -> HTML {
    "<a class=\"button \(style.rawValue)\" href=\"\(path)\">\(symbol)\(label)</a>"
}

/// How prominent a button is.
enum ButtonStyle: String, Sendable { case plain, primary, danger, quiet }

/// Text with a copy button, which needs the script.
func copyable(_ text: String, label: String = "Copy") -> HTML {
    """
    <div class="copyable"><pre tabindex="0"><code>\(text)</code></pre>\
    <button type="button" class="button quiet" data-copy hidden>\(label)</button></div>
    """
}

/// Links to the newest and the next older entries. Nil omits a link.
func pager(newest: Path?, older: Path?) -> HTML {
    guard newest != nil || older != nil else { return "" }
    let first: HTML? = newest.map { "<a class=\"button\" href=\"\($0)\">Newest</a>" }
    let next: HTML? = older.map { "<a class=\"button\" href=\"\($0)\" rel=\"next\">Older</a>" }
    return "<nav class=\"pager\" aria-label=\"Pages of the list\">\(first)\(next)</nav>"
}
