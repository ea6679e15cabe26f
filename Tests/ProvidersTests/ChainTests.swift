import Domain
import TestSupport
import Testing

@testable import Providers

@Suite struct ChainTests {
    /// A vendor that always gives the same answer.
    private actor Fixed: Provider {
        nonisolated let name: String
        nonisolated let channels: Set<Channel> = [.sms]
        nonisolated let gate: Gate
        private let receipt: Receipt
        private let report: Duration?
        private(set) var attempts = 0

        init(_ name: String, _ receipt: Receipt, report: Duration? = nil, time: TimeSource) {
            self.name = name
            self.receipt = receipt
            self.report = report
            gate = Gate(limits: ProviderLimits(perSecond: 100, burst: 10, concurrency: 4), time: time)
        }

        nonisolated func reportTimeout(for channel: Channel) -> Duration? { report }

        func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
            attempts += 1
            return receipt
        }
    }

    private static let message = Message(
        id: "m", channel: .sms, address: "+385915550101", urgency: .high, subject: "s", shortText: "s", text: "t")
    private static let down = Receipt.temporary(Fault(.transient, "One is down."), retryAfter: .seconds(60))
    private static let taken = Receipt.accepted(reference: "r", note: "queued")

    @Test(
        arguments: [
            (taken, taken, "accepted", 0), (down, taken, "accepted", 1),
            (.permanent(Fault(.account, "No credit.")), taken, "accepted", 1),
            (.unknown(Fault(.transient, "No answer.")), taken, "accepted", 1),
            (.permanent(Fault(.recipient, "No such number.")), taken, "permanent recipient", 0),
            (.permanent(Fault(.message, "Too long.")), taken, "permanent message", 0),
            (.notSent(reason: "the lease ran out"), taken, "notSent", 0),
            (down, down, "temporary transient", 1),
            (.permanent(Fault(.account, "No credit.")), .permanent(Fault(.account, "No key.")), "permanent account", 1),
            (.permanent(Fault(.account, "No credit.")), down, "temporary account", 1),
            (.unknown(Fault(.transient, "No answer.")), down, "unknown transient", 1),
        ] as [(Receipt, Receipt, String, Int)])
    func `the next vendor is asked unless the recipient or the message is at fault`(
        first: Receipt, second: Receipt, expected: String, attempts: Int
    ) async {
        let time = ManualTime()
        let one = Fixed("one", first, time: time.source)
        let two = Fixed("two", second, time: time.source)
        let chain = ProviderChain([one, two], for: .sms, time: time.source)
        #expect(describe(await chain.deliver(ChainTests.message, mayStillSend: { true })) == expected)
        #expect(await two.attempts == attempts)
    }

    @Test func `the log says which vendor accepted it`() async {
        let time = ManualTime()
        let chain = ProviderChain(
            [Fixed("one", ChainTests.down, time: time.source), Fixed("two", ChainTests.taken, time: time.source)],
            for: .sms, time: time.source)
        #expect(
            await chain.deliver(ChainTests.message, mayStillSend: { true })
                == .accepted(reference: "r", note: "two: queued"))
        #expect(chain.name == "one+two")
    }

    @Test func `a pausing vendor is skipped without an attempt`() async {
        let time = ManualTime()
        let one = Fixed("one", ChainTests.down, time: time.source)
        let two = Fixed("two", ChainTests.taken, time: time.source)
        let chain = ProviderChain([one, two], for: .sms, time: time.source)
        for _ in 0..<3 { _ = await chain.deliver(ChainTests.message, mayStillSend: { true }) }
        #expect(await one.attempts == 1, "it asked for a pause of a minute")
        #expect(await two.attempts == 3)
    }

    @Test func `a report is expected only if every vendor sends one`() {
        let time = ManualTime()
        func chain(_ first: Duration?, _ second: Duration?) -> ProviderChain {
            ProviderChain(
                [
                    Fixed("one", ChainTests.taken, report: first, time: time.source),
                    Fixed("two", ChainTests.taken, report: second, time: time.source),
                ], for: .sms, time: time.source)
        }
        #expect(chain(.minutes(5), nil).reportTimeout(for: .sms) == nil)
        #expect(chain(.minutes(5), .minutes(3)).reportTimeout(for: .sms) == .minutes(5))
    }
}
