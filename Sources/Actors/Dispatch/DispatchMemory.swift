internal import DequeModule
internal import Domain
internal import Store
internal import Synchronization

/// What one worker remembers between claims: whose turn it was last, when messages to each number left, and which pages
/// have left.
///
/// It forgets at a restart. Then the next messages leave a little sooner than they should, and pages whose results a
/// failover lost go again without a mark.
final class DispatchMemory: Sendable {
    private struct State {
        var turns = ServedTurns()
        var sent: [ContactMethodID: [Timestamp]] = [:]
        var left: Set<PageID> = []
        var leftInOrder: Deque<PageID> = []
    }

    /// The number of pages it knows to have left. A failover loses the last seconds of a database, so the latest suffice.
    static let pageLimit = 4_096

    private let state = Mutex(State())

    var turns: ServedTurns { state.withLock { $0.turns } }

    /// The contact methods that have to wait, and until when.
    func pauses(_ budget: (ContactMethodID) -> MessageBudget?, at now: Timestamp) -> [ContactMethodID: Timestamp] {
        state.withLock { state in
            for (method, times) in state.sent where (times.last ?? now) <= now - .hours(1) { state.sent[method] = nil }
            var pauses: [ContactMethodID: Timestamp] = [:]
            for (method, times) in state.sent {
                guard let earliest = budget(method)?.earliest(after: times, at: now), earliest > now else { continue }
                pauses[method] = earliest
            }
            return pauses
        }
    }

    /// Notes what was claimed.
    func note(_ messages: [ClaimedMessage], at now: Timestamp) {
        state.withLock { state in
            for message in messages {
                guard let first = message.pages.first else { continue }
                state.turns.note(first)
                guard first.page.channel.definition.hasBudget, first.incidentID != nil,
                    first.page.attempts <= 1
                else { continue }
                var times = state.sent[first.page.contactMethodID] ?? []
                times.append(now)
                state.sent[first.page.contactMethodID] = Array(times.suffix(MessageBudget.range.upperBound))
            }
        }
    }

    /// Notes that the provider has a message, or may have it.
    func noteLeft(_ message: ClaimedMessage) {
        state.withLock { state in
            for page in message.pages where state.left.insert(page.page.id).inserted {
                state.leftInOrder.append(page.page.id)
            }
            while state.leftInOrder.count > DispatchMemory.pageLimit {
                if let oldest = state.leftInOrder.popFirst() { state.left.remove(oldest) }
            }
        }
    }

    func hasLeft(_ page: PageID) -> Bool { state.withLock { $0.left.contains(page) } }

    /// The same message, with the pages marked that have left before. The database does not know it after a failover that
    /// lost both the claim and the result.
    func marked(_ message: ClaimedMessage) -> ClaimedMessage {
        var message = message
        for index in message.pages.indices where hasLeft(message.pages[index].page.id) {
            message.pages[index].page.isPossibleDuplicate = true
        }
        return message
    }
}
