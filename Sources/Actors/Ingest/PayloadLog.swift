internal import Database
package import Domain
package import Logging
internal import ServiceLifecycle
package import Store
internal import Synchronization

/// Keeps the latest payloads of each source without delaying alerts: accepted payloads are written in batches a moment
/// later. A refused payload is written before its sender gets an answer, so that an operator can look it up at once.
package struct PayloadLog: Service {
    /// How long to collect payloads before writing them.
    package static let pause: Duration = .seconds(1)

    /// Creates the record of a payload. Called only when the record is written; most payloads of a storm never are.
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

    /// Adds a payload. Returns at once if it was accepted, otherwise after it is written.
    package func add(_ draft: @escaping Draft, of source: SourceID, _ verdict: PayloadRecord.Verdict) async {
        pending.add([draft], of: source)
        switch verdict {
        case .taken: wakeUp.signal()
        case .rejected, .failed: await flush()
        }
    }

    /// Writes the payloads that this process has collected.
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

/// The payloads that wait to be written, oldest first, at most `PayloadRecord.Limits.perSource` for each source.
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

    /// Puts payloads that could not be written back in front of those that arrived in the meantime.
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
        // The database would refuse these again.
        case .constraint, .statement, .invalidValue, .decoding: break
        }
        return false
    }
}
