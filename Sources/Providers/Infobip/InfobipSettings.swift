package import Domain

/// An account at Infobip.
package struct InfobipSettings: Sendable {
    /// Like `https://abc123.api.infobip.com`, without a slash at the end.
    package var baseURL: String
    package var apiKey: Secret
    package var smsSender: String?
    package var whatsAppSender: String?
    /// An approved template of one placeholder; without it free text is sent, which WhatsApp takes only within 24
    /// hours of the recipient's last message.
    package var whatsAppTemplate: String?
    package var voiceSender: String?
    /// Where delivery reports go, with the token that proves whose they are; nil: none are asked for.
    package var reportURL: Secret?
    package var limits: ProviderLimits
    package var timeout: Duration

    /// Ten messages a second with bursts of twenty: Infobip publishes no limit for SMS, carriers have theirs.
    package static let defaultLimits = ProviderLimits(perSecond: 10, burst: 20, concurrency: 8)

    package init(
        baseURL: String, apiKey: Secret, smsSender: String? = nil, whatsAppSender: String? = nil,
        whatsAppTemplate: String? = nil, voiceSender: String? = nil, reportURL: Secret? = nil,
        limits: ProviderLimits = defaultLimits, timeout: Duration = .seconds(15)
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.smsSender = smsSender
        self.whatsAppSender = whatsAppSender
        self.whatsAppTemplate = whatsAppTemplate
        self.voiceSender = voiceSender
        self.reportURL = reportURL
        self.limits = limits
        self.timeout = timeout
    }

    /// The sender of each channel that is served.
    var senders: [Channel: String] {
        let all: [(Channel, String?)] = [(.sms, smsSender), (.whatsapp, whatsAppSender), (.voice, voiceSender)]
        return Dictionary(uniqueKeysWithValues: all.compactMap { channel, sender in sender.map { (channel, $0) } })
    }

    package var channels: Set<Channel> { Set(senders.keys) }
}
