internal import Domain

extension Frame {
    /// The navigation: a drawer on a phone, a column on a wide screen.
    func navigation(current: Section?, _ viewer: Viewer) -> HTML {
        let groups = Section.groups.map { group -> HTML in
            let shown = group.sections.filter { sections.contains($0) }
            guard !shown.isEmpty else { return "" }
            let heading: HTML? = group.heading.map { "<h2>\($0)</h2>" }
            return "\(heading)<ul>\(shown.map { entry($0, isCurrent: $0 == current) })</ul>"
        }
        return """
            <nav class="navigation" id="navigation" popover aria-label="Main">
            <a class="brand" href="/dashboard">\(brandMark)PagerPal</a>
            \(groups)
            <h2>\(viewer.name), \(viewer.role.rawValue)</h2>
            <ul>\(entry(.profile, isCurrent: current == .profile))
            <li><form method="post" action="/logout">\(tokenField)<button class="leave" type="submit">\(symbol(.out))Sign out</button></form></li></ul>
            </nav>
            """
    }

    private func entry(_ section: Section, isCurrent: Bool) -> HTML {
        """
        <li><a href="\(section.path)"\(if: isCurrent, " aria-current=\"page\"")>\(symbol(section.symbol))\(section.label)</a></li>
        """
    }

    /// The tab bar on a phone, within reach of the thumb.
    func tabs(current: Section?) -> HTML {
        let shown = [Section.dashboard, .incidents, .oncall].filter { sections.contains($0) }
        let links = shown.map { section -> HTML in
            """
            <a href="\(section.path)"\(if: section == current, " aria-current=\"page\"")>\(symbol(section.symbol))\(section.label)</a>
            """
        }
        return """
            <div class="tabs" role="navigation" aria-label="Shortcuts">\(links)\
            <button type="button" popovertarget="navigation">\(symbol(.menu))Menu</button></div>
            """
    }

    var keyboardHelp: HTML {
        let keys = [
            ("j, k", "next, previous incident"), ("Enter", "open it"), ("x", "pick it"), ("a", "acknowledge"),
            ("r", "resolve"), ("/", "search"), ("n", "show what is new"), ("?", "this help"),
        ]
        return """
            <dialog class="help" aria-labelledby="keys"><h2 id="keys">Keyboard</h2>
            <dl class="keys">\(keys.map { key -> HTML in "<dt><kbd>\(key.0)</kbd></dt><dd>\(key.1)</dd>" })</dl>
            <form method="dialog"><button class="button">Close</button></form></dialog>
            """
    }
}
