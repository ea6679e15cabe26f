internal import Database
internal import Domain
package import Logging
package import Providers
internal import Store

/// Does what people write to the Telegram bot. Runs only under the lease, because Telegram serves one reader.
package struct TelegramListener: DutyCompanion {
    /// Reads updates from an offset on, and answers buttons. Tests have their own.
    package struct Source: Sendable {
        let read: @Sendable (Int64?) async throws -> [TelegramInbox.Update]
        let answer: @Sendable (String) async throws -> Void

        package init(
            read: @escaping @Sendable (Int64?) async throws -> [TelegramInbox.Update],
            answer: @escaping @Sendable (String) async throws -> Void
        ) {
            self.read = read
            self.answer = answer
        }

        package init(_ inbox: TelegramInbox) {
            self.init(read: { try await inbox.read(from: $0) }, answer: { try await inbox.answer(button: $0) })
        }
    }

    private static let retry: Duration = .seconds(15)

    private let source: Source
    private let replies: ReplyDesk
    private let context: IncidentContext
    private let logger: Logger

    package init(source: Source, replies: ReplyDesk, context: IncidentContext, logger: Logger) {
        self.source = source
        self.replies = replies
        self.context = context
        self.logger = logger
    }

    package func run(under held: HeldLease) async {
        let part = DutyPart(
            name: "Telegram", trouble: "what was written to the Telegram bot can't be stored", time: context.time,
            logger: logger)
        var isBroken = false
        await part.run(under: held) {
            let offset = try await context.store.telegramOffset()
            // The database answers again. Reading may take longer than a duty may fail.
            held.succeeded(part.name)
            let updates: [TelegramInbox.Update]
            do {
                updates = try await source.read(offset)
                isBroken = false
            } catch {
                // A vendor's fault is no reason to give the duty up.
                if !isBroken && !Task.isCancelled {
                    logger.warning("the Telegram bot can't be read", metadata: ["error": "\(error)"])
                }
                isBroken = true
                return .time(TelegramListener.retry)
            }
            for update in updates where held.isValid {
                if let text = update.text { try await replies.take([text]) }
                if let button = update.button { try? await source.answer(button) }
                guard try await context.store.saveTelegramOffset(update.id + 1, under: held.lease) else {
                    held.end()
                    return .none
                }
            }
            return .none
        }
    }
}
