/// A test of the whole way of a page: an alert, a policy, a provider, and a person who acknowledges. It opens a real
/// incident. If the person does not acknowledge it, the administrators are paged.
package enum Drill {
    /// The source of all drills. It has no key, so nothing from outside can use it.
    package static let sourceID: SourceID = "drill"
    /// How long the person has to acknowledge.
    package static let patience: Duration = .minutes(10)
    /// How often a person who asked for drills has one.
    package static let interval: Duration = .days(7)
    /// The local hours in which drills begin, from Monday to Friday.
    package static let hours = 10..<16

    package static func source(of team: TeamID) -> AlertSource {
        AlertSource(id: sourceID, name: "Drill", kind: "drill", teamID: team, autoResolveAfter: .hours(1))
    }

    package static func key(of user: UserID) -> DedupKey { DedupKey("drill:\(user)") }

    package static func event(for user: User) -> AlertEvent {
        AlertEvent(
            title: "Drill for \(user.name): please acknowledge",
            text: "This is only a test of the way to you. Acknowledge it within \(patience.words).",
            severity: .critical,
            dedupKey: key(of: user.id), policy: user.id.rawValue)
    }

    /// Pages the person, and the administrators if that fails.
    package static func policy(of user: UserID, team: TeamID) -> EscalationPolicy {
        EscalationPolicy(
            id: "drill", name: "Drill", teamID: team, steps: [.init(targets: [.user(user)], delay: patience)],
            repeats: 0, finalAction: .notifyAdministrators, urgentSeverities: Set(Severity.allCases))
    }

    /// What is known of a person's drills.
    package struct Record: Sendable, Hashable {
        package var lastAt: Timestamp?
        /// When a drill was last acknowledged in time.
        package var provenAt: Timestamp?

        package init(lastAt: Timestamp? = nil, provenAt: Timestamp? = nil) {
            self.lastAt = lastAt
            self.provenAt = provenAt
        }
    }
}

extension Incident {
    package var isDrill: Bool { sourceID == Drill.sourceID }
}

extension Configuration {
    /// The team in whose name a person's drills run: the first by name. Nil if the person is in no team.
    package func drillTeam(of user: UserID) -> TeamID? {
        teams.values.filter { $0.memberIDs.contains(user) }.min { ($0.name, $0.id) < ($1.name, $1.id) }?.id
    }

    /// Returns who has a drill now: people who asked for them, once a week, at a convenient local time.
    package func drillsDue(_ records: [UserID: Drill.Record], at now: Timestamp) -> [User] {
        users.values.filter { user in
            guard user.drillsWeekly, user.isEnabled, drillTeam(of: user.id) != nil else { return false }
            if let last = records[user.id]?.lastAt, now - last < Drill.interval { return false }
            return Drill.isConvenient(now, in: user.timeZone)
        }.sorted { $0.id < $1.id }
    }
}

extension Drill {
    fileprivate static func isConvenient(_ now: Timestamp, in zone: String) -> Bool {
        let clock = LocalClock(zone) ?? .utc
        return clock.date(at: now).weekday <= 5 && hours.contains(clock.minute(at: now) / 60)
    }
}
