import Actors
import Domain
import Providers
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// What people do in Telegram.
@Suite struct TelegramScenarios {
    /// A bot whose updates the test writes.
    private final class Bot: Sendable {
        private struct State {
            var updates: [TelegramInbox.Update] = []
            var offsets: [Int64?] = []
            var answered: [String] = []
        }

        private let state = Mutex(State())
        private let wakeUp = WakeUp()

        var offsets: [Int64?] { state.withLock { $0.offsets } }
        var answered: [String] { state.withLock { $0.answered } }

        func write(_ update: TelegramInbox.Update) {
            state.withLock { $0.updates.append(update) }
            wakeUp.signal()
        }

        var source: TelegramListener.Source {
            TelegramListener.Source(
                read: { offset in
                    self.state.withLock { $0.offsets.append(offset) }
                    while !Task.isCancelled {
                        let due = self.state.withLock { $0.updates.filter { $0.id >= offset ?? 0 } }
                        if !due.isEmpty { return due }
                        await self.wakeUp.wait()
                    }
                    return []
                }, answer: { id in self.state.withLock { $0.answered.append(id) } })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a button acknowledges, a text resolves, and each counts once`(kind: TestDatabase) async throws {
        let bot = Bot()
        try await TestApp.run(
            kind,
            team: { team in
                team.tellNobody()
                team.methods.append(
                    ContactMethod(
                        id: "chat", userID: "ada", channel: .telegram, address: "4711", verifiedAt: TestTeam.start))
                team.rules = [
                    NotificationRule(
                        id: "rule", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "chat")
                ]
            }, telegram: bot.source
        ) { app in
            try await app.alert(#"{"title": "Disk full", "severity": "critical"}"#)
            try await app.expectPages(["telegram 4711"])
            let message = try #require(await app.outbox.messages.last?.id)
            bot.write(
                .init(
                    id: 100,
                    text: InboundText(
                        id: "telegram:100", channel: .telegram, from: "4711", text: "ack", answers: message),
                    button: "b1"))
            try await app.waitForTimeline("Ada acknowledged")
            try await app.waitUntil { bot.answered == ["b1"] }
            bot.write(
                .init(
                    id: 101, text: InboundText(id: "telegram:101", channel: .telegram, from: "4711", text: "resolve 1"))
            )
            try await app.waitForTimeline("Ada resolved")
            bot.write(
                .init(id: 102, text: InboundText(id: "telegram:102", channel: .telegram, from: "666", text: "reopen 1"))
            )
            try await app.waitUntil { try await app.assembly.store.telegramOffset() == 103 }
            #expect(bot.offsets.first == .some(nil))
            try await app.takePages()
        }
    }
}
