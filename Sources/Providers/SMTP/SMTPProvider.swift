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

    package init(settings: SMTPSettings, time: TimeSource) {
        self.settings = settings
        clients = CurlPool(size: settings.limits.concurrency)
        self.time = time
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
        let request = CurlRequest(
            url: url(helo: settings.ehloName ?? from.domain),
            kind: .mail(
                from: from.address, to: to.address, message: mail.bytes,
                login: settings.user.map { CurlRequest.Login(user: $0, password: settings.password?.reveal() ?? "") },
                tls: settings.tls),
            timeout: settings.timeout, connectTimeout: settings.connectTimeout, certificates: settings.certificates,
            isCancellable: false, mayStart: mayStillSend)
        guard mayStillSend() else { return .notSent(reason: "the lease ran out") }
        do {
            let response = try await clients.perform(request)
            return .accepted(reference: nil, note: response.lines.last.map { String($0.prefix(200)) })
        } catch {
            let password = settings.password?.reveal()
            return SMTPAnswer.receipt(for: error)
                .redacting([password, password.map { Data($0.utf8).base64EncodedString() }])
        }
    }

    /// libcurl sends the URL's path as the name in EHLO.
    private func url(helo: String) -> String {
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host  // An address of IPv6.
        return "\(settings.tls == .tls ? "smtps" : "smtp")://\(host):\(settings.port)/\(helo)"
    }
}
