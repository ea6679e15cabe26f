internal import Domain
internal import Formats

extension LooseAlert {
    /// Names of the severity, those that mean it first.
    static let severities = [
        "severity", "alertseverity", "sev", "priority", "level", "alertlevel", "criticality", "urgency", "importance",
        "impact",
        "loglevel",
    ]

    /// The severity from the field that means it. Nil when none does, so that the source's default applies.
    mutating func severity(_ state: StateReading) -> Severity? {
        for field in fields.all(named: Self.severities) where field.depth <= 2 {
            guard let word = StateReading.word(in: field.value) else { continue }
            if let severity = SeverityScale.severity(word, named: field.full) { return severity }
            // `severity: ok` says that the problem is over, and `severity: true` nothing.
            guard AlertEvent.Status(word: word) == nil, field.value.boolean == nil else { continue }
            notes.append(
                "“\(Clean.name(word))” (\(Clean.name(field.shown))) is not a known severity. The source's default applies."
            )
        }
        if let type = fields.first(["type", "alerttype", "kind"], deepest: 0)?.text, let severity = exact(type) {
            return severity
        }
        if let check = fields.all.first(where: {
            $0.full == "status" && ["check", "service", "result"].contains($0.parent)
        })?.text,
            let severity = SeverityScale.severity(check, named: "exitstatus")
        {
            return severity
        }
        return state.word.flatMap(implied)
    }

    /// `type` says many things. Only a word that is nothing but a severity is one.
    private func exact(_ word: String) -> Severity? {
        switch word.lowercased() {
        case "info", "information", "success": .info
        case "warning", "warn": .warning
        case "error": .error
        case "critical", "fatal": .critical
        default: nil
        }
    }

    /// A state may be a severity as well: `status: degraded`.
    private func implied(_ word: String) -> Severity? {
        switch word.lowercased() {
        case "warning", "warn", "degraded", "minor": .warning
        case "critical", "crit", "fatal", "disaster", "emergency": .critical
        case "major": .error
        default: nil
        }
    }

}

/// Numbers of severities. Scales run in both directions, and the name of the field says which one it is.
enum SeverityScale {
    /// - Parameter name: the plain name of the field: `priority`, `level`, `exitstatus`.
    static func severity(_ word: String, named name: String) -> Severity? {
        guard let number = Double(word.trimmingBlanks()) else { return Severity(loose: word) }
        switch name {
        // Plugins of Nagios: 0 OK, 1 warning, 2 critical, 3 unknown.
        case "status", "state", "exitstatus", "exitcode", "returncode", "retcode", "rc", "servicestate",
            "servicestateid":
            return plugin(number)
        case "level", "loglevel", "levelno", "alertlevel":
            return number >= 10 ? logLevel(number) : lowestIsWorst(number)
        case "score", "cvss", "cvssscore", "basescore", "riskscore": return score(number)
        // Zabbix counts up from 0, not classified, to 5, disaster.
        case "nseverity", "eventnseverity", "triggernseverity", "eventseverityid": return upwards(number)
        default: return number > 5 && number <= 10 ? score(number) : lowestIsWorst(number)
        }
    }

    private static func plugin(_ number: Double) -> Severity? {
        switch number {
        case 0: .info
        case 1, 3: .warning
        case 2: .critical
        default: nil
        }
    }

    /// The levels of Python's and most other libraries: 10 debug, 20 info, 30 warning, 40 error, 50 critical.
    private static func logLevel(_ number: Double) -> Severity? {
        switch number {
        case ..<30: .info
        case ..<40: .warning
        case ..<50: .error
        case ..<100: .critical
        default: nil
        }
    }

    /// Scores of vulnerabilities, and priorities up to ten: more is worse.
    private static func score(_ number: Double) -> Severity? {
        number >= 9 ? .critical : number >= 7 ? .error : number >= 4 ? .warning : number >= 0 ? .info : nil
    }

    private static func upwards(_ number: Double) -> Severity? {
        switch number {
        case 5: .critical
        case 3, 4: .error
        case 2: .warning
        case 0, 1: .info
        default: nil
        }
    }

    /// Priorities: 1 is the worst.
    private static func lowestIsWorst(_ number: Double) -> Severity? {
        switch number {
        case 0, 1: .critical
        case 2: .error
        case 3: .warning
        case 4, 5: .info
        default: nil
        }
    }
}
