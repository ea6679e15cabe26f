extension Configuration {
    /// Returns the rules for a person who has none, derived from the channels' definitions. At high urgency they page
    /// at once by e-mail, SMS and webhook, and after five minutes by WhatsApp or else by voice call. At low urgency
    /// they page by e-mail alone. A person who has only delayed channels is paged over those at once.
    package func usualRules(of user: UserID) -> [NotificationRule] {
        let usable = contactMethods(of: user).filter(\.isUsable)
        let prompt = usable.filter { $0.channel.definition.usualRule.delay == .zero }
        let delayed = usable.filter { $0.channel.definition.usualRule.delay > .zero }
        let rank = delayed.map(\.channel.definition.usualRule.rank).min()
        let insistent = delayed.filter { $0.channel.definition.usualRule.rank == rank }
        let quiet = usable.filter(\.channel.definition.usualRule.isQuiet)
        let low = [quiet, prompt, insistent].first { !$0.isEmpty } ?? []
        return prompt.map { usualRule(.high, $0, .zero) }
            + insistent.map { usualRule(.high, $0, prompt.isEmpty ? .zero : $0.channel.definition.usualRule.delay) }
            + low.map { usualRule(.low, $0, .zero) }
    }

    private func usualRule(_ urgency: Urgency, _ method: ContactMethod, _ delay: Duration) -> NotificationRule {
        NotificationRule(
            id: NotificationRuleID("usual:\(urgency.rawValue):\(method.id)"), userID: method.userID, urgency: urgency,
            delay: delay, contactMethodID: method.id)
    }
}
