/// One of several alerts that share an incident because their source groups them.
package struct GroupedAlert: Sendable, Hashable {
    package var title: String
    package var isFiring: Bool
    /// When its current episode began, by the sender's clock. Nil when the sender does not say.
    package var startsAt: Timestamp?
    /// When it is over unless it is repeated. Nil when the sender does not say.
    package var expiresAt: Timestamp?

    package init(
        title: String, isFiring: Bool = true, startsAt: Timestamp? = nil, expiresAt: Timestamp? = nil
    ) {
        self.title = String(title.prefix(Limits.title))
        self.isFiring = isFiring
        self.startsAt = startsAt
        self.expiresAt = expiresAt
    }

    /// Creates a firing alert from its event.
    package init(_ event: AlertEvent) {
        self.init(title: event.title, startsAt: event.startsAt, expiresAt: event.expiresAt)
    }

    /// The limits on what an incident keeps of its alerts.
    package enum Limits {
        /// Alerts of one incident. New alerts replace recovered ones. Alerts beyond the limit are only counted, and the
        /// incident does not wait for their recovery.
        package static let alerts = 1_000
        /// Characters of a title.
        package static let title = 120
        /// Alerts that the timeline mentions. The limit keeps a storm from flooding it.
        package static let told = 50
    }
}

extension Incident {
    /// The number of firing alerts.
    package var firingAlerts: Int { alerts.values.count { $0.isFiring } }
}
