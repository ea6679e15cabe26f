package import Domain

/// The settings of an Infobip account.
package struct InfobipSettings: Sendable {
    /// A URL like `https://abc123.api.infobip.com`, without a trailing slash.
    package var baseURL: String
    package var apiKey: Secret
    package var smsSender: String?
    package var whatsAppSender: String?
    /// For people who have not written within 24 hours. Without it they get free text, which WhatsApp refuses then.
    package var whatsAppTemplate: WhatsAppTemplate?
    package var voiceSender: String?
    /// The URL for delivery reports. It contains the token that authenticates them. Nil requests no reports.
    package var reportURL: Secret?
    package var limits: ProviderLimits
    package var timeout: Duration

    /// Ten messages a second with bursts of twenty, all of which may be under way. Infobip publishes no limit for SMS, but
    /// carriers have their own.
    package static let defaultLimits = ProviderLimits(perSecond: 10, burst: 20, concurrency: 20)

    package init(
        baseURL: String, apiKey: Secret, smsSender: String? = nil, whatsAppSender: String? = nil,
        whatsAppTemplate: WhatsAppTemplate? = nil, voiceSender: String? = nil, reportURL: Secret? = nil,
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

    /// The same settings for one channel only.
    func serving(_ channel: Channel) -> InfobipSettings {
        var settings = self
        if channel != .sms { settings.smsSender = nil }
        if channel != .whatsapp { settings.whatsAppSender = nil }
        if channel != .voice { settings.voiceSender = nil }
        return settings
    }
}
