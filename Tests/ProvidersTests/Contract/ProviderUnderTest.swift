import Domain
import Foundation
import Providers
import TestSupport
import Testing

/// A provider on a channel, as the contract needs it. Add a new provider to `all`.
struct ProviderUnderTest: Sendable, CustomTestStringConvertible {
    enum Wire: Sendable { case http, mail }

    var name: String
    let wire: Wire
    let message: Message
    /// Texts that a receipt must not contain.
    let secrets: [String]
    /// The body of an HTTP 200 answer that accepts the message.
    var acceptance = ""
    /// Where it differs from other providers, with a comment that gives the reason.
    var exceptions: [Situation: Set<String>] = [:]
    /// Creates it for a server on a port of this host, with or without TLS from the first byte.
    var make: @Sendable (_ port: Int, _ isTLS: Bool, _ timeout: Duration) -> any Provider

    var testDescription: String { name }

    static let all = Channel.allCases.flatMap { channel -> [ProviderUnderTest] in
        switch channel {
        case .email: [smtp]
        case .sms: [infobip(channel), twilio(channel), gateway, chain]
        case .whatsapp: [infobip(channel)]
        case .voice: [infobip(channel), twilio(channel)]
        case .webhook: [webhook]
        case .ntfy:
            [
                vendor(.ntfy, to: "ops-secret-topic", ["secret-token", "secret-topic"], "{}") {
                    NtfyVendor(server: $0, token: Secret("secret-token"), timeout: $1)
                }
            ]
        case .telegram:
            [
                vendor(.telegram, to: "123456789", ["secret-token", "123456789"], #"{"ok":true}"#) {
                    TelegramVendor(server: $0, token: Secret("1:secret-token"), timeout: $1)
                }
            ]
        case .pushover: [pushover]
        case .gotify:
            [
                vendor(.gotify, to: "Asecret-token-1", ["secret-token"], #"{"id":1}"#) {
                    GotifyVendor(server: $0, timeout: $1)
                }
            ]
        case .mattermost:
            [
                vendor(.mattermost, to: "secrethooksecrethooksecret", ["secrethook"], "ok") {
                    MattermostVendor(server: $0, timeout: $1)
                }
            ]
        case .teams:
            [
                webhookVendor(.teams, "https://prod-01.westeurope.logic.azure.com/workflows/secret-in-address", "") {
                    TeamsVendor(timeout: $0, reach: .anywhere)
                }
            ]
        case .matrix:
            [
                vendor(.matrix, to: "!room:example.com", ["secret-token"], #"{"event_id":"$1"}"#) {
                    MatrixVendor(server: $0, token: Secret("secret-token"), timeout: $1)
                }
            ]
        case .webpush: [webPush]
        case .discord:
            [
                webhookVendor(.discord, "https://discord.com/api/webhooks/1/secret-in-address", #"{"id":"1"}"#) {
                    DiscordVendor(timeout: $0, reach: .anywhere)
                }
            ]
        case .slack:
            [
                webhookVendor(.slack, "https://hooks.slack.com/services/T0/B0/secret-in-address", "ok") {
                    SlackVendor(timeout: $0, reach: .anywhere)
                }, slackBot,
            ]
        }
    }

