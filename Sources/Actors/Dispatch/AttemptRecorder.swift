internal import Database
internal import Domain
internal import Logging
internal import Store

/// Stores the results of attempts even after the lease is lost, because a message that has left can't be recalled.
struct AttemptRecorder: Sendable {
    /// After the database has refused a statement this often, it is assumed to refuse it always.
    private static let refusals = 3
    /// The number of tries after the process was told to stop.
    private static let lastTries = 20
    private static let pause: Duration = .milliseconds(250)

    let store: Store
    let time: TimeSource
    let logger: Logger

    /// Stores these results and keeps trying while the database is unavailable.
    ///
    /// Results that the database refuses are stored again page by page and without the provider's words, so that one
    /// bad value affects no other page.
    ///
    /// - Returns: the pages that ended without being delivered, or nil if a result could not be stored. Its pages stay
    ///   claimed until the next holder of the lease sends them again, marked as possible duplicates.
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
                    "the result of an attempt can't be stored",
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
