internal import Domain
internal import Store
internal import Synchronization

/// What one worker remembers between claims: whose turn it was last, and when messages to each number left.
///
/// It forgets at a restart. Then the next messages leave a little sooner than they should.
final class DispatchMemory: Sendable {
    private struct State {
        var turns = ServedTurns()
        var sent: [ContactMethodID: [Timestamp]] = [:]
    }

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
}
