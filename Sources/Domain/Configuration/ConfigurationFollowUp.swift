/// What a change of the configuration asks of what is under way.
package enum ConfigurationFollowUp: Sendable, Hashable {
    /// Queued pages of a user follow other rules and contact methods.
    case rulesChanged(UserID)
    /// A user was disabled or deleted: what they own or were paged for moves on. The name is the last one.
    case responderGone(UserID, name: String)
    /// Held incidents follow the maintenance windows.
    case maintenanceChanged
    /// A monitor follows its new rhythm.
    case heartbeatChanged(HeartbeatID)
}

extension Configuration {
    /// What must follow when this configuration becomes another one, in the order in which it is to be done.
    package func followUps(of after: Configuration) -> [ConfigurationFollowUp] {
        var followUps: [ConfigurationFollowUp] = []
        for user in Set(users.keys).union(after.users.keys).sorted() where paging(of: user) != after.paging(of: user) {
            followUps.append(.rulesChanged(user))
            if hasLost(user, in: after) { followUps.append(.responderGone(user, name: name(of: user))) }
        }
        if maintenanceWindows != after.maintenanceWindows { followUps.append(.maintenanceChanged) }
        for monitor in after.heartbeats.values.sorted(by: { $0.id < $1.id }) {
            if let old = heartbeats[monitor.id], old != monitor { followUps.append(.heartbeatChanged(monitor.id)) }
        }
        return followUps
    }

    /// What the audit log says of each schedule whose turns go to others since a person is gone.
    package func handoverNotes(of after: Configuration, at now: Timestamp) -> [(schedule: Schedule, note: String)] {
        let gone = users.keys.filter { hasLost($0, in: after) }.sorted()
        return gone.flatMap { user in
            after.schedules.values.sorted { $0.id < $1.id }.compactMap { schedule in
                guard let old = schedules[schedule.id], old.mentions(user) else { return nil }
                let wasOnCall = old.onCall(at: now, isPresent: isPresent).contains(user)
                let people = schedule.onCall(at: now, isPresent: after.isPresent).map { after.name(of: $0) }
                let relief = people.isEmpty ? "nobody is on call" : "\(people.joined(separator: ", ")) is on call"
                let end =
                    wasOnCall
                    ? "was disabled while on call; \(relief) now" : "was disabled; the turns go to whoever comes next"
                return (schedule, "\(name(of: user)) \(end)")
            }
        }
    }

    private func hasLost(_ user: UserID, in after: Configuration) -> Bool { isPresent(user) && !after.isPresent(user) }

    private func paging(of user: UserID) -> Paging {
        Paging(
            isPresent: isPresent(user), quietHours: users[user]?.quietHours, timeZone: users[user]?.timeZone,
            rules: rules[user] ?? [], contactMethods: contactMethods(of: user))
    }
}

/// All that decides how a person is paged.
private struct Paging: Equatable {
    let isPresent: Bool
    let quietHours: QuietHours?
    let timeZone: String?
    let rules: [NotificationRule]
    let contactMethods: [ContactMethod]
}