    private static func message(_ channel: Channel, to address: String) -> Message {
        Message(
            id: "0198c2f4-0000-7000-8000-000000000001", channel: channel, address: address, urgency: .high,
            subject: "Disk full", shortText: "#1 CRITICAL: Disk full\nAck: https://p/a/secret-link", text: "Disk full",
            body: channel.definition.form == .json ? #"{"text":"Disk full"}"# : nil)
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

    private static var webPush: ProviderUnderTest {
        let keys = "\(PushServer.key).\(PushServer.secret)"
        return ProviderUnderTest(
            name: "browser", wire: .http,
            message: message(.webpush, to: "https://push.example.com/send/secret-in-address#\(keys)"),
            secrets: ["secret-in-address", PushServer.secret],
            make: { port, isTLS, timeout in
                let vendor = WebPushVendor(
                    signature: PushSignature(secret: Secret("key"), contact: "https://pager.example.com"),
                    time: ManualTime().source, timeout: timeout, reach: .anywhere)
                let local = "\(isTLS ? "https" : "http")://127.0.0.1:\(port)/send/secret-in-address"
                return HTTPProvider(
                    MovedVendor(vendor: vendor, url: local), for: .webpush, client: CurlClient(),
                    time: ManualTime().source)
            })
    }

    private static func twilio(_ channel: Channel) -> ProviderUnderTest {
        var subject = vendor(
            channel, to: "+385915550101", ["secret-auth-token", "385915550101", "secret-link"], #"{"sid":"SM1"}"#
        ) {
            TwilioVendor(
                server: $0, account: "AC1", token: Secret("secret-auth-token"), smsSender: "+1500",
                voiceSender: "+1500",
                timeout: $1)
        }
        subject.name = "Twilio, \(channel.name)"
        return subject
    }

    private static var pushover: ProviderUnderTest {
        var subject = vendor(
            .pushover, to: "secretUserKey0secretUserKey0se", ["secret-token", "secretUserKey"], #"{"status":1}"#
        ) {
            PushoverVendor(server: $0, token: Secret("secret-token"), timeout: $1)
        }
        // It means that the messages of the month are used up.
        subject.exceptions = [.asksToSlowDown: ["permanent"]]
        return subject
    }

    /// A vendor whose server the operator sets.
    private static func vendor(
        _ channel: Channel, to address: String, _ secrets: [String], _ acceptance: String,
        make: @escaping @Sendable (_ server: String, _ timeout: Duration) -> any HTTPVendor
    ) -> ProviderUnderTest {
        ProviderUnderTest(
            name: channel.name, wire: .http, message: message(channel, to: address), secrets: secrets,
            acceptance: acceptance,
            make: { port, isTLS, timeout in
                HTTPProvider(
                    make("\(isTLS ? "https" : "http")://127.0.0.1:\(port)", timeout), for: channel,
                    client: CurlClient(), time: ManualTime().source)
            })
    }

    /// A vendor whose webhook is the recipient's address.
    private static func webhookVendor(
        _ channel: Channel, _ address: String, _ acceptance: String,
        make: @escaping @Sendable (_ timeout: Duration) -> any HTTPVendor
    ) -> ProviderUnderTest {
        ProviderUnderTest(
            name: channel.name, wire: .http, message: message(channel, to: address), secrets: ["secret-in-address"],
            acceptance: acceptance,
            make: { port, isTLS, timeout in
                Redirected(
                    HTTPProvider(make(timeout), for: channel, client: CurlClient(), time: ManualTime().source),
                    to: "\(isTLS ? "https" : "http")://127.0.0.1:\(port)/services/secret-in-address")
            })
    }

    private static var slackBot: ProviderUnderTest {
        var subject = vendor(
            .slack, to: "U0SECRET1", ["secret-token", "secret-signing", "U0SECRET1", "secret-link"],
            #"{"ok":true,"channel":"D024BE91L","ts":"1503435956.000247"}"#
        ) {
            SlackVendor(
                server: $0, token: Secret("xoxb-secret-token"), signingSecret: Secret("secret-signing"), timeout: $1,
                reach: .anywhere)
        }
        subject.name = "Slack, bot"
        return subject
    }

    private static var gateway: ProviderUnderTest {
        vendor(.sms, to: "+385915550101", ["secret-gateway-key", "385915550101", "secret-link"], "OK") {
            server, timeout in
            SMSGateway(
                url: RequestTemplate("\(server)/send", .percent),
                headers: [(name: "Authorization", value: "Bearer secret-gateway-key")],
                body: RequestTemplate("to={to}&text={text}", .percent), accepted: "OK", timeout: timeout)
        }
    }

    /// A chain whose second vendor is paused, so that the first one's receipt counts.
    private static var chain: ProviderUnderTest {
        var chain = gateway
        let one = gateway
        chain.name = "chain, SMS"
        chain.make = { port, isTLS, timeout in
            let closed = Gate(limits: ProviderLimits(perSecond: 1, burst: 1, concurrency: 0), time: ManualTime().source)
            let paused = Redirected(one.make(1, false, timeout), to: "", gate: closed)
            return ProviderChain([one.make(port, isTLS, timeout), paused], for: .sms, time: ManualTime().source)
        }
        // One vendor's refusal of everybody leaves hope that another vendor takes it later.
        for situation in [Situation.redirect, .speaksNoTLS, .unknownCertificate] {
            chain.exceptions[situation] = ["temporary"]
        }
        return chain
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

/// Sends a vendor's requests to this host. An address with its keys must begin with https.
struct MovedVendor: HTTPVendor {
    let vendor: any HTTPVendor
    let url: String

    var name: String { vendor.name }
    var title: String { vendor.title }
    var limits: ProviderLimits { vendor.limits }
    var timeout: Duration { vendor.timeout }
    var reach: CurlRequest.Reach { vendor.reach }
    var advice: String? { vendor.advice }
    var secrets: [String] { vendor.secrets + [url] }

    func request(for message: Message) -> VendorRequest {
        var request = vendor.request(for: message)
        request.url = url
        return request
    }

    func verdict(on answer: VendorAnswer) -> VendorVerdict? { vendor.verdict(on: answer) }
    func words(in answer: VendorAnswer) -> String? { vendor.words(in: answer) }
    func reportTimeout(for channel: Channel) -> Duration? { vendor.reportTimeout(for: channel) }
}

/// A webhook's address is part of the message, so it is set once the port is known.
private actor Redirected: Provider {
    private let provider: any Provider
    private let address: String
    nonisolated let name: String
    nonisolated let channels: Set<Channel>
    nonisolated let gate: Gate

    init(_ provider: any Provider, to address: String, gate: Gate? = nil) {
        self.provider = provider
        self.address = address
        name = provider.name
        channels = provider.channels
        self.gate = gate ?? provider.gate
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { provider.reportTimeout(for: channel) }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        var message = message
        message.address = address
        return await provider.deliver(message, mayStillSend: mayStillSend)
    }
}
