package import Store
internal import Synchronization

/// What happened, told inside this process right after the commit, and by other processes through the database.
package final class EventBus: Sendable {
    package typealias Listener = @Sendable (StoreEvent) -> Void

    private let listeners = Mutex<[Int: Listener]>([:])
    private let next = Mutex(0)

    package init() {}

    /// Calls the listener, on whichever task tells, until it is removed by the number that this returns. It must be
    /// quick: wake somebody, note something.
    @discardableResult
    package func subscribe(_ listener: @escaping Listener) -> Int {
        let id = next.withLock { next in
            next += 1
            return next
        }
        listeners.withLock { $0[id] = listener }
        return id
    }

    package func unsubscribe(_ id: Int) { _ = listeners.withLock { $0.removeValue(forKey: id) } }

    package func publish(_ event: StoreEvent) {
        for listener in listeners.withLock({ Array($0.values) }) { listener(event) }
    }
}
