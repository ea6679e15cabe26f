package import Database
package import Domain
package import Logging
package import Store

/// What can be done to pages from outside of a decision: ask for one again, queue one that belongs to no incident,
/// apply what providers report.
package struct PageQueue: Sendable {
    private let context: IncidentContext
    private let directory: IncidentDirectory
    private let followUp: PageFailureFollowUp
    private let eventBus: EventBus

    package init(context: IncidentContext, directory: IncidentDirectory, eventBus: EventBus, logger: Logger) {
        self.context = context
        self.directory = directory
        self.eventBus = eventBus
        followUp = PageFailureFollowUp(store: context.store, directory: directory, logger: logger)
    }

    /// Queues a page again that ended without arriving.
    ///
    /// - Returns: the new page, or nil when there is no such page or it has not ended that way.
    package func retry(_ id: PageID) async throws(DatabaseError) -> PageRecord? {
        let now = context.time.now()
        let page = try await context.store.retryPage(id, at: now)
        if page != nil { eventBus.publish(.pages(dueAt: now)) }
        return page
    }

    /// Queues a test, a verification code or a notice.
    package func queue(_ purpose: Page.Purpose, to method: ContactMethod) async throws(DatabaseError) -> PageID {
        let now = context.time.now()
        let id = try await context.store.queue(purpose, to: method, at: now)
        eventBus.publish(.pages(dueAt: now))
        return id
    }

    /// Applies delivery reports and lets incidents move on from what failed.
    package func apply(_ reports: [DeliveryReport]) async throws(DatabaseError) {
        let configuration = context.configuration.current
        let ended = try await context.store.apply(
            reports, names: { configuration.name(of: $0) }, at: context.time.now())
        await followUp.moveOn(from: ended)
        for report in reports where report.key == DeliveryReport.acknowledgementKey {
            try await acknowledge(report.messageID)
        }
    }

    /// Acknowledges the incidents of a message that still wait, on behalf of the person who got it.
    private func acknowledge(_ message: String) async throws(DatabaseError) {
        let pages = try await context.store.pages(ofMessage: message)
        guard let user = pages.first?.page.userID, let person = context.configuration.current.users[user],
            person.isEnabled
        else { return }
        for page in pages {
            guard case .incident(let id, _, _) = page.page.purpose, let incident = try await context.store.incident(id),
                case .triggered = incident.state
            else { continue }
            let request = CommandRequest(.acknowledge, by: .user(person, via: "key in a call"))
            if case .failed(let reason) = await directory.perform(request, on: id) { throw .unavailable(reason) }
        }
    }
}
