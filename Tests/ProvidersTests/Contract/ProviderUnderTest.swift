import Domain
import Foundation
import Providers
import TestSupport
import Testing

/// A provider on a channel, as the contract needs it. Add a new provider to `all`.
struct ProviderUnderTest: Sendable, CustomTestStringConvertible {
    enum Wire: Sendable { case http, mail }

    let name: String
    let wire: Wire
    let message: Message
    /// Texts that a receipt must not contain.
    let secrets: [String]
    /// The body of an HTTP 200 answer that accepts the message.
    var acceptance = ""
    /// Where it differs from other providers, with a comment that gives the reason.
    var exceptions: [Situation: Set<String>] = [:]
    /// Creates it for a server on a port of this host, with or without TLS from the first byte.
    let make: @Sendable (_ port: Int, _ isTLS: Bool, _ timeout: Duration) -> any Provider

    var testDescription: String { name }

    static let all = Channel.allCases.flatMap { channel -> [ProviderUnderTest] in
        switch channel {
        case .email: [smtp]
        case .sms, .whatsapp, .voice: [infobip(channel)]
        case .webhook: [webhook]
        }
    }

    private static func message(_ channel: Channel, to address: String) -> Message {
        Message(
            id: "0198c2f4-0000-7000-8000-000000000001", channel: channel, address: address, urgency: .high,
            subject: "Disk full", shortText: "#1 CRITICAL: Disk full\nAck: https://p/a/secret-link", text: "Disk full",
            json: channel.definition.form == .json ? #"{"text":"Disk full"}"# : nil)
    }

    private static func infobip(_ channel: Channel) -> ProviderUnderTest {
        ProviderUnderTest(
            name: "Infobip, \(channel.name)", wire: .http, message: message(channel, to: "+385915550101"),
            secrets: ["secret-api-key", "secret-receipt-token", "secret-link"],
            acceptance: #"{"messages":[{"messageId":"m","status":{"groupId":1,"id":26,"name":"PENDING_ACCEPTED"}}]}"#,
            make: { port, isTLS, timeout in
                InfobipProvider(
                    settings: InfobipSettings(
                        baseURL: "\(isTLS ? "https" : "http")://127.0.0.1:\(port)", apiKey: Secret("secret-api-key"),
                        smsSender: "Pager", whatsAppSender: "44123", voiceSender: "44124",
                        reportURL: Secret("https://p/r?token=secret-receipt-token"), timeout: timeout),
                    client: CurlClient(), time: ManualTime().source)
            })
    }

    private static var webhook: ProviderUnderTest {
        ProviderUnderTest(
            name: "webhook", wire: .http,
            message: message(.webhook, to: "https://127.0.0.1/hook?key=secret-in-address"),
            secrets: ["secret-in-address"],
            // Only the status of a webhook's answer matters. The body is not read.
            exceptions: [.hugeAnswer: ["accepted"], .slowAnswer: ["accepted"]],
            make: { port, isTLS, timeout in
                Redirected(
                    WebhookProvider(
                        client: CurlClient(), time: ManualTime().source, reach: .anywhere, timeout: timeout),
                    to: "\(isTLS ? "https" : "http")://127.0.0.1:\(port)/hook?key=secret-in-address")
            })
    }

    private static var smtp: ProviderUnderTest {
        ProviderUnderTest(
            name: "SMTP", wire: .mail, message: message(.email, to: "ada@example.com"),
            secrets: ["secret-password", Data("secret-password".utf8).base64EncodedString()],
            make: { port, isTLS, timeout in
                SMTPProvider(
                    settings: SMTPSettings(
                        host: "127.0.0.1", port: port, user: "pager", password: Secret("secret-password"),
                        from: "pager@example.com", tls: isTLS ? .tls : .none, timeout: timeout),
                    time: ManualTime().source)
            })
    }
}

/// A webhook's address is part of the message, so it is set once the port is known.
private actor Redirected: Provider {
    private let provider: WebhookProvider
    private let address: String
    nonisolated let name: String
    nonisolated let channels: Set<Channel>
    nonisolated let gate: Gate

    init(_ provider: WebhookProvider, to address: String) {
        self.provider = provider
        self.address = address
        name = provider.name
        channels = provider.channels
        gate = provider.gate
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { provider.reportTimeout(for: channel) }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        var message = message
        message.address = address
        return await provider.deliver(message, mayStillSend: mayStillSend)
    }
}
