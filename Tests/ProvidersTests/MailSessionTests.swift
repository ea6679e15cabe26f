import Domain
import TestSupport
import Testing

@testable import Providers

/// Mail servers that misbehave in one place.
@Suite(.serialized) struct MailSessionTests {
    private static let message = Message(
        id: "0198c2f4-0000-7000-8000-000000000001", channel: .email, address: "ada@example.com", urgency: .high,
        subject: "s", shortText: "s", text: "t")

    private func provider(_ server: MailStandIn, timeout: Duration = .seconds(20)) -> SMTPProvider {
        SMTPProvider(
            settings: SMTPSettings(
                host: "127.0.0.1", port: server.port, from: "pager@example.com", tls: .none, timeout: timeout),
            time: ManualTime().source)
    }

    private func deliver(_ script: [MailStandIn.Moment: MailStandIn.Action]) async -> (Receipt, Duration) {
        let server = MailStandIn(script)
        defer { server.stop() }
        let started = ContinuousClock.now
        let receipt = await provider(server).deliver(MailSessionTests.message, mayStillSend: { true })
        return (receipt, ContinuousClock.now - started)
    }

    @Test func `a refusal is told in the server's own words, not in its answer to QUIT`() async {
        let (receipt, _) = await deliver([.rcpt: .reply("550-5.1.1 The account does not exist.\n550 5.1.1 Check it.")])
        #expect(
            receipt.fault?.explanation
                == "The mail server refused the recipient: 550 5.1.1 The account does not exist. Check it.")
    }

    @Test(
        arguments: [
            ([.ehlo: .reply("502 what?")], "accepted"),  // Then HELO is tried.
            ([.ehlo: .reply("502 what?"), .helo: .reply("550 5.7.1 who?")], "permanent account"),
            ([.connect: .reply("554 5.7.1 No SMTP service here")], "permanent account"),
            ([.connect: .reply("421 4.7.0 busy")], "temporary transient"),
            ([.mail: .reply("553 5.7.1 not your address")], "permanent account"),
            ([.rcpt: .reply("550 5.1.1 no such user")], "permanent recipient"),
            ([.data: .reply("451 4.3.0 disk full")], "temporary transient"),
            ([.content: .reply("554 5.7.1 spam")], "permanent account"),
            ([.content: .reply("250 2.0.0 queued")], "accepted"),
        ] as [([MailStandIn.Moment: MailStandIn.Action], String)])
    func `the refused command decides the outcome`(script: [MailStandIn.Moment: MailStandIn.Action], expected: String)
        async
    {
        let (receipt, _) = await deliver(script)
        #expect(describe(receipt) == expected, "\(receipt)")
    }

    /// libcurl alone would wait two minutes for the answer.
    @Test(arguments: [[:], [.rcpt: .reply("550 5.1.1 no such user")]] as [[MailStandIn.Moment: MailStandIn.Action]])
    func `a server that never answers QUIT delays nothing`(
        script: [MailStandIn.Moment: MailStandIn.Action]
    ) async {
        let (receipt, duration) = await deliver(script.merging([.quit: .silence]) { $1 })
        #expect(describe(receipt) == (script.isEmpty ? "accepted" : "permanent recipient"))
        #expect(duration < .seconds(60))
    }

    @Test func `the note of an accepted mail is the server's answer`() async {
        let (receipt, _) = await deliver([.content: .reply("250 2.0.0 Ok: queued as 911E1F9E00E")])
        #expect(receipt == .accepted(reference: nil, note: "250 2.0.0 Ok: queued as 911E1F9E00E"))
    }

    @Test func `mails to a slow server leave side by side`() async {
        let count = SMTPSettings.defaultLimits.concurrency
        let server = MailStandIn([.content: .replyOnceReceived(count, "250 2.0.0 queued")])
        defer { server.stop() }
        let provider = provider(server, timeout: .seconds(60))
        await withTaskGroup(of: Receipt.self) { group in
            for _ in 0..<count {
                group.addTask { await provider.deliver(MailSessionTests.message, mayStillSend: { true }) }
            }
            for await receipt in group { #expect(describe(receipt) == "accepted") }
        }
        #expect(server.mails.count == count)
    }

    @Test func `the name in EHLO and the address for answers can be set`() async throws {
        let server = MailStandIn()
        defer { server.stop() }
        let settings = SMTPSettings(
            host: "127.0.0.1", port: server.port, from: "pager@example.com", tls: .none,
            replyTo: "Ops <ops@example.com>", ehloName: "pager-1.example.net")
        let provider = SMTPProvider(settings: settings, time: ManualTime().source)
        #expect(describe(await provider.deliver(MailSessionTests.message, mayStillSend: { true })) == "accepted")
        #expect(server.commands.contains("EHLO pager-1.example.net"))
        #expect(server.mails.first?.contains("Reply-To: <ops@example.com>\r\n") == true)
    }

    /// On a reused connection, a late answer could be taken for the next mail's.
    @Test func `every mail has a connection of its own`() async {
        let server = MailStandIn()
        defer { server.stop() }
        let provider = provider(server)
        for _ in 0..<3 { _ = await provider.deliver(MailSessionTests.message, mayStillSend: { true }) }
        #expect(server.commands.filter { $0.hasPrefix("EHLO") }.count == 3)
    }
}

@Suite struct MailDialogueTests {
    private func refusal(_ conversation: [String]) -> MailRefusal? {
        var dialogue = MailDialogue()
        for line in conversation {
            if line.hasPrefix("C ") { dialogue.send(line.dropFirst(2) + "\r\n") } else { dialogue.receive(line[...]) }
        }
        return dialogue.refusal
    }

    @Test func `the last refusal before QUIT counts`() {
        let talk = ["220 hello", "C EHLO x", "250 ok", "C MAIL FROM:<a@b.c>", "250 ok", "C RCPT TO:<d@e.f>"]
        #expect(refusal(talk + ["250 ok"]) == nil)
        let refused = talk + ["550-5.7.1 listed", "550 5.7.1 see https://x.example/"]
        let expected = MailRefusal(stage: .recipient, status: 550, text: "5.7.1 listed see https://x.example/")
        #expect(refusal(refused) == expected)
        #expect(refusal(refused + ["C QUIT", "221 bye"]) == expected)
        #expect(refusal(talk + ["250 ok", "421 4.4.2 idle too long"])?.status == 421)
    }

    @Test func `a login of several lines is one stage, whatever its lines look like`() {
        let talk = [
            "220 hello", "C EHLO x", "250-y", "250 AUTH LOGIN", "C AUTH LOGIN", "334 VXNlcm5hbWU6", "C cGFnZXI=",
        ]
        #expect(refusal(talk + ["535 5.7.8 no"])?.stage == .login)
    }
}
