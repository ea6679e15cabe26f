/// One of several alerts that share an incident because their source groups them.
package struct GroupedAlert: Sendable, Hashable {
    package var title: String
    package var isFiring: Bool
    /// When its current episode began by the sender's clock, if it says so.
    package var startsAt: Timestamp?

    package init(title: String, isFiring: Bool = true, startsAt: Timestamp? = nil) {
        self.title = String(title.prefix(Limits.title))
        self.isFiring = isFiring
        self.startsAt = startsAt
    }

    /// A firing alert as its event tells of it.
    package init(_ event: AlertEvent) { self.init(title: event.title, startsAt: event.startsAt) }

    /// What an incident keeps of its alerts.
    package enum Limits {
        /// Alerts of one incident. Recovered ones make room for new ones; what finds no room is counted, and the
        /// incident does not wait for its recovery.
        package static let alerts = 1_000
        /// Characters of a title.
        package static let title = 120
        /// Alerts whose coming and going the timeline tells of; a storm does not flood it.
        package static let told = 50
    }
}

extension Incident {
    /// How many alerts of a grouped incident fire.
    package var firingAlerts: Int { alerts.values.count { $0.isFiring } }
}
