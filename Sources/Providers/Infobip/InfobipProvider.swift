package import Domain
internal import Foundation

/// SMS, WhatsApp and voice calls through Infobip (https://www.infobip.com/docs/api).
package actor InfobipProvider: Provider {
    package nonisolated let name = "infobip"
    package nonisolated let channels: Set<Channel>
    package nonisolated let gate: Gate
    private nonisolated let settings: InfobipSettings
    private let client: CurlClient
    private let time: TimeSource

    package init(settings: InfobipSettings, client: CurlClient, time: TimeSource) {
        self.settings = settings
        self.client = client
        self.time = time
        channels = settings.channels
        gate = Gate(limits: settings.limits, time: time)
    }

    package nonisolated func reportTimeout(for channel: Channel) -> Duration? {
        settings.reportURL == nil ? nil : channel.definition.reportTimeout
    }

    package func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        guard let call = InfobipCall(message, settings) else {
            return .permanent(
                Fault(.account, "Infobip has no sender for \(message.channel.name); set one in the settings."))
        }
        let request = CurlRequest(
            url: settings.baseURL + call.path,
            kind: .http(
                method: "POST",
                headers: [
                    ("Authorization", "App \(settings.apiKey.reveal())"), ("Content-Type", "application/json"),
                    ("Accept", "application/json"),
                ], body: call.body),
            timeout: settings.timeout, isCancellable: false, mayStart: mayStillSend)
        guard mayStillSend() else { return .notSent(reason: "the lease ran out") }
        do {
            let response = try await client.perform(request)
            return InfobipAnswer.receipt(for: response, to: message, at: time.now()).redacting(secrets(of: message))
        } catch {
            return InfobipAnswer.receipt(for: error)
        }
    }

    /// Texts that an answer must not repeat, because many people may see the page.
    private func secrets(of message: Message) -> [String?] {
        let report = settings.reportURL?.reveal()
        return [
            settings.apiKey.reveal(), report, report?.split(separator: "token=").last.map { String($0) }, message.url,
            message.shortText, message.speech?.english, message.address, String(message.address.drop { $0 == "+" }),
        ]
    }
}
