internal import Domain
internal import Logging

/// A part of a duty. It repeats its work while the lease is held, and retries after a failure.
struct DutyPart: Sendable {
    /// What to wait for before the next pass.
    enum Pause {
        case none
        case time(Duration)
        /// Until the signal's planned instant or an earlier announcement.
        case signal(DueSignal, atMost: Duration)
    }

    let name: String
    /// The log line of a failed pass.
    let trouble: Logger.Message
    var retryAfter: Duration = .seconds(1)
    let time: TimeSource
    let logger: Logger

    /// Runs until the lease ends or the task is cancelled.
    ///
    /// - Parameter pass: does what is due, and ends the lease if it is no longer current.
    func run(under held: HeldLease, _ pass: () async throws -> Pause) async {
        while held.isValid && !Task.isCancelled {
            var pause: Pause
            do {
                pause = try await pass()
                held.succeeded(name)
            } catch {
                held.failed(name, error)
                logger.warning(trouble, metadata: ["error": "\(error)"])
                pause = .time(retryAfter)
            }
            switch pause {
            case .none: break
            case .time(let duration): if duration > .zero { try? await time.sleep(duration) }
            case .signal(let signal, let longest): await signal.sleep(atMost: longest, time)
            }
        }
    }
}
