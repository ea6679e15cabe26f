extension Roster {
    /// The rules of somebody who has made none: at once by e-mail and SMS, after five minutes by WhatsApp or else by
    /// voice; low urgency by e-mail alone. Whoever lacks the first kind is paged at once by what there is.
    package func usualRules(of user: UserID) -> [NotificationRule] {
        let usable = contactMethods(of: user).filter(\.isUsable)
        let prompt = usable.filter { [.email, .sms, .webhook].contains($0.channel) }
        let whatsApp = usable.filter { $0.channel == .whatsapp }
        let insistent = whatsApp.isEmpty ? usable.filter { $0.channel == .voice } : whatsApp
        let mail = usable.filter { $0.channel == .email }
        let quiet = mail.isEmpty ? (prompt.isEmpty ? insistent : prompt) : mail
        return prompt.map { usualRule(.high, $0, .zero) }
            + insistent.map { usualRule(.high, $0, prompt.isEmpty ? .zero : .minutes(5)) }
            + quiet.map { usualRule(.low, $0, .zero) }
    }

    private func usualRule(_ urgency: Urgency, _ method: ContactMethod, _ delay: Duration) -> NotificationRule {
        NotificationRule(
            id: NotificationRuleID("usual:\(urgency.rawValue):\(method.id)"), userID: method.userID, urgency: urgency,
            delay: delay, contactMethodID: method.id)
    }
}
