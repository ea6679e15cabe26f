/// The hand-overs that are under way, and which of them have waited too long for an answer.
///
/// An attempt at a provider that hangs ends only with its time-out. Until then other messages would start to hang, too.
struct AnswersAwaited: Sendable {
    private struct HandOver {
        let address: String
        let since: Duration
        var isOverdue = false
    }

    /// How long an answer may take. It is the usual patience of an urgent page, too.
    static let patience: Duration = .seconds(5)

    /// In the order in which they began. The provider's concurrency limits how many there are.
    private var handOvers: [HandOver] = []

    mutating func begin(_ address: String, at now: Duration) {
        handOvers.append(HandOver(address: address, since: now))
    }

    /// Ends the oldest hand-over to an address. Returns whether it was overdue.
    mutating func end(_ address: String) -> Bool {
        guard let index = handOvers.firstIndex(where: { $0.address == address }) else { return false }
        return handOvers.remove(at: index).isOverdue
    }

    /// Returns the addresses whose answers have become overdue since the last call, and when they did.
    mutating func overdue(at now: Duration) -> [(address: String, since: Duration)] {
        var found: [(address: String, since: Duration)] = []
        for index in handOvers.indices where !handOvers[index].isOverdue {
            let end = handOvers[index].since + AnswersAwaited.patience
            guard end <= now else { break }
            handOvers[index].isOverdue = true
            found.append((handOvers[index].address, end))
        }
        return found
    }

    /// The number of hand-overs that are overdue.
    var overdueCount: Int { handOvers.count(where: \.isOverdue) }
}
