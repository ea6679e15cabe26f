package import Database
package import Domain

/// A change of one incident, ready to be written as a whole or not at all.
package struct Commit: Sendable {
    /// The incident on which the change was decided. Nil when it is being opened.
    package let before: Incident?
    package let transition: Transition
    /// Set for changes under a lease. They are refused once that lease is no longer current.
    package let lease: Lease?
    /// The follow-ups that are done by it.
    package let followUps: [FollowUpID]

    package init(
        before: Incident?, transition: Transition, lease: Lease? = nil, followUps: [FollowUpID] = []
    ) {
        self.before = before
        self.transition = transition
        self.lease = lease
        self.followUps = followUps
    }
}

/// The result of a commit.
package enum CommitResult: Sendable {
    /// The change is durable. The incident has its number and new version.
    case committed(Incident)
    /// Another writer changed the incident or opened one for the same problem. Load it and decide again.
    case conflict
    /// The lease is not current. Nothing was written.
    case fenced
    /// The database refused the change or could not be reached.
    case failed(DatabaseError)
}

/// The results of commits that share a transaction.
package struct CommitOutcome: Sendable {
    /// One for each commit, in the same order.
    package let results: [CommitResult]
    /// One for each claim that was asked for. Nil if none was made. A failure may have claimed pages nevertheless.
    package let claims: Result<[ClaimResult], DatabaseError>?

    init(results: [CommitResult], claims: Result<[ClaimResult], DatabaseError>? = nil) {
        self.results = results
        self.claims = claims
    }
}
