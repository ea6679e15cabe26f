/// Writes tables as CSV (RFC 4180).
package enum CSV {
    /// A line with its end.
    package static func line(_ fields: [String]) -> String { fields.joined(separator: ",") + "\r\n" }

    /// A text as a field.
    ///
    /// One that a spreadsheet would read as a formula gets a leading apostrophe
    /// (https://owasp.org/www-community/attacks/CSV_Injection).
    package static func field(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return safe }
        return "\"\(safe.replacing("\"", with: "\"\""))\""
    }
}
