internal import Domain

/// The symbols in the sprite symbols.svg.
enum Symbol: String, Sendable, CaseIterable {
    case dashboard, incidents, oncall, schedules, policies, teams, users, sources, heartbeats, maintenance,
        notifications
    case outbox, reports, templates, audit, settings, documents, profile, menu, acknowledge, resolve, reopen, escalate,
        snooze,
        note, search
    case plus, copy, link, warning, check, cross, phone, mail, chat, bell, globe, key, out, next, previous, up
}

extension Symbol {
    /// The symbol of a channel.
    init(_ channel: Channel) { self = Symbol(rawValue: channel.definition.symbol) ?? .globe }
}
