internal import Domain
internal import Hummingbird
internal import Providers
internal import Store
internal import Transport

/// /outbox: the pages that have not been sent, and why.
struct OutboxController: Sendable {
    /// The maximum number of messages of the demo's outbox to show.
    private static let keptLimit = 30

    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/outbox", .needs(.read), show)
    }

    private func show(_ request: WebRequest) async throws -> Response {
        let waiting = try await services.store.waitingPages(limit: 15)
        var filter = PageFilter()
        filter.states = [.withheld]
        filter.limit = 15
        let withheld = try await services.store.pages(filter)
        let reasons = WaitingReasons(
            configuration: request.configuration,
            isDispatched: try await services.store.leaseStatuses()[.dispatch]?.isHeld == true,
            isSending: services.settings.isSendingEnabled,
            failing: await failing(), reader: request.reader)
        let mayRetry = request.may(.respond)
        return request.show(
            OutboxView(
                .init(
                    isSendingEnabled: services.settings.isSendingEnabled,
                    waiting: waiting.map { record in
                        NotificationRow(
                            record, words: reasons.words(for: record), due: request.reader.moment(record.page.dueAt),
                            to: request.user.id, request.configuration, request.reader, mayRetry: false)
                    },
                    waitingCount: try await services.store.waitingPageCount(),
                    withheld: withheld.map { record in
                        NotificationRow(
                            record, to: request.user.id, request.configuration, request.reader, mayRetry: mayRetry)
                    },
                    withheldCount: try await services.store.withheldPageCount(),
                    kept: request.may(.administer) ? await kept(request.reader) : nil
                )))
    }

    /// The channels whose provider is currently not used, with the time of the next try.
    private func failing() async -> [Channel: Timestamp?] {
        var failing: [Channel: Timestamp?] = [:]
        for provider in services.providers {
            let health = await provider.gate.health
            guard health.state == .failing else { continue }
            for channel in provider.channels { failing[channel] = .some(health.triesAgainAt) }
        }
        return failing
    }

    /// The messages in the demo's outbox. They contain links and codes, so only administrators may read them.
    private func kept(_ reader: Reader) async -> [OutboxView.Kept]? {
        for case let outbox as OutboxProvider in services.providers {
            return await outbox.kept.suffix(OutboxController.keptLimit).reversed().map { kept in
                OutboxView.Kept(
                    at: reader.moment(kept.at), way: "\(kept.message.channel.name) to \(kept.message.address)",
                    subject: kept.message.subject, text: kept.message.text)
            }
        }
        return nil
    }
}

/// Explains why a page has not been sent yet.
struct WaitingReasons {
    let configuration: Configuration
    /// Whether any process dispatches pages.
    let isDispatched: Bool
    let isSending: Bool
    /// The channels that can't be used now, with the time of the next try.
    let failing: [Channel: Timestamp?]
    let reader: Reader

    func words(for record: PageRecord) -> String {
        let page = record.page
        if page.state == .claimed { return "is being handed over" }
        if page.attempts > 0 { return "try \(page.attempts + 1) after a fault" }
        guard page.dueAt > reader.now else { return overdue(page.channel) }
        if isEndOfQuietHours(record) { return "held for the person's quiet hours" }
        return "waits as the person's rule says"
    }

    private func overdue(_ channel: Channel) -> String {
        guard isDispatched else { return "no process is sending: nobody holds the lease" }
        guard isSending else { return "sending is disabled: about to be withheld" }
        guard let again = failing[channel] else { return "waits for its provider's limits, or for a message just sent" }
        return "its provider is failing" + (again.map { "; it is tried again at \(reader.exact($0))" } ?? "")
    }

    private func isEndOfQuietHours(_ record: PageRecord) -> Bool {
        guard record.page.urgency == .low, let user = configuration.users[record.page.userID] else { return false }
        let before = record.page.dueAt - .seconds(1)
        return user.quietHours?.end(covering: before, timeZone: user.timeZone) == record.page.dueAt
    }
}
