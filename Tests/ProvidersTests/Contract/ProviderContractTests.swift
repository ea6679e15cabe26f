import Domain
import Providers
import TestSupport
import Testing

/// The contract that every provider must meet, whatever its protocol, tested against good and bad servers.
@Suite(.serialized) struct ProviderContractTests {
    private static let timeout: Duration = .milliseconds(400)

    @Test(arguments: ProviderUnderTest.all, Situation.allCases)
    func `every behaviour of a provider has its outcome, in time and without secrets`(
        subject: ProviderUnderTest, situation: Situation
    ) async throws {
        let server = try Counterpart(situation, subject)
        defer { server.stop() }
        let timeout = situation.isPatient ? .seconds(20) : ProviderContractTests.timeout
        let provider = subject.make(server.port, situation.isTLS, timeout)
        let clock = ContinuousClock()
        let started = clock.now
        let receipt = await provider.deliver(subject.message, mayStillSend: { true })
        // The time-out covers the whole attempt. Without it the impatient cases would never end.
        #expect(clock.now - started < timeout + .seconds(60))
        let kind = String(describe(receipt).prefix { $0 != " " })
        #expect((subject.exceptions[situation] ?? situation.expected).contains(kind), "\(receipt)")
        for secret in subject.secrets { #expect(!"\(receipt)".contains(secret)) }
        if let fault = receipt.fault {
            #expect(!fault.explanation.isEmpty && fault.explanation.count <= 500)
            #expect(fault.explanation.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 })
        }
        #expect(server.count() <= 1)
    }

    @Test(arguments: ProviderUnderTest.all)
    func `nothing is sent after permission ended`(subject: ProviderUnderTest) async throws {
        let server = try Counterpart(.takesIt, subject)
        defer { server.stop() }
        let provider = subject.make(server.port, false, ProviderContractTests.timeout)
        let receipt = await provider.deliver(subject.message, mayStillSend: { false })
        #expect(describe(receipt) == "notSent")
        #expect(server.count() == 0)
    }

    /// Otherwise it would be unknown whether the page left.
    @Test(arguments: ProviderUnderTest.all)
    func `a hand-over in progress finishes although its task is cancelled`(subject: ProviderUnderTest) async throws {
        let (port, stop) = slow(subject, .milliseconds(150))
        defer { stop() }
        let provider = subject.make(port, false, .seconds(10))
        let task = Task { await provider.deliver(subject.message, mayStillSend: { true }) }
        task.cancel()
        #expect(describe(await task.value) == "accepted")
    }

    @Test(arguments: ProviderUnderTest.all)
    func `a provider serves its stated channels, and reports only on channels with reports`(subject: ProviderUnderTest)
    {
        let provider = subject.make(1, false, .seconds(1))
        #expect(provider.channels.contains(subject.message.channel))
        for channel in provider.channels where channel.definition.reportTimeout == nil {
            #expect(provider.reportTimeout(for: channel) == nil)
        }
    }

    private func slow(_ subject: ProviderUnderTest, _ wait: Duration) -> (port: Int, stop: () -> Void) {
        switch subject.wire {
        case .http:
            let server = StandIn([.answerAfter(wait, 200, body: subject.acceptance)])
            return (server.port, { server.stop() })
        case .mail:
            let server = MailStandIn([.content: .replyAfter(wait, "250 2.0.0 queued")])
            return (server.port, { server.stop() })
        }
    }
}
