package import Domain

/// Something that must still happen because of a committed change. Its row is inserted in the same transaction as the
/// change, and deleted in the transaction that completes it.
package struct FollowUp: Sendable, Hashable {
    package let id: FollowUpID
    package var work: Work

    package init(id: FollowUpID, work: Work) {
        self.id = id
        self.work = work
    }

    package enum Work: Sendable, Hashable {
        /// A page ended without being delivered, so its incident moves on to the next page or step.
        case pageFailed(FailedPage, in: IncidentID)
        case rulesChanged(UserID, in: IncidentID)
        case responderGone(UserID, name: String, in: IncidentID)
        case maintenanceChanged(in: IncidentID)
        case heartbeatChanged(HeartbeatID)
        /// The row can't be read, for example because another version of PagerPal wrote it. The text says why.
        case unreadable(String)
    }

    package enum Limits {
        /// How long it is left to the process that stored it, which completes it at once. After that the clock takes it.
        package static let headStart: Duration = .seconds(5)
        /// How many follow-ups the clock reads at once.
        package static let look = 200
        /// The longest pause before another try.
        package static let longestPause: Duration = .minutes(5)
        /// A follow-up that still fails after this time is deleted, because its incident has moved on long ago.
        package static let lifetime: Duration = .days(1)
    }

    /// The incident to which it belongs.
    package var incidentID: IncidentID? {
        switch work {
        case .pageFailed(_, let id), .rulesChanged(_, let id), .responderGone(_, _, let id),
            .maintenanceChanged(let id):
            id
        case .heartbeatChanged, .unreadable: nil
        }
    }
}

package typealias FollowUpID = ID<FollowUp>

/// A waiting follow-up with its history.
package struct OwedFollowUp: Sendable, Hashable {
    package var followUp: FollowUp
    package var createdAt: Timestamp
    /// When the clock tries it next.
    package var dueAt: Timestamp
    /// How often the clock has failed to complete it.
    package var attempts: Int
}

/// How many follow-ups wait, and since when.
package struct FollowUpBacklog: Sendable, Hashable {
    package var count: Int
    package var oldest: Timestamp?
}
