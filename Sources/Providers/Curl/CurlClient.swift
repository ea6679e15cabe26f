internal import CCurl
internal import CThreads
internal import Glibc
internal import Synchronization

/// libcurl for HTTPS and SMTP. It runs any number of transfers on one thread and reuses connections.
package final class CurlClient: Sendable {
    private struct Inbox {
        var starts: [CurlTransfer] = []
        var cancellations: [UInt64] = []
        var isStopped = false
    }
    /// Only the thread uses the multi handle. Other threads only call `curl_multi_wakeup`, which libcurl allows.
    private final class Shared: @unchecked Sendable {
        let multi: OpaquePointer
        let inbox = Mutex(Inbox())

        init() {
            guard let multi = curl_multi_init() else { preconditionFailure("libcurl could not be started") }
            self.multi = OpaquePointer(multi)
            ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 64)
            ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
        }

        var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(multi) }
    }
    private enum State {
        case idle
        case running(Shared)
        case stopped
    }
    /// The first transfer starts it. Most clients of a process never have one, and each thread needs descriptors.
    private let state = Mutex(State.idle)
    private let nextID = Atomic<UInt64>(1)
    private static let started: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    package init() { _ = CurlClient.started }

    deinit { stop() }

    /// Ends the thread. Running transfers end as cancelled.
    package func stop() {
        let shared = state.withLock { state -> Shared? in
            defer { state = .stopped }
            return if case .running(let shared) = state { shared } else { nil }
        }
        if let shared { CurlClient.post(to: shared) { $0.isStopped = true } }
    }

    /// Returns what the thread shares with the others, and starts it if needed. Nil after `stop`.
    private func start() -> Shared? {
        state.withLock { state in
            switch state {
            case .stopped: return nil
            case .running(let shared): return shared
            case .idle:
                let shared = Shared()
                CurlClient.startThread(shared)
                state = .running(shared)
                return shared
            }
        }
    }

    private static func startThread(_ shared: Shared) {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { raw in
                if let raw { CurlClient.work(Unmanaged<Shared>.fromOpaque(raw).takeRetainedValue()) }
                return nil
            }, Unmanaged.passRetained(shared).toOpaque())
        precondition(status == 0, "no thread could be started for libcurl: error \(status)")
        pthread_detach(thread)
    }

    /// - Throws: `CurlError`; `.cancelled` within a millisecond of the task's cancellation.
    package func perform(_ request: CurlRequest) async throws(CurlError) -> CurlResponse {
        guard let shared = start() else { throw .cancelled }
        let id = nextID.add(1, ordering: .relaxed).oldValue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<CurlResponse, CurlError>, Never>) in
                let transfer = CurlTransfer(id: id, request: request) { continuation.resume(returning: $0) }
                let isStopped = shared.inbox.withLock { inbox -> Bool in
                    if !inbox.isStopped { inbox.starts.append(transfer) }
                    return inbox.isStopped
                }
                if isStopped { return continuation.resume(returning: .failure(.cancelled)) }
                // The cancellation may have arrived before the start was in the inbox.
                if Task.isCancelled && request.isCancellable {
                    CurlClient.post(to: shared) { $0.cancellations.append(id) }
                } else {
                    CurlClient.post(to: shared) { _ in }
                }
            }
        } onCancel: {
            if request.isCancellable { CurlClient.post(to: shared) { $0.cancellations.append(id) } }
        }
        return try result.get()
    }

    private static func post(to shared: Shared, _ change: (inout Inbox) -> Void) {
        shared.inbox.withLock { change(&$0) }
        curl_multi_wakeup(shared.pointer)
    }

    private static func work(_ shared: Shared) {
        cthreads_name_thread("curl")
        var running: [UInt64: CurlTransfer] = [:]
        var isStopped = false
        while !isStopped {
            let inbox = shared.inbox.withLock { inbox in
                defer {
                    inbox.starts.removeAll()
                    inbox.cancellations.removeAll()
                }
                return inbox
            }
            isStopped = inbox.isStopped
            for transfer in inbox.starts {
                running[transfer.id] = transfer
                transfer.start(on: shared.pointer)
            }
            for id in inbox.cancellations { running.removeValue(forKey: id)?.finish(on: shared.pointer, .cancelled) }
            var count: Int32 = 0
            curl_multi_perform(shared.pointer, &count)
            var code = CURLE_OK
            while let easy = ccurl_next_done(shared.pointer, &code) {
                var raw: UnsafeMutableRawPointer?
                ccurl_get_pointer(easy, CURLINFO_PRIVATE, &raw)
                guard let raw else { continue }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(raw).takeUnretainedValue()
                running[transfer.id] = nil
                transfer.finish(on: shared.pointer, code)
            }
            if !isStopped { curl_multi_poll(shared.pointer, nil, 0, 60_000, nil) }
        }
        for transfer in running.values { transfer.finish(on: shared.pointer, .cancelled) }
        curl_multi_cleanup(shared.pointer)
    }
}
