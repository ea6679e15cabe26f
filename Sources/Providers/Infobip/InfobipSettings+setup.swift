package import Domain

extension InfobipSettings: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let address = reader.address("INFOBIP_BASE_URL")
        let key = reader.text("INFOBIP_API_KEY")
        let senders = ["INFOBIP_SMS_SENDER", "INFOBIP_WHATSAPP_SENDER", "INFOBIP_VOICE_SENDER"].map { reader.text($0) }
        let token = reader.text("INFOBIP_RECEIPT_TOKEN")
        let template = WhatsAppTemplate(&reader)
        guard address != nil || key != nil || senders.contains(where: { $0 != nil }) else { return nil }
        if reader.text("INFOBIP_BASE_URL") == nil { reader.fail("INFOBIP_BASE_URL", "set it to use Infobip") }
        if key == nil { reader.fail("INFOBIP_API_KEY", "set it to use Infobip") }
        if senders.allSatisfy({ $0 == nil }) {
            reader.fail("INFOBIP_SMS_SENDER", "set at least one of the SMS, WhatsApp and voice senders")
        }
        if surroundings.isProduction, token == nil {
            reader.fail(
                "INFOBIP_RECEIPT_TOKEN", "set a long random text: it proves that delivery reports come from Infobip")
        }
        guard let address, let key else { return nil }
        if surroundings.isProduction, !address.hasPrefix("https://"), !isLoopback(address) {
            reader.fail("INFOBIP_BASE_URL", "use https:// in production")
        }
        var limits = InfobipSettings.defaultLimits
        limits.perSecond = reader.rate("INFOBIP_RATE_PER_SECOND", limits.perSecond)
        limits.burst = reader.number("INFOBIP_BURST", limits.burst, in: 1...1000)
        self.init(
            baseURL: address, apiKey: Secret(key), smsSender: senders[0], whatsAppSender: senders[1],
            whatsAppTemplate: template, voiceSender: senders[2],
            reportURL: token.map { Secret("\(surroundings.baseURL)/api/v1/receipts/infobip?token=\($0)") },
            limits: limits)
    }

    package var credentials: [(variable: String, secret: Secret)] { [("INFOBIP_API_KEY", apiKey)] }

    package func makeProvider(for channel: Channel, time: TimeSource) -> any Provider {
        InfobipProvider(settings: serving(channel), client: CurlClient(), time: time)
    }
}
