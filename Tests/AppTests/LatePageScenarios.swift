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
}
