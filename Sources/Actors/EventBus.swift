package import Store
internal import Synchronization

/// Publishes events: those of this process right after the commit, those of other processes through the database.
package final class EventBus: Sendable {
    package typealias Listener = @Sendable (StoreEvent) -> Void

    private let listeners = Mutex<[Int: Listener]>([:])
    private let next = Mutex(0)

    package init() {}

    /// Subscribes a listener and returns a number for removing it. The listener runs on the publishing task, so it must
    /// be quick: signal a task or record a value.
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
