import Actors
import Domain
import Providers
import Synchronization
import TestSupport
import Testing

@testable import App

/// What operators hear of PagerPal itself.
@Suite struct WatchScenarios {
    @Test(arguments: TestDatabase.kinds)
    func `an administrator hears by mail that the SMS provider refuses the key`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let provider = RefusingProvider(time: time.source)
        try await TestApp.run(
            kind, time: time,
            team: { team in
                team.tellNobody()
                team.methods.append(
                    ContactMethod(
                        id: "sms-ada", userID: "ada", channel: .sms, address: "+385915550101",
                        verifiedAt: TestTeam.start))
            },
            dispatch: Dispatcher.Settings(bundlingWindow: .zero, tellsOfTrouble: true), providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            try await app.takePages()
            try await app.act("acknowledge", on: 1)
            for _ in 0..<12 {
                time.advance(by: .seconds(30))
                try await app.settle()
            }
            try await app.waitForMessages(2)
            let told = await app.outbox.messages.last
            #expect(told?.address == "dana@example.com" && told?.channel == .email)
            #expect(told?.text == "PagerPal: The provider refusing (SMS) fails: The key is wrong.")
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an address elsewhere is asked while the duties are held`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let asked = Mutex<[String]>([])
        try await TestApp.run(
            kind, time: time,
            fetch: { url, _ in
                asked.withLock { $0.append(url) }
                return []
            }, settings: { $0.outboundHeartbeat = "https://twin.example.com/beat" }
        ) { app in
            try await app.waitUntil {
                time.advance(by: .seconds(30))
                return asked.withLock { $0.count } >= 2
            }
            let addresses = asked.withLock { Set($0) }
            #expect(addresses == ["https://twin.example.com/beat"])
            try await app.takePages()
        }
    }
}

private actor RefusingProvider: Provider {
    nonisolated let name = "refusing"
    nonisolated let channels: Set<Channel> = [.sms]
    nonisolated let gate: Gate

    init(time: TimeSource) {
        gate = Gate(limits: ProviderLimits(perSecond: 100, burst: 100, concurrency: 8), time: time)
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        .permanent(Fault(.account, "The key is wrong."))
    }
}
