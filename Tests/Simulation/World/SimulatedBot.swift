import Actors
import Domain
import Providers

/// The Telegram bot: what people write to it waits until a process has read it.
final class SimulatedBot: @unchecked Sendable {
    private let world: World
    private var updates: [TelegramInbox.Update] = []
    /// How long it lets a reader wait.
    private static let patience: Duration = .seconds(25)

    init(_ world: World) { self.world = world }

    var source: TelegramListener.Source {
        TelegramListener.Source(read: { try await self.read(from: $0 ?? 0) }, answer: { _ in })
    }

    /// The first update that nobody needs any more.
    var end: Int64 { Int64(updates.count + 1) }

    func write(_ person: Int, _ text: String) {
        guard !world.isOver else { return }
        let id = end
        world.history.note("\(Cast.people[person]) writes “\(text)” to the bot")
        let written = InboundText(
            id: "telegram:\(id)", channel: .telegram, from: Cast.chat(of: person), text: text)
        updates.append(TelegramInbox.Update(id: id, text: written))
    }

    private func read(from offset: Int64) async throws -> [TelegramInbox.Update] {
        let end = world.scheduler.now + SimulatedBot.patience.microseconds
        while world.scheduler.now < end {
            let new = updates.filter { $0.id >= offset }
            if !new.isEmpty { return new }
            try await world.scheduler.sleep(until: world.scheduler.now + 1_000_000)
        }
        return []
    }
}
