internal import Domain
package import Logging
package import Providers
internal import ServiceLifecycle

/// Answers what people do in Slack, after Slack's own call was answered: Slack waits three seconds for that.
///
/// An answer is sent once. If it is lost, the incident still has changed.
package struct SlackAnswers: Service {
    /// Sends an answer. Tests have their own.
    package typealias Send = @Sendable (SlackAnswer) async throws -> Void

    /// How many answers may wait. More are dropped.
    private static let waiting = 100
    /// How many are sent at once.
    private static let concurrency = 8

    private let send: Send
    private let logger: Logger
    private let answers: AsyncStream<SlackAnswer>
    private let continuation: AsyncStream<SlackAnswer>.Continuation

    package init(send: @escaping Send, logger: Logger) {
        self.send = send
        self.logger = logger
        (answers, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(SlackAnswers.waiting))
    }

    /// Takes an answer, and returns at once.
    package func add(_ answer: SlackAnswer) { continuation.yield(answer) }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                var busy = 0
                for await answer in answers {
                    if busy == SlackAnswers.concurrency {
                        await group.next()
                        busy -= 1
                    }
                    busy += 1
                    group.addTask { await attempt(answer) }
                }
            }
        }
    }

    private func attempt(_ answer: SlackAnswer) async {
        do { try await send(answer) } catch {
            logger.warning("Slack did not take an answer to a button", metadata: ["error": "\(error)"])
        }
    }
}
