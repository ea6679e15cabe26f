/// How long an incident of a severity must last before it pages anybody. Severities that are not named page at once.
package struct HoldOff: Sendable, Hashable {
    package static let longest: Duration = .days(1)

    /// Without zero durations.
    package let delays: [Severity: Duration]

    package init(_ delays: [Severity: Duration]) { self.delays = delays.filter { $0.value > .zero } }

    package subscript(severity: Severity) -> Duration { delays[severity] ?? .zero }

    /// Reads `warning 5 min, info 1 h`. Nil for anything else.
    package init?(typed text: String) {
        var delays: [Severity: Duration] = [:]
        for part in text.split(separator: ",").map({ $0.trimmingBlanks() }) where !part.isEmpty {
            let words = part.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let severity = Severity(rawValue: words[0].lowercased()), delays[severity] == nil,
                let delay = Duration(typed: String(words[1]))
            else { return nil }
            delays[severity] = delay
        }
        self.init(delays)
    }

    /// `warning 5 min, info 1 h`, the worst first.
    package var typed: String {
        delays.sorted { $0.key > $1.key }.map { "\($0.key.rawValue) \($0.value.typed)" }.joined(separator: ", ")
    }
}

extension Configuration {
    /// Returns how long an incident must last before it pages. What the source says of a severity counts before what the
    /// policy says.
    package func holdOff(source: SourceID?, policy: EscalationPolicy, severity: Severity) -> Duration {
        let own = source.flatMap { self.source($0)?.holdOff?.delays[severity] }
        return own ?? policy.holdOff?[severity] ?? .zero
    }
}
