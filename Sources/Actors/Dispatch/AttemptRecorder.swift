internal import Database
internal import Domain
internal import Logging
internal import Store

/// Stores the results of hand-overs, whatever becomes of the lease meanwhile: what left has left.
struct AttemptRecorder: Sendable {
    /// Tries after which a statement that the database refuses is taken for one that it always refuses.
    private static let refusals = 3
    /// Tries after the process was told to end.
    private static let lastTries = 20
    private static let pause: Duration = .milliseconds(250)

    let store: Store
    let time: TimeSource
    let logger: Logger

    /// Stores these results, for as long as it takes while the database is away.
    ///
    /// What the database refuses is stored page by page and without the provider's words, so that one bad value costs
    /// nothing else.
    ///
    /// - Returns: the pages that ended without arriving; nil when a result could not be stored. Its pages stay claimed
    ///   until the next holder of the lease sends them again, marked.
    func record(_ attempts: [DeliveryAttempt]) async -> [EndedPage]? {
        switch await store(attempts) {
        case .stored(let ended): return ended
        case .gaveUp: return nil
        case .refused: break
        }
        var all: [EndedPage]? = []
        for attempt in attempts.flatMap(\.perPage) {
            switch await store([attempt.withoutWords]) {
            case .stored(let ended): all?.append(contentsOf: ended)
            case .gaveUp, .refused: all = nil
            }
        }
        return all
    }

    private enum Result { case stored([EndedPage]), refused, gaveUp }

    private func store(_ attempts: [DeliveryAttempt]) async -> Result {
        var refusals = 0
        var lastTries = 0
        while true {
            do {
                return .stored(try await store.record(attempts, at: time.now()))
            } catch {
                logger.error(
                    "a hand-over can't be stored",
                    metadata: ["message": "\(attempts.first?.message.id ?? "")", "error": "\(error)"])
                switch error {
                case .unavailable, .busy: break
                case .closed: return .gaveUp
                case .constraint, .statement, .invalidValue, .decoding:
                    refusals += 1
                    if refusals == AttemptRecorder.refusals { return .refused }
                }
            }
            do {
                try await time.sleep(AttemptRecorder.pause)
            } catch {
                lastTries += 1
                if lastTries == AttemptRecorder.lastTries { return .gaveUp }
            }
        }
    }
}

extension DeliveryAttempt {
    /// The same as an attempt for each of its pages.
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
    /// The same without anything that came from the provider.
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
