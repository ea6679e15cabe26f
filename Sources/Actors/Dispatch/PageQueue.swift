package import Database
package import Domain
package import Store

/// Operations on pages outside of a decision: retry a page, queue a page that belongs to no incident, and apply
/// delivery reports.
package struct PageQueue: Sendable {
    private let context: IncidentContext
    private let directory: IncidentDirectory
    private let followUps: FollowUpWorker
    private let eventBus: EventBus

    package init(
        context: IncidentContext, directory: IncidentDirectory, eventBus: EventBus, followUps: FollowUpWorker
    ) {
        self.context = context
        self.directory = directory
        self.eventBus = eventBus
        self.followUps = followUps
    }

    /// The attempts of this process.
    package var deliveries: DeliveryTally { context.deliveries }

    /// Queues a new page in place of one that ended without being delivered.
    ///
    /// - Returns: the new page, or nil if the page does not exist or has not ended that way.
    package func retry(_ id: PageID) async throws(DatabaseError) -> PageRecord? {
        let now = context.time.now()
        let page = try await context.store.retryPage(id, at: now)
        if page != nil { eventBus.publish(.pages(dueAt: now)) }
        return page
    }

    /// Queues a test page, a verification code or a notice.
    ///
    /// - Parameter limit: how many of the kind a person may get in a day. Nil means no limit.
    /// - Returns: nil when the limit is reached.
    @discardableResult
    package func queue(
        _ purpose: Page.Purpose, to method: ContactMethod, atMost limit: Int? = nil
    ) async throws(DatabaseError) -> PageID? {
        let now = context.time.now()
        guard let id = try await context.store.queue(purpose, to: method, atMost: limit, at: now) else { return nil }
        eventBus.publish(.pages(dueAt: now))
        return id
    }

    /// Applies delivery reports and moves incidents on from failed pages.
    package func apply(_ reports: [DeliveryReport]) async throws(DatabaseError) {
        let configuration = context.configuration.current
        let ended = try await context.store.apply(
            reports, names: { configuration.name(of: $0) }, at: context.time.now())
        await followUps.perform(ended.compactMap(\.followUp))
        for report in reports where report.key == DeliveryReport.acknowledgementKey {
            try await acknowledge(report.messageID)
        }
    }

    /// Acknowledges the message's open incidents for the person who received it.
    private func acknowledge(_ message: String) async throws(DatabaseError) {
        let pages = try await context.store.pages(ofMessage: message)
        guard let first = pages.first,
            case .may(let person) = context.configuration.current.acknowledgement(of: first.page)
        else { return }
        for page in pages {
            guard case .incident(let id, _, _) = page.page.purpose, let incident = try await context.store.incident(id),
                case .triggered = incident.state
            else { continue }
            let channel = page.page.channel.definition
            let via = channel.form == .speech ? "key in a call" : channel.name
            let request = CommandRequest(.acknowledge, by: .user(person, via: via))
            if case .failed(let reason) = await directory.perform(request, on: id) { throw .unavailable(reason) }
        }
    }
}
