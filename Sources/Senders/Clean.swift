package import Domain

/// The rules by which texts from outside become texts that can be stored, shown and sent.
package enum Clean {
    /// One line: line ends and tabs become blanks, other controls and direction marks go, and what is longer than a
    /// title may be ends in an ellipsis.
    package static func title(_ text: String) -> String {
        cut(visible(text, keepingLines: false).trimmingBlanks(), AlertEvent.Limits.title)
    }

    /// Several lines, by the same rules.
    package static func text(_ text: String) -> String {
        cut(visible(text, keepingLines: true).trimmingBlanks(), AlertEvent.Limits.text)
    }

    /// Names and values of labels; texts only, the first so many in the order of their names.
    package static func labels(_ labels: [(name: String, value: String)]) -> [String: String] {
        let clean = labels.map {
            (
                cut(visible($0.name, keepingLines: false), AlertEvent.Limits.label),
                cut(visible($0.value, keepingLines: true), AlertEvent.Limits.label)
            )
        }
        let first = clean.filter { !$0.0.isEmpty }.sorted { $0.0 < $1.0 }.prefix(AlertEvent.Limits.labels)
        return Dictionary(first) { $1 }
    }

    /// An instant in one of the forms that senders use: RFC 3339 and its dialects, or seconds, milliseconds,
    /// microseconds or nanoseconds since 1970. The year 1 and anything unreadable are nil: a broken time must never
    /// stop a page.
    package static func instant(_ text: String) -> Timestamp? {
        let instant: Timestamp?
        if let number = Double(text), number.isFinite {
            let scale: Double = number > 1e17 ? 1e-9 : number > 1e14 ? 1e-6 : number > 1e11 ? 1e-3 : 1
            instant = Timestamp(microseconds: Int64(min(max(number * scale, 0), 1e11) * 1e6))
        } else {
            // Go's String() form: "2026-03-01 03:00:00.5 +0000 UTC m=+12.3"
            let words = text.split(separator: " ")
            let offset = words.count >= 3 && (words[2].hasPrefix("+") || words[2].hasPrefix("-"))
            instant = Timestamp(rfc3339: offset ? "\(words[0])T\(words[1])\(words[2])" : text.trimmingBlanks())
        }
        guard let instant, instant.seconds > 86400 * 365 else { return nil }
        return instant
    }

    private static func visible(_ text: String, keepingLines: Bool) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 9, 10: scalars.append(keepingLines ? scalar : " ")
            case 13: if !keepingLines { scalars.append(" ") }
            case 0..<32, 127..<160: break
            // Marks that turn the direction of what follows, or hide: a title must not be able to disguise itself.
            case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C, 0xFEFF, 0x200B, 0x2060: break
            case 0x2028, 0x2029: scalars.append(keepingLines ? "\n" : " ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }
}
