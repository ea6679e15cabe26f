internal import Domain

/// How long finished things are kept. Nil keeps them for ever.
package struct RetentionPolicy: Sendable, Hashable {
    /// Resolved incidents with their timelines and pages, counted from their resolution. Also pages without an
    /// incident: tests, codes and notices.
    package var incidents: Duration?
    /// The audit log.
    package var audit: Duration?
    /// The numbers that remain of deleted incidents and pages for reports, counted from their opening and sending.
    package var statistics: Duration?

    /// Incidents stay long enough to compare a month with the same month of the year before.
    package static let usual = RetentionPolicy(incidents: .days(400), audit: .days(730), statistics: .days(3650))

    package init(incidents: Duration?, audit: Duration?, statistics: Duration? = nil) {
        self.incidents = incidents
        self.audit = audit
        self.statistics = statistics
    }
}

/// The numbers of rows that were deleted, or would be.
package struct PruneCount: Sendable, Hashable {
    package var incidents = 0
    package var pages = 0
    package var audit = 0
    /// Rows of numbers for reports.
    package var statistics = 0
    /// Expired sessions and links to reset a password.
    package var expired = 0

    package init() {}

    package var isEmpty: Bool { self == PruneCount() }

    package static func += (left: inout PruneCount, right: PruneCount) {
        left.incidents += right.incidents
        left.pages += right.pages
        left.audit += right.audit
        left.statistics += right.statistics
        left.expired += right.expired
    }
}
