/// How bad the monitoring system says the problem is.
package enum Severity: String, Sendable, CaseIterable, Comparable {
    case info, warning, error, critical

    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        case .critical: 3
        }
    }

    /// Reads a word that monitoring systems use for a severity, in any case. Nil for an unknown word.
    package init?(word: some StringProtocol) {
        switch word.lowercased().trimmingBlanks() {
        case "critical", "crit", "fatal", "page", "emergency", "emerg", "disaster", "alert", "down", "p1", "sev0",
            "sev1", "severe", "blocker", "highest":
            self = .critical
        case "error", "err", "high", "major", "average", "p2", "sev2", "danger": self = .error
        case "warning", "warn", "minor", "p3", "sev3", "medium", "moderate", "low": self = .warning
        case "info", "information", "informational", "none", "notice", "ok", "debug", "p4", "p5", "sev4", "lowest",
            "unknown", "not classified":
            self = .info
        default: return nil
        }
    }
}

/// How soon a person must look. It selects the notification rules.
package enum Urgency: String, Sendable, CaseIterable, Comparable {
    case low, high

    package static func < (left: Urgency, right: Urgency) -> Bool { left == .low && right == .high }
}
