import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

/// Tests against a real SMTP server: aiosmtpd with STARTTLS, TLS and a login.
@Suite(.serialized, .enabled(if: MailServer.isAvailable, "use scripts/test, which installs aiosmtpd"))
struct SMTPTests {
    static let message = Message(
        id: "0198c2f4-0000-7000-8000-000000000001", channel: .email, address: "ada@example.com", urgency: .high,
        subject: "[#1 CRITICAL] Plaća čeka\r\nBcc: victim@example.com", shortText: "s",
        text: "Line one\n.\nFrom the start žšč\n",
        html: "<p>Hello &amp; welcome</p>", thread: "incident-1")

    func settings(_ server: MailServer, password: String = "mail-secret") -> SMTPSettings {
        SMTPSettings(
            host: "localhost", port: server.port, user: "pager", password: Secret(password),
            from: "PagerPal <pager@example.com>",
            tls: server.mode, timeout: .seconds(5), certificates: server.certificate)
    }

    func deliver(_ settings: SMTPSettings, to address: String = "ada@example.com") async -> Receipt {
        var message = SMTPTests.message
        message.address = address
        return await SMTPProvider(settings: settings, time: ManualTime().source)
            .deliver(message, mayStillSend: { true })
    }

    @Test(arguments: [CurlRequest.MailTLS.starttls, .tls])
    func `a mail arrives complete, over TLS, with a login`(mode: CurlRequest.MailTLS) async throws {
        let server = try MailServer(mode)
        defer { server.stop() }
        let receipt = await deliver(settings(server))
        try #require(describe(receipt) == "accepted", "\(receipt)")
        let mail = try server.nextMail()
        #expect(mail.from == "pager@example.com" && mail.to == ["ada@example.com"])
        #expect(mail.tls && mail.login == "pager")
        #expect(mail.options.contains("SIZE=\(mail.content.utf8.count)"), "\(mail.options)")
        let head = mail.content.components(separatedBy: "\r\n\r\n")[0]
        for line in [
            "Message-ID: <0198c2f4-0000-7000-8000-000000000001@example.com>", "Auto-Submitted: auto-generated",
            "References: <thread-incident-1@example.com>", "MIME-Version: 1.0", "To: <ada@example.com>",
            "Date: Wed, 04 Mar 2026 12:00:00 +0000",
        ] { #expect(head.contains(line), "\(line)") }
        #expect(!head.contains("\r\nBcc:"))
        #expect(head.components(separatedBy: "\r\n").allSatisfy { $0.count <= 78 })
        #expect(mail.content.contains(Data("Line one\n.\nFrom the start žšč\n".utf8).base64EncodedString()))
        #expect(mail.content.contains(Data("<p>Hello &amp; welcome</p>".utf8).base64EncodedString()))
    }

    @Test(arguments: [
        ("reply-451@example.com", "temporary transient 60"), ("reply-550@example.com", "permanent recipient"),
        ("reply-554@example.com", "permanent account"), ("no address", "permanent recipient"),
    ])
    func `refusals are told apart`(address: String, expected: String) async throws {
        let server = try MailServer(.starttls)
        defer { server.stop() }
        let receipt = await deliver(settings(server), to: address)
        #expect(describe(receipt) == expected, "\(receipt)")
    }

    @Test func `a wrong password is an operator's fault and is not retried`() async throws {
        let server = try MailServer(.starttls)
        defer { server.stop() }
        let receipt = await deliver(settings(server, password: "wrong-secret"))
        #expect(describe(receipt) == "permanent account", "\(receipt)")
        #expect(!"\(receipt)".contains("wrong-secret"))
    }

    @Test func `STARTTLS is never skipped`() async throws {
        let server = try MailServer(.none)
        defer { server.stop() }
        var settings = settings(server)
        settings.tls = .starttls
        let receipt = await deliver(settings)
        #expect(describe(receipt) == "permanent account", "\(receipt)")
        #expect("\(receipt)".contains("SMTP_TLS"))
    }

    @Test func `a server with an untrusted certificate gets no mail`() async throws {
        let server = try MailServer(.starttls)
        defer { server.stop() }
        var settings = settings(server)
        settings.certificates = nil
        #expect(describe(await deliver(settings)) == "permanent account")
    }
}

@Suite struct MailTests {
    @Test(
        arguments: [
            (.recipient, 421, "4.3.2 shutting down", "temporary transient", .provider),
            (.recipient, 450, "busy", "temporary transient 60", .destination),
            (.recipient, 451, "4.7.1 greylisted", "temporary transient 60", .destination),
            (.recipient, 452, "4.2.2 mailbox full", "temporary recipient 60", .destination),
            (.content, 451, "4.3.0 disk full", "temporary transient", .provider),
            (.greeting, 421, "4.7.0 too many connections", "temporary transient", .provider),
            (.hello, 421, "4.7.0 Try again later (EHLO)", "temporary transient", .provider),
            (.startTLS, 454, "4.7.0 TLS not available", "temporary account", .provider),
            (.login, 454, "4.7.0 can't check now", "temporary account", .provider),
            (.login, 535, "5.7.8 bad login", "permanent account", .provider),
            (.greeting, 554, "5.7.1 No SMTP service here", "permanent account", .provider),
            (.hello, 550, "5.7.1 Helo rejected", "permanent account", .provider),
            (.sender, 530, "5.7.0 Must issue STARTTLS first", "permanent account", .destination),
            (.sender, 553, "5.7.1 not your address", "permanent account", .destination),
            (.sender, 550, "5.1.8 bad sender", "permanent account", .destination),
            (.sender, 552, "5.3.4 too big", "permanent message", .destination),
            (.recipient, 550, "no such user", "permanent recipient", .destination),
            (.recipient, 550, "5.1.1 no such user", "permanent recipient", .destination),
            (.recipient, 550, "[5.1.10] no such user", "permanent recipient", .destination),
            (.recipient, 550, "5.2.1 mailbox disabled", "permanent recipient", .destination),
            (.recipient, 550, "5.7.1 blocked", "permanent account", .destination),
            (
                .recipient, 450, "4.7.1 <a.test>: Helo command rejected: Host not found", "temporary transient",
                .provider
            ),
            (.recipient, 504, "5.5.2 <a>: Helo command rejected: need FQDN", "permanent account", .provider),
            (
                .recipient, 553, "5.7.1 <p@a.test>: Sender address rejected: not owned", "permanent account",
                .destination
            ),
            (.recipient, 551, "user not local", "permanent recipient", .destination),
            (.recipient, 552, "5.2.2 full", "temporary recipient 60", .destination),
            (.recipient, 554, "5.7.1 relay access denied", "permanent account", .destination),
            (.recipient, 555, "5.5.4 unsupported option", "permanent message", .destination),
            (.recipient, 501, "syntax", "permanent message", .destination),
            (.content, 552, "5.3.4 too big", "permanent message", .destination),
            (.content, 552, "5.2.3 too long for this mailbox", "permanent message", .destination),
            (.content, 554, "5.7.1 spam", "permanent account", .destination),
            (.content, 554, "5.6.0 bad content", "permanent message", .destination),
            (.content, 550, "headers bad", "permanent account", .destination),
        ] as [(MailRefusal.Stage, Int, String, String, Fault.Scope)])
    func `refusals are classified by command and code`(
        stage: MailRefusal.Stage, status: Int, text: String, expected: String, scope: Fault.Scope
    ) throws {
        let receipt = SMTPAnswer.receipt(for: MailRefusal(stage: stage, status: status, text: text))
        #expect(describe(receipt) == expected)
        let fault = try #require(receipt.fault)
        #expect(fault.scope == scope)
        #expect(fault.explanation.contains("\(status) \(text)"))
    }

