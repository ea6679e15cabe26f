package import Domain

extension TwilioVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let account = reader.text("TWILIO_ACCOUNT_SID")
        let token = reader.text("TWILIO_AUTH_TOKEN")
        let sms = reader.text("TWILIO_SMS_SENDER")
        let voice = reader.text("TWILIO_VOICE_SENDER")
        guard account != nil || token != nil || sms != nil || voice != nil else { return nil }
        if account?.wholeMatch(of: /AC[0-9a-f]{32}/) == nil {
            reader.fail("TWILIO_ACCOUNT_SID", "use the account's SID: AC and 32 digits from 0 to f")
        }
        if token == nil { reader.fail("TWILIO_AUTH_TOKEN", "set it to use Twilio") }
        if sms == nil && voice == nil {
            reader.fail("TWILIO_SMS_SENDER", "set it for SMS, or TWILIO_VOICE_SENDER for calls, or both")
        }
        if let voice, Channel.voice.definition.address.fault(in: voice) != nil {
            reader.fail("TWILIO_VOICE_SENDER", "use a number such as +15005550006")
        }
        guard let account, let token else { return nil }
        self.init(
            account: account, token: Secret(token), smsSender: sms, voiceSender: voice,
            callback: surroundings.callback("twilio"))
    }

    package var channels: Set<Channel> {
        Set([smsSender.map { _ in Channel.sms }, voiceSender.map { _ in .voice }].compactMap(\.self))
    }
    package var credentials: [(variable: String, secret: Secret)] { [("TWILIO_AUTH_TOKEN", token)] }
}
