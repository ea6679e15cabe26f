internal import Domain

/// The HTML form of a mail. Mail programs reliably support only tables and inline styles.
enum MailBody {
    static func html(_ words: Words, _ phrases: Phrases) -> String {
        let rows = words.facts.map {
            "<tr><td style=\"color:#667\">\(escaped($0.0))</td><td>\(escaped($0.1))</td></tr>"
        }
        let links = words.links.map { "<li><a href=\"\(escaped($0.url))\">\(escaped($0.title))</a></li>" }
        let button =
            words.url.map { url in
                "<p><a href=\"\(escaped(url))\" style=\"display:inline-block;padding:14px 24px;background:#1d4ed8;"
                    + "color:#fff;text-decoration:none;border-radius:8px;font-weight:bold\">\(escaped(phrases.acknowledge))</a></p>"
            } ?? ""
        let opening = words.opening.map { "<p style=\"white-space:pre-wrap\">\(escaped($0))</p>\n" } ?? ""
        let style = "font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:0 auto;padding:16px"
        return """
            <!doctype html><html lang="\(phrases.language)"><head><meta charset="utf-8"><title>\(escaped(words.subject))</title></head>
            <body style="\(style)">
            <h1 style="font-size:20px;margin:0 0 12px">\(escaped(words.title ?? words.subject))</h1>
            \(opening)\(button)
            <table cellpadding="4" style="border-collapse:collapse">\(rows.joined())</table>
            <p style="white-space:pre-wrap">\(escaped(words.body.isEmpty && words.url == nil ? words.text : words.body))</p>
            \(links.isEmpty ? "" : "<ul>\(links.joined())</ul>")
            </body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

extension String {
    /// The same text with a capital letter at its start.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
