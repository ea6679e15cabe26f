internal import Database
package import Domain
package import Logging
internal import ServiceLifecycle
package import Store
internal import Synchronization

/// Keeps the last payloads of each source without making an alert wait: what was taken is written together a moment
/// later. What was not taken is written before its sender is answered, so that it can be asked why.
package struct PayloadLog: Service {
    /// How long it collects before it writes.
    package static let pause: Duration = .seconds(1)

    /// Makes what is kept of a payload; not before it is written, since most of a storm never is.
    package typealias Draft = @Sendable () -> PayloadRecord

    private let pending = PendingPayloads()
    private let wakeUp = WakeUp()
    private let writes: Batcher<Bool, Bool>
    private let time: TimeSource

    package init(store: Store, time: TimeSource, logger: Logger) {
        self.time = time
        let pending = pending
        writes = Batcher(limit: 1_000) { requests in
            let isWritten = await write(pending.take(), to: store, logger) { pending.putBack($0) }
            return requests.map { _ in isWritten }
        }
    }

    /// Notes a payload. Returns at once, or when it is written if it was not taken.
    package func add(_ draft: @escaping Draft, of source: SourceID, _ verdict: PayloadRecord.Verdict) async {
        pending.add([draft], of: source)
        switch verdict {
        case .taken: wakeUp.signal()
        case .rejected, .failed: await flush()
        }
    }

    /// Writes what this process has noted so far.
    package func flush() async { _ = await writes.submit(true) }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await wakeUp.wait()
                await flush()
                try? await time.sleep(PayloadLog.pause)
            }
        }
        await flush()
    }
}

/// What waits to be written: oldest first, at most `PayloadRecord.Limits.perSource` of each source.
private final class PendingPayloads: Sendable {
    private let drafts = Mutex<[SourceID: [PayloadLog.Draft]]>([:])

    func add(_ new: [PayloadLog.Draft], of source: SourceID) {
        drafts.withLock { $0[source] = Array(($0[source, default: []] + new).suffix(PayloadRecord.Limits.perSource)) }
    }

    func take() -> [PayloadRecord] {
        let taken = drafts.withLock { drafts in
            defer { drafts = [:] }
            return drafts
        }
        return taken.values.flatMap { $0.map { $0() } }
    }

    /// What could not be written comes before what arrived meanwhile.
    func putBack(_ older: [PayloadRecord]) {
        drafts.withLock { drafts in
            for (source, kept) in Dictionary(grouping: older, by: \.sourceID) {
                let all = kept.map { record in { record } } + drafts[source, default: []]
                drafts[source] = Array(all.suffix(PayloadRecord.Limits.perSource))
            }
        }
    }
}

private func write(
    _ records: [PayloadRecord], to store: Store, _ logger: Logger, putBack: ([PayloadRecord]) -> Void
) async -> Bool {
    guard !records.isEmpty else { return true }
    do {
        try await store.save(records)
        return true
    } catch {
        logger.warning("payloads can't be kept for now", metadata: ["error": "\(error)"])
        switch error {
        case .unavailable, .busy, .closed: putBack(records)
        // What the database refuses once, it refuses again.
        case .constraint, .statement, .invalidValue, .decoding: break
        }
        return false
    }
}
