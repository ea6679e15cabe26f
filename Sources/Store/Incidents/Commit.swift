package import Database
package import Domain

/// One incident's change, ready to be written: all of it or nothing.
package struct Commit: Sendable {
    /// The incident as it was decided on; nil when it is opened.
    package let before: Incident?
    package let transition: Transition
    /// Set when the change is made under the lease: it is refused once that is not current any more.
    package let lease: Lease?

    package init(before: Incident?, transition: Transition, lease: Lease? = nil) {
        self.before = before
        self.transition = transition
        self.lease = lease
    }
}

/// What became of a commit.
package enum CommitResult: Sendable {
    /// It is durable. The incident carries its number and new version.
    case committed(Incident)
    /// Somebody else changed the incident, or opened one for the same problem: load it and decide again.
    case conflict
    /// The lease is not current: nothing was written.
    case fenced
    /// The database refused it or could not be reached.
    case failed(DatabaseError)
}
