/// The ways to reach a person, in the order in which the web interface lists them.
///
/// To add a channel, add a case here, a definition below, and a provider. All other code uses the definition.
package enum Channel: String, Sendable, CaseIterable {
    case email, sms, whatsapp, voice, webhook
    case ntfy, pushover, gotify, webpush
    case telegram, slack, teams, mattermost, discord, matrix

    package var definition: ChannelDefinition {
        switch self {
        case .email: .email
        case .sms: .sms
        case .whatsapp: .whatsapp
        case .voice: .voice
        case .webhook: .webhook
        case .ntfy: .ntfy
        case .pushover: .pushover
        case .gotify: .gotify
        case .telegram: .telegram
        case .slack: .slack
        case .teams: .teams
        case .mattermost: .mattermost
        case .discord: .discord
        case .webpush: .webpush
        case .matrix: .matrix
        }
    }

    /// The channel's name in texts for people, as in "SMS to Ada sent".
    package var name: String { definition.name }
}

extension ChannelDefinition {
    static let email = ChannelDefinition(
        name: "e-mail", address: .mail, symbol: "mail", advice: "Set SMTP_HOST and SMTP_FROM.",
        usualRule: UsualRule(isQuiet: true), form: .mail)

    static let sms = ChannelDefinition(
        name: "SMS", address: .telephone, symbol: "chat",
        advice:
            "Set INFOBIP_BASE_URL, INFOBIP_API_KEY and INFOBIP_SMS_SENDER, or set TWILIO_ACCOUNT_SID or SMS_GATEWAY_URL.",
        usualRule: UsualRule(), form: .text,
        textLimit: .smsParts(3), reportTimeout: .minutes(5))

    static let whatsapp = ChannelDefinition(
        name: "WhatsApp", address: .telephone, symbol: "chat",
        advice: "Set INFOBIP_BASE_URL, INFOBIP_API_KEY and INFOBIP_WHATSAPP_SENDER.",
        usualRule: UsualRule(delay: .minutes(5), rank: 1), form: .text, textLimit: .characters(4_096),
        // Five minutes less than WhatsApp allows, because a page may wait before it is sent.
        reportTimeout: .minutes(5), conversation: .minutes(24 * 60 - 5))

    static let voice = ChannelDefinition(
        name: "voice call", address: .telephone, symbol: "phone",
        advice: "Set INFOBIP_BASE_URL, INFOBIP_API_KEY and INFOBIP_VOICE_SENDER, or set TWILIO_ACCOUNT_SID.",
        usualRule: UsualRule(delay: .minutes(5), rank: 2), form: .speech, textLimit: .characters(1_400),
        reportTimeout: .minutes(3))

    static let webhook = ChannelDefinition(
        name: "webhook", address: .webAddress, symbol: "globe",
        advice: "Webhooks need no settings; this process has no provider for them.", usualRule: UsualRule(),
        form: .json)
}
