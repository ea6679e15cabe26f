/// The drawings of the sprite symbols.svg.
package enum Symbol: String, Sendable, CaseIterable {
    case dashboard, incidents, oncall, schedules, policies, teams, users, sources, heartbeats, maintenance,
        notifications
    case outbox, reports, audit, settings, profile, menu, acknowledge, resolve, reopen, escalate, snooze, note, search
    case plus, copy, link, warning, check, cross, phone, mail, chat, bell, globe, key, out, next, previous, up
}

extension Symbol {
    /// What a channel is drawn as.
    package init(channel: String) {
        switch channel {
        case "sms", "whatsapp": self = .chat
        case "voice": self = .phone
        case "email": self = .mail
        default: self = .globe
        }
    }
}
