/// The input of a preview: what would an alert like this do at that instant?
package struct PreviewQuestion: Sendable, Hashable {
    package var source: AlertSource?
    /// Use this policy, whatever the source or team says.
    package var policy: EscalationPolicy?
    package var team: TeamID?
    package var severity: Severity
    package var labels: [String: String] = [:]
    package var at: Timestamp

    package init(severity: Severity, at: Timestamp) {
        self.severity = severity
        self.at = at
    }
}

extension Configuration {
    /// Nil when the question names no source, policy or team, and there is more than one team.
    package func forecast(_ question: PreviewQuestion, number: Int) -> Forecast? {
        if let policy = question.policy {
            return forecast(policy: policy, severity: question.severity, number: number, at: question.at)
        }
        let only = teams.count == 1 ? teams.keys.first : nil
        guard let team = question.source?.teamID ?? question.team ?? only else { return nil }
        let event = AlertEvent(
            title: "Preview", severity: question.severity, dedupKey: DedupKey("preview"), labels: question.labels)
        return forecast(
            of: event, severity: question.severity, source: question.source, team: team, number: number,
            at: question.at)
    }

    /// Returns the source with this id, or with this name in any case.
    package func source(named text: String) -> AlertSource? {
        sources[SourceID(text)] ?? sources.values.first { $0.name.lowercased() == text.lowercased() }
            ?? numbers.id(.alertSource, numbered: text).flatMap { sources[SourceID($0)] }
    }

    /// Returns the policy with this id, or with this name in any case.
    package func policy(named text: String) -> EscalationPolicy? {
        policies[PolicyID(text)] ?? policies.values.first { $0.name.lowercased() == text.lowercased() }
            ?? numbers.id(.escalationPolicy, numbered: text).flatMap { policies[PolicyID($0)] }
    }

    /// Returns warnings about what would keep the pages of a forecast from arriving.
    package func warnings(of forecast: Forecast, channels: Set<Channel>) -> [String] {
        var warnings: [String] = []
        if forecast.entries.isEmpty { warnings.append("Nobody would be paged.") }
        let targets = forecast.policy.targets
        if !targets.isEmpty && targets.allSatisfy(\.isChannel) {
            warnings.append("The policy only posts to channels. Posts never count as a person reached.")
        }
        let people = Set(forecast.entries.map(\.page.userID))
        for person in people.sorted(by: { (name(of: $0), $0) < (name(of: $1), $1) }) {
            let idle = contactMethods(of: person).filter { $0.isEnabled && $0.verifiedAt == nil }
            for method in idle {
                warnings.append(
                    "\(method.channel.name) \(method.address) of \(name(of: person)) is not verified and gets no pages."
                )
            }
        }
        let unserved = Set(forecast.entries.map(\.page.channel)).subtracting(channels)
        for channel in unserved.sorted(by: { $0.rawValue < $1.rawValue }) {
            warnings.append(
                "No provider for \(channel.name) is set up; these pages would fail and the next channel follow.")
        }
        return warnings
    }
}
