internal import Domain

extension Severity {
    /// Finds a severity in a sender's text: alone, within a longer one (`ALERT_CRITICALITY_LEVEL_WARNING`, `P1 -
    /// Critical`), or as the number of a priority, where 1 is the worst.
    init?(loose text: String?) {
        guard let text, !text.isEmpty, text.utf8.count < 100 else { return nil }
        if let severity = Severity(word: text) {
            self = severity
            return
        }
        switch text.trimmingBlanks() {
        case "1", "0": self = .critical
        case "2": self = .error
        case "3": self = .warning
        case "4", "5": self = .info
        default:
            // `alert` alone means critical. Next to other words it means nothing.
            let words = text.split { !$0.isLetter && !$0.isNumber }.filter { $0.lowercased() != "alert" }
            guard let known = words.lazy.compactMap({ Severity(word: $0) }).first else { return nil }
            self = known
        }
    }
}
