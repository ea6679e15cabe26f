package import Domain
internal import Foundation

/// Sends e-mail through an SMTP server (RFC 5321), with STARTTLS or TLS and a login.
package actor SMTPProvider: Provider {
    package nonisolated let name = "smtp"
    package nonisolated let channels: Set<Channel> = [.email]
    package nonisolated let gate: Gate
    private let settings: SMTPSettings
    private let clients: CurlPool
    private let time: TimeSource
    private let tokens: OAuthTokens?

    package init(settings: SMTPSettings, time: TimeSource) {
        self.settings = settings
        clients = CurlPool(size: settings.limits.concurrency)
        self.time = time
        tokens = settings.oauth.map { OAuthTokens($0, time: time) }
        gate = Gate(limits: settings.limits, time: time)
    }

    /// A mail server accepts responsibility and reports failures by mail, so there is no delivery report to wait for.
    package nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    package func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        guard let from = MailAddress(settings.from) else {
            return .permanent(Fault(.account, "SMTP_FROM is not a mail address."))
        }
        guard let to = MailAddress(message.address) else {
            return .permanent(Fault(.recipient, "The address is not a mail address."))
        }
        let mail = Mail(
            message: message, from: from, to: to, replyTo: settings.replyTo.flatMap { MailAddress($0) },
            date: time.now())
        guard let tokens else { return await send(mail, password, mayStillSend).receipt }
        var receipt = Receipt.notSent(reason: "no access token")
        // A known token may have been revoked, so it is replaced once.
        for _ in 0..<2 {
            switch await tokens.token() {
            case .none(let fault): return fault
            case .token(let token, let isNew):
                let login = settings.user.map { CurlRequest.Login(user: $0, password: token, isToken: true) }
                let outcome = await send(mail, login, mayStillSend)
                receipt = outcome.receipt
                guard outcome.isLoginRefused else { return receipt }
                await tokens.forget()
                if isNew { return receipt }
            }
        }
        return receipt
    }

    private var password: CurlRequest.Login? {
        settings.user.map { CurlRequest.Login(user: $0, password: settings.password?.reveal() ?? "") }
    }

    private func send(
        _ mail: Mail, _ login: CurlRequest.Login?, _ mayStillSend: @escaping @Sendable () -> Bool
    ) async -> (receipt: Receipt, isLoginRefused: Bool) {
        let request = CurlRequest(
            url: url(helo: settings.ehloName ?? mail.from.domain),
            kind: .mail(
                from: mail.from.address, to: mail.to.address, message: mail.bytes, login: login, tls: settings.tls),
            timeout: settings.timeout, connectTimeout: settings.connectTimeout, certificates: settings.certificates,
            isCancellable: false, mayStart: mayStillSend)
        guard mayStillSend() else { return (.notSent(reason: "the lease ran out"), false) }
        do {
            let response = try await clients.perform(request)
            return (.accepted(reference: nil, note: response.lines.last.map { String($0.prefix(200)) }), false)
        } catch {
            let receipt = SMTPAnswer.receipt(for: error)
                .redacting([login?.password, login.map { Data($0.password.utf8).base64EncodedString() }])
            if case .mailRefused(let refusal) = error, refusal.stage == .login { return (receipt, true) }
            return (receipt, false)
        }
    }

    /// libcurl sends the URL's path as the name in EHLO.
    private func url(helo: String) -> String {
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host  // An address of IPv6.
        return "\(settings.tls == .tls ? "smtps" : "smtp")://\(host):\(settings.port)/\(helo)"
    }
}
