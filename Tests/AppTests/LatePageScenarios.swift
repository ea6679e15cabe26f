import Actors
import Domain
import Providers
import TestSupport
import Testing

@testable import App

/// A page that no provider accepts in time does not hold up other pages.
@Suite struct LatePageScenarios {
    /// The reason for the delay does not matter. Here the provider asks for a minute.
    @Test(arguments: TestDatabase.available)
    func `the next channel does not wait for a slow one, which continues`(kind: TestDatabase)
        async throws
    {
        let time = ManualTime()
        let busy = Receipt.temporary(Fault(.transient, "Slow down."), retryAfter: .minutes(1))
        let provider = ScriptedProvider([busy], time: time.source)
        try await TestApp.run(
            kind, time: time, team: DeliveryScenarios.rules,
            dispatch: Dispatcher.Settings(bundlingWindow: .zero, patience: .seconds(10)), providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.advance(.seconds(30))
            try await app.waitUntil {
                try await app.timeline().contains {
                    $0.hasPrefix("PagerPal SMS to Ada takes long (")
                        && $0.hasSuffix(" s so far: Slow down); e-mail is next, at once")
                }
            }
            try await app.expectPages(["email ada@example.com"])
            #expect(await provider.attempts.count == 1)
            try await app.advance(.seconds(40))
            try await app.waitForTimeline("PagerPal SMS to Ada sent")
            try await app.expectPages([])
            try await app.act("acknowledge")
        }
    }

    /// A page that is accepted at once is not late, however long its delivery report takes.
    @Test(arguments: TestDatabase.kinds)
    func `a page that its provider accepted is not late`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let provider = ScriptedProvider([], reportTimeout: .minutes(3), time: time.source)
        try await TestApp.run(
            kind, time: time, team: DeliveryScenarios.rules,
            dispatch: Dispatcher.Settings(bundlingWindow: .zero, patience: .seconds(10)), providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.advance(.minutes(2))
            try await app.expectPages([])
            try await app.act("acknowledge")
        }
    }

    /// Ada and Bob are paged by SMS, and after four minutes by e-mail.
    private static func both(_ team: inout TestTeam) {
        team.tellNobody()
        team.policy.steps[0].targets = [.user("ada"), .user("bob")]
        for (user, number) in [("ada", "+385915550101"), ("bob", "+385915550102")] {
            team.methods.append(
                ContactMethod(
                    id: ContactMethodID("sms-\(user)"), userID: UserID(user), channel: .sms, address: number,
                    verifiedAt: TestTeam.start))
            team.rules += [("sms", Duration.zero), ("mail", .minutes(4))].map { way, delay in
                NotificationRule(
                    id: NotificationRuleID("\(way) of \(user)"), userID: UserID(user), urgency: .high, delay: delay,
                    contactMethodID: ContactMethodID("\(way)-\(user)"))
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `once a provider is known to hang, the next pages go another way at once, and it is not asked`(
        kind: TestDatabase
    ) async throws {
        let time = ManualTime()
        let stuck = StuckProvider(time: time.source)
        try await TestApp.run(
            kind, time: time, team: Self.both,
            dispatch: Dispatcher.Settings(bundlingWindow: .zero, patience: .seconds(5)), providers: { _ in [stuck] }
        ) { app in
            /// Waits until the e-mails about an incident are next. Every hundred looks the clock goes on by a step.
            func waitForMail(of number: Int, step: Duration, atMost limit: Int) async throws {
                var looks = 0
                try await app.waitUntil {
                    looks += 1
                    if looks % 100 == 0 && looks / 100 <= limit { time.advance(by: step) }
                    return try await app.timeline(number).filter { $0.hasSuffix("e-mail is next, at once") }.count == 2
                }
            }
            for number in 1...3 {
                try await app.alert(#"{"title": "Disk \#(number)"}"#)
                // Pages that wait together would leave in one message.
                try await app.waitUntil { await stuck.attempts == 2 * number }
            }
            for number in 1...3 { try await waitForMail(of: number, step: .seconds(1), atMost: 60) }
            try await app.alert(#"{"title": "Disk 4"}"#)
            try await waitForMail(of: 4, step: .milliseconds(100), atMost: 5)
            // At most one message tries whether it works again.
            #expect(await stuck.attempts <= 7)
            let words =
                "PagerPal SMS to Ada would take long (the provider keeps messages waiting); e-mail is next, at once"
            #expect(try await app.timeline(4).contains(words))
            try await app.waitForTimeline("PagerPal e-mail to Ada sent", of: 4)
            // It works again. What waited leaves, and nobody is paged twice by the same way.
            await stuck.letGo()
            try await app.waitUntil {
                time.advance(by: .milliseconds(100))
                return try await app.timeline(4).contains("PagerPal SMS to Ada sent")
            }
            try await app.settle()
            #expect(await stuck.attempts == 8)
            try await app.takePages()
            for number in 1...4 { try await app.act("acknowledge", on: number) }
        }
    }
}

/// A provider that answers nothing until the test allows it.
private actor StuckProvider: Provider {
    nonisolated let name = "stuck"
    nonisolated let channels: Set<Channel> = [.sms]
    nonisolated let gate: Gate
    private(set) var attempts = 0
    private var isStuck = true
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(time: TimeSource) {
        gate = Gate(limits: ProviderLimits(perSecond: 1_000, burst: 100, concurrency: 8), time: time)
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        attempts += 1
        // A test that fails must end, too.
        await withTaskCancellationHandler {
            if isStuck { await withCheckedContinuation { waiting.append($0) } }
        } onCancel: {
            Task { await letGo() }
        }
        return .accepted(reference: nil, note: nil)
    }

    func letGo() {
        isStuck = false
        for one in waiting { one.resume() }
        waiting = []
    }
}
