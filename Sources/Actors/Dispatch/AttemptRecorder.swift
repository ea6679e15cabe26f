internal import Database
package import Domain
package import Logging
internal import ServiceLifecycle
package import Store
internal import Synchronization

/// Stores the results of attempts even after the lease is lost, because a message that has left can't be recalled.
///
/// A result that could not be stored before its lease was lost is kept, and stored as soon as the database is back: by this
/// service, or by the next dispatcher of this process before it claims anything. The gates of the providers limit how many
/// results there can be, because without the database there is no lease to claim more pages.
package final class AttemptRecorder: Service {
    /// Called with the pages that ended without being delivered, once the results are stored.
    typealias Completion = @Sendable ([EndedPage]) async -> Void

    /// After the database has refused a statement this often, it is assumed to refuse it always.
    private static let refusals = 3
    /// The number of tries after the process was told to stop.
    private static let lastTries = 20
    private static let pause: Duration = .milliseconds(250)

    private struct Kept: Sendable {
        let attempts: [DeliveryAttempt]
        let completion: Completion
    }
    private struct Shelf {
        var kept: [Int: Kept] = [:]
        var next = 0
    }

    private let store: Store
    private let time: TimeSource
    private let logger: Logger
    private let shelf = Mutex(Shelf())
    private let wakeUp = WakeUp()

    package init(store: Store, time: TimeSource, logger: Logger) {
        self.store = store
        self.time = time
        self.logger = logger
    }

    /// Stores kept results until the process is told to stop, and then tries a few more times.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.wakeUp.wait()
                while !Task.isCancelled, await !self.storeKept() { try? await self.time.sleep(AttemptRecorder.pause) }
            }
        }
        var tries = 0
        while await !storeKept(), tries < AttemptRecorder.lastTries {
            tries += 1
            try? await time.sleep(AttemptRecorder.pause)
        }
    }

    /// Stores these results and keeps trying while the database is unavailable. If the task is cancelled, because the lease
    /// is lost or the process stops, they are kept.
    ///
    /// Results that the database refuses are stored again page by page and without the provider's words, so that one
    /// bad value affects no other page. Pages whose results are refused even then stay claimed until the next holder of
    /// the lease sends them again, marked as possible duplicates.
    func record(_ attempts: [DeliveryAttempt], then completion: @escaping Completion) async {
        switch await store(attempts, waits: true) {
        case .stored(let ended): await completion(ended)
        case .refused: break
        case .unavailable: keep(Kept(attempts: attempts, completion: completion))
        }
    }

    /// Tries once to store the kept results. Returns false if some are left.
    func storeKept() async -> Bool {
        let kept = shelf.withLock { $0.kept }
        for (number, result) in kept.sorted(by: { $0.key < $1.key }) {
            let outcome = await store(result.attempts, waits: false)
            if case .unavailable = outcome { return false }
            // If another task has stored it at the same time, that task has called the completion.
            let isOurs = shelf.withLock { $0.kept.removeValue(forKey: number) != nil }
            if isOurs, case .stored(let ended) = outcome { await result.completion(ended) }
        }
        return shelf.withLock { $0.kept.isEmpty }
    }

    private func keep(_ result: Kept) {
        shelf.withLock { shelf in
            shelf.kept[shelf.next] = result
            shelf.next += 1
        }
        wakeUp.signal()
    }

    private enum Outcome { case stored([EndedPage]), refused, unavailable }

    /// - Parameter waits: whether to try again while the database is unavailable, until the task is cancelled.
    private func store(_ attempts: [DeliveryAttempt], waits: Bool) async -> Outcome {
        let outcome = await storeTogether(attempts, waits)
        guard case .refused = outcome else { return outcome }
        var all: [EndedPage] = []
        var isRefused = false
        for attempt in attempts.flatMap(\.perPage) {
            switch await storeTogether([attempt.withoutWords], waits) {
            case .stored(let ended): all += ended
            case .refused: isRefused = true
            case .unavailable: return .unavailable
            }
        }
        return isRefused ? .refused : .stored(all)
    }

    private func storeTogether(_ attempts: [DeliveryAttempt], _ waits: Bool) async -> Outcome {
        var refusals = 0
        while true {
            do {
                return .stored(try await store.record(attempts, at: time.now()))
            } catch {
                logger.error(
                    "the result of an attempt can't be stored",
                    metadata: ["message": "\(attempts.first?.message.id ?? "")", "error": "\(error)"])
                switch error {
                case .unavailable, .busy: if !waits { return .unavailable }
                case .closed: return .unavailable
                case .constraint, .statement, .invalidValue, .decoding:
                    refusals += 1
                    if refusals == AttemptRecorder.refusals { return .refused }
                }
            }
            do {
                try await time.sleep(AttemptRecorder.pause)
            } catch {
                return .unavailable
            }
        }
    }
}

extension DeliveryAttempt {
    /// The same attempt, split into one for each of its pages.
    fileprivate var perPage: [DeliveryAttempt] {
        message.pages.map { page in
            var attempt = self
            attempt.message.pages = [page]
            return attempt
        }
    }

    fileprivate var withoutWords: DeliveryAttempt {
        var attempt = self
        attempt.receipt = receipt.withoutWords
        return attempt
    }
}

extension Receipt {
    /// The same receipt without any text from the provider.
    fileprivate var withoutWords: Receipt {
        let words = "the provider's words could not be stored"
        return switch self {
        case .accepted: .accepted(reference: nil, note: words)
        case .temporary(let fault, let retryAfter): .temporary(Fault(fault.blame, words), retryAfter: retryAfter)
        case .permanent(let fault): .permanent(Fault(fault.blame, words))
        case .unknown(let fault): .unknown(Fault(fault.blame, words))
        case .notSent: .notSent(reason: words)
        }
    }
}
