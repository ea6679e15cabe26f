import Actors
import Database
import Domain
import Providers
import Store
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
            // The watch looks at its own times, so the clock goes on until it has told what it saw. It waits for the mail
            // each time, or the watch would also tell that the mail is late.
            let words = "PagerPal: The provider refusing (SMS) fails: The key is wrong."
            try await app.waitUntil {
                time.advance(by: .seconds(30))
                try await app.settle()
                return await app.outbox.messages.contains { $0.text == words }
            }
            let told = await app.outbox.messages.filter { $0.text == words }
            #expect(Set(told.map { "\($0.channel.rawValue) \($0.address)" }) == ["email dana@example.com"])
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

extension WatchScenarios {
    /// A watch with a clock of its own, so that the application's leases don't run out meanwhile.
    private func watch(
        _ app: TestApp, _ time: ManualTime, _ providers: [any Provider] = [],
        clocks: @escaping ProcessWatch.Clocks = { [] }
    ) -> ProcessWatch {
        let (store, bus) = (app.assembly.store, app.assembly.engine.eventBus)
        return ProcessWatch(
            providers: providers, clocks: clocks, host: "pager-2",
            context: IncidentContext(
                store: store, commits: CommitQueue(store: store, eventBus: bus, time: time.source),
                configuration: app.assembly.configuration, time: time.source),
            eventBus: bus, logger: app.assembly.engine.logger)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a duty without a holder is told by a process that has none, past the queue`(kind: TestDatabase) async throws {
        let direct = OutboxProvider(time: ManualTime().source)
        try await TestApp.run(kind, settings: { $0.dispatches = false }, team: { $0.tellNobody() }) { app in
            let time = ManualTime()
            let watch = watch(app, time, [direct])
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await watch.run() }
                try? await app.waitUntil {
                    time.advance(by: .seconds(30))
                    return await !direct.messages.isEmpty
                }
                group.cancelAll()
            }
            let told = await direct.messages
            #expect(
                told.first?.text
                    == "PagerPal: No process sends pages. Start one with NOTIFICATION_RETRY_WORKER_ENABLED=true.")
            #expect(told.first?.address == "dana@example.com")
            // Another process that finds the same trouble says nothing.
            let again = try await app.assembly.store.beginAlarm(
                "duty dispatch", unlessSince: Timestamp(seconds: 0), at: time.now)
            #expect(!again)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a wrong clock is told once it has lasted, and when it is right again`(kind: TestDatabase) async throws {
        let wrong = Mutex(true)
        try await TestApp.run(kind, team: { $0.tellNobody() }) { app in
            let time = ManualTime()
            let store = app.assembly.store
            let watch = watch(
                app, time, clocks: { wrong.withLock { $0 } ? ["The clock of this host is 9 s ahead."] : [] })
            try await app.waitUntil {
                let leases = try await store.leaseStatuses()
                return leases.values.count { $0.isHeld } == 2
            }
            let texts = { () async throws -> [String] in
                let rows = try await store.database.run(
                    "SELECT body FROM pages WHERE purpose = 'notice' ORDER BY queued_at"
                ).rows
                return try rows.map { try $0.get("body") }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await watch.run() }
                try await app.waitUntil {
                    time.advance(by: .seconds(30))
                    return try await !texts().isEmpty
                }
                wrong.withLock { $0 = false }
                try await app.waitUntil {
                    time.advance(by: .seconds(30))
                    return try await texts().count >= 2
                }
                group.cancelAll()
            }
            let told = try await texts()
            #expect(
                told.prefix(2) == [
                    "PagerPal: pager-2: The clock of this host is 9 s ahead.",
                    "PagerPal: Over: pager-2: The clock of this host is 9 s ahead.",
                ])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what the database refused to store is told with the next look`(kind: TestDatabase) async throws {
        let faults = Faults()
        let database = faults.database(try await kind.open())
        try await TestApp.run(kind, database: database, team: { $0.tellNobody() }) { app in
            app.allowErrors()
            let time = ManualTime()
            let store = app.assembly.store
            let watch = watch(app, time, clocks: { ["The clock of this host is 9 s ahead."] })
            try await app.waitUntil { try await store.leaseStatuses().values.count { $0.isHeld } == 2 }
            faults.fail("INSERT INTO alarms", times: 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await watch.run() }
                try await app.waitUntil {
                    time.advance(by: .seconds(30))
                    return try await !store.database.run("SELECT id FROM pages WHERE purpose = 'notice'").rows.isEmpty
                }
                group.cancelAll()
            }
            #expect(faults.count == 1)
            #expect(time.now - TestTeam.start < .hours(12), "not with the next day's reminder")
            try await app.takePages()
        }
    }
}
