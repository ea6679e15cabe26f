import Formats
import Integrations

/// The part of docs/integrations.md that is generated from the integrations.
enum SendersDocument {
    static let begin = "<!-- The following is written by a test: do not edit it here. -->\n"
    static let end = "<!-- The test's part ends here. -->\n"

    static var text: String {
        "\n## What is read\n\n" + table + "\n## Setting up\n\n" + Integrations.all.map(section).joined(separator: "\n")
            + "\n"
    }

    private static var table: String {
        var lines = [
            "| sender | route: /api/v1/alerts/… | status | dedup key | title | text | severity | links |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for sender in Integrations.all {
            let fields = sender.fields
            let cells = [
                sender.title, "`\(sender.kind)`", fields.status, fields.key, fields.title, fields.text, fields.severity,
                fields.links,
            ]
            lines.append("| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ sender: any Integration.Type) -> String {
        let url = "https://pagerpal.example.org/api/v1/alerts/\(sender.kind)"
        let steps = sender.setup(url: url, key: "YOUR_KEY").enumerated().map { number, step in
            let code = step.code.map { code in
                "\n\n"
                    + code.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                        line.isEmpty ? "" : "       " + line
                    }.joined(separator: "\n")
            }
            return "\(number + 1). \(step.text)\(code ?? "")\n"
        }
        return "### \(sender.title)\n\n" + steps.joined(separator: "\n")
    }
}
