internal import CThreads
internal import Glibc
internal import Synchronization

/// A dedicated connection that listens on the channel `pagerpal`, on its own thread, and reconnects when it is lost.
final class PostgresListener: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<DatabaseNotification>.Continuation] = [:]
        var next = 0
        var isRunning = false
        var isStopped = false
    }
    /// The maximum number of unread notifications per listener. Beyond it, older ones are dropped and the listener
    /// receives `.reconnected`.
    private static let bufferLimit = 10_000
    private static let longestPause: Int32 = 2_000

    private let state = Mutex(State())
    private let settings: PostgresSettings
    private let wake = cthreads_eventfd()

    init(_ settings: PostgresSettings) {
        self.settings = settings
    }

    deinit { if wake >= 0 { Glibc.close(wake) } }

    /// Returns the notifications from now on. The first listener starts the thread.
    func listen() -> AsyncStream<DatabaseNotification> {
        let (stream, continuation) = AsyncStream<DatabaseNotification>.makeStream(
            bufferingPolicy: .bufferingNewest(PostgresListener.bufferLimit))
        let mustStart = state.withLock { state -> Bool in
            guard !state.isStopped else {
                continuation.finish()
                return false
            }
            let id = state.next
            state.next += 1
            state.listeners[id] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
            }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart { startThread(named: "postgres-listen") { self.run() } }
        return stream
    }

    func stop() {
        let listeners = state.withLock { state in
            state.isStopped = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func run() {
        var pause: Int32 = 250
        while !isStopped {
            if let connection = try? PostgresConnection(settings), (try? connection.script("LISTEN pagerpal")) != nil {
                // Also sent the first time, because a listener may have missed notifications before LISTEN.
                tell(.reconnected)
                pause = 250
                forward(from: connection)
            } else {
                wait(milliseconds: pause, for: -1)
                pause = min(pause * 2, PostgresListener.longestPause)
            }
        }
    }

    /// Returns when the connection is lost or the listener is stopped.
    private func forward(from connection: PostgresConnection) {
        while !isStopped && connection.isIntact {
            for payload in connection.takeNotifications() { tell(.payload(payload)) }
            guard connection.isIntact else { return }
            wait(milliseconds: -1, for: connection.socket)
        }
    }

    private func wait(milliseconds: Int32, for socket: Int32) {
        var descriptors = [
            pollfd(fd: wake, events: Int16(POLLIN), revents: 0), pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, socket >= 0 ? 2 : 1, milliseconds)
    }

    private func tell(_ notification: DatabaseNotification) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners {
            // The listener does not know what was dropped, so it must check everything.
            if case .dropped = listener.yield(notification) { listener.yield(.reconnected) }
        }
    }
}
