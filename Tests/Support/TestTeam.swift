package import Domain
import Synchronization

/// The cast: Ada is on call, Bob is second, Cleo is an outsider with her own team, and Dana is an administrator.
package struct TestTeam: Sendable {
    package let team = Team(id: "team-ops", name: "Operations", memberIDs: ["ada", "bob"], defaultPolicyID: "policy")
    package let other = Team(id: "team-other", name: "Other", memberIDs: ["cleo"])
    package var users: [User]
    package var schedule: Schedule
    package var policy: EscalationPolicy
    package var methods: [ContactMethod]
    package var rules: [NotificationRule] = []
    package var source: AlertSource
    package var channels: [TeamChannel] = []

    package static let start = Timestamp(rfc3339: "2026-03-04T12:00:00Z") ?? Timestamp(seconds: 0)

    /// - Parameter keyHash: the hash of the source's key.
    package init(keyHash: String = "hash") {
        users = [
            User(id: "ada", name: "Ada", email: "ada@example.com"),
            User(id: "bob", name: "Bob", email: "bob@example.com"),
            User(id: "cleo", name: "Cleo", email: "cleo@example.com"),
            User(id: "dana", name: "Dana", email: "dana@example.com", role: .admin),
        ]
        let start = CivilDate(daysSince1970: TestTeam.start.seconds / 86400 - 1)
        schedule = Schedule(
            id: "schedule", name: "Primary", teamID: "team-ops", timeZone: "UTC",
            layers: [.init(name: "Weekly", participants: ["ada"], rotation: .init(.week), start: start)])
        policy = EscalationPolicy(
            id: "policy", name: "Standard", teamID: "team-ops",
            steps: [
                .init(targets: [.schedule("schedule")], delay: .minutes(5)),
                .init(targets: [.user("bob")], delay: .minutes(10)),
            ], repeats: 1)
        methods = users.map {
            ContactMethod(
                id: ContactMethodID("mail-\($0.id)"), userID: $0.id, channel: .email, address: $0.email,
                verifiedAt: TestTeam.start)
        }
        source = AlertSource(id: "source", name: "Prometheus", kind: "generic", teamID: "team-ops", keyHash: keyHash)
    }

    /// Turns off “you are now on call” notices, for tests about something else.
    package mutating func tellNobody() { for index in users.indices { users[index].tellsHandOff = false } }

    package var configuration: Configuration {
        Configuration(
            version: 1, users: users, teams: [team, other], contactMethods: methods, rules: rules,
            schedules: [schedule],
            policies: [policy], sources: [source], teamChannels: channels)
    }

    /// The team as configuration changes for a store.
    package var changes: [ConfigurationChange] {
        var unowned = team
        unowned.defaultPolicyID = nil
        let rulesByUser = Dictionary(grouping: rules, by: \.userID)
        return users.map { .save($0) } + [.save(unowned), .save(other)]
            + channels.map { .save($0) }
            + methods.map { .save($0) } + rulesByUser.map { .saveRules($0.key, $0.value) }
            + [.save(schedule), .save(policy), .save(team), .save(source)]
    }

    /// Returns an alert of the source.
    package func event(
        _ title: String = "Disk full", key: String = "disk", status: AlertEvent.Status = .firing,
        severity: Severity? = .critical, startsAt: Timestamp? = nil
    ) -> AlertEvent {
        AlertEvent(status: status, title: title, severity: severity, dedupKey: DedupKey(key), startsAt: startsAt)
    }
}

extension Identifiers {
    /// Returns the ids id-1, id-2, ….
    package static func counting(_ prefix: String = "id") -> Identifiers {
        let count = Mutex(0)
        return Identifiers {
            let number = count.withLock { count in
                count += 1
                return count
            }
            return "\(prefix)-" + padded(number, 8)
        }
    }
}
