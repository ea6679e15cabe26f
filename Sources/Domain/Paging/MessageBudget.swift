/// How many messages about incidents a telephone number gets in an hour. Vendors refuse more, and nobody reads more.
///
/// The first fifth leaves as fast as it comes. Then the messages come at longer intervals, and each names all incidents
/// that waited for it. So a new incident waits a few minutes at most, and not for the end of the hour.
package struct MessageBudget: Sendable, Hashable {
    package static let range = 5...1_000
    package static let usual = 20

    package let perHour: Int

    package init(perHour: Int) {
        self.perHour = min(max(perHour, MessageBudget.range.lowerBound), MessageBudget.range.upperBound)
    }

    /// Returns how long after the latest message the next one may leave.
    ///
    /// - Parameter sent: the number of messages in the last hour.
    package func pause(after sent: Int) -> Duration {
        let fifth = perHour / 5
        if sent < fifth { return .zero }
        let slowest = Duration.seconds(3_600) / (perHour - 2 * fifth)
        return sent < 2 * fifth ? min(.seconds(30), slowest) : slowest
    }

    /// Returns when the next message may leave.
    ///
    /// - Parameter sent: when earlier messages left, in order. Those before the last hour don't count.
    package func earliest(after sent: [Timestamp], at now: Timestamp) -> Timestamp {
        let recent = sent.filter { $0 > now - .hours(1) }
        return recent.last.map { $0 + pause(after: recent.count) } ?? now
    }
}

extension Configuration {
    /// Returns the budget of a contact method: its owner's, or else the operator's. Nil means that there is none.
    package func budget(of method: ContactMethodID, usual: Int?) -> MessageBudget? {
        let own = contactMethods[method].flatMap { users[$0.userID]?.hourlyBudget }
        return (own ?? usual).map { MessageBudget(perHour: $0) }
    }
}

extension ChannelDefinition {
    /// Whether messages go to a telephone number, so that a budget applies.
    package var hasBudget: Bool {
        switch form {
        case .text, .speech: true
        case .mail, .push, .json: false
        }
    }
}