    @Test func `a refused name in EHLO is told as such also at RCPT, with the setting`() throws {
        let refusal = MailRefusal(
            stage: .recipient, status: 450, text: "4.7.1 <pager.test>: Helo command rejected: Host not found")
        #expect(
            SMTPAnswer.receipt(for: refusal).fault?.explanation
                == "The mail server refused EHLO: 450 4.7.1 <pager.test>: Helo command rejected: Host not found. "
                + "Set SMTP_EHLO_NAME to a name of this host that resolves.")
    }

    @Test(arguments: ["", "a", "a@", "@b", "a@b@c", "a b@c.d", "a@b\r\nRCPT TO:<x@y>", "<a@b", "a@.b", "a,b@c.d"])
    func `invalid addresses are refused`(text: String) { #expect(MailAddress(text) == nil) }

    @Test func `names and addresses are told apart`() {
        #expect(MailAddress("\"Pager, Pal\" <p@example.com>")?.name == "Pager, Pal")
        #expect(MailAddress("p@example.com")?.domain == "example.com")
    }

    @Test(arguments: [
        ("PagerPal", "PagerPal"), ("Ops, Zagreb", #""Ops, Zagreb""#), ("Ops: Zagreb", #""Ops: Zagreb""#),
        ("On-call @ Example", #""On-call @ Example""#), ("Ops (EU", #""Ops (EU""#),
        (#"The "best" \ team"#, #""The \"best\" \\ team""#), ("Dežurni", "=?utf-8?B?RGXFvnVybmk=?="),
    ])
    func `a name before an address is quoted where it must be`(name: String, phrase: String) {
        #expect(MailHeader.phrase(name, after: 6) == phrase)
    }

    @Test func `long subjects are folded into words of legal length`() {
        let encoded = MailHeader.encoded(String(repeating: "čaša ", count: 80), after: 9)
        #expect(encoded.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        #expect(MailHeader.encoded("plain", after: 9) == "plain")
        #expect(!MailHeader.encoded("a\r\nB: c\0", after: 9).contains("\n"))
    }
}
