import Actors
import Database
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// A preview predicts what then happens, for random configurations. A failure prints the seed.
@Suite struct PreviewProperties {
    @Test(arguments: TestDatabase.kinds, [UInt64](1...6))
    func `a preview predicts what happens, and no rule fires twice in one escalation cycle`(
        kind: TestDatabase, seed: UInt64
    ) async throws {
        var random = SeededNumbers(seed: seed)
        var made = TestTeam(keyHash: sha256(TestApp.key))
        PreviewProperties.shuffle(&made, &random)
        let severity = Severity.allCases.randomElement(using: &random) ?? .critical
        let team = made
        try await TestApp.run(kind, team: { $0 = team }) { app in
            let started = app.time.now
            let preview = try await app.get("preview?source=source&severity=\(severity.rawValue)")
            let expected = (preview["pages"]?.array ?? []).compactMap { page -> String? in
                guard let at = page["at"]?.text.flatMap({ Timestamp(rfc3339: $0) }), at - started <= .hours(3) else {
                    return nil
                }
                return "\(at.rfc3339) \(page["channel"]?.text ?? "") \(page["address"]?.text ?? "")"
            }
            try await app.alert(#"{"title": "Disk full", "severity": "\#(severity.rawValue)"}"#)
            try await app.advance(.hours(3))
            let rows = try await app.assembly.store.database.run(
                """
                SELECT due_at, channel, address, cycle, user_id, rule FROM pages
                WHERE incident_id IS NOT NULL AND state <> 'cancelled' AND due_at <= \(app.time.now)
                """
            ).rows
            let happened = try rows.map { row in
                "\(try row.get("due_at", as: Timestamp.self).rfc3339) \(try row.get("channel", as: String.self)) \(try row.get("address", as: String.self))"
            }
            #expect(happened.sorted() == expected.sorted(), "seed \(seed)")
            let fired = try rows.map { row in
                "\(try row.get("cycle", as: Int.self)) \(try row.get("user_id", as: String.self)) \(try row.get("rule", as: String.self))"
            }
            #expect(Set(fired).count == fired.count, "seed \(seed)")
            _ = try await app.send("POST", "/api/v1/incidents/1/resolve")
            try await app.settle()
            let sent = await app.outbox.messages.map { "\($0.channel.rawValue) \($0.address)" }
            try await app.expectPages(sent)
        }
    }

    /// Randomizes schedules, rules, quiet hours, steps and routes. Some of the results page nobody.
    static func shuffle(_ team: inout TestTeam, _ random: inout SeededNumbers) {
        let cast: [UserID] = ["ada", "bob", "cleo", "dana"]
        func some() -> UserID { cast.randomElement(using: &random) ?? "ada" }
        team.users[1].isEnabled = Bool.random(using: &random)
        for index in team.users.indices where Bool.random(using: &random) {
            team.users[index].quietHours = QuietHours(
                from: Int.random(in: 0..<1440, using: &random), to: Int.random(in: 0..<1440, using: &random)
            )
            team.users[index].tellsHandOff = false
        }
        for index in team.users.indices { team.users[index].tellsHandOff = false }
        for (number, person) in cast.enumerated() where Bool.random(using: &random) {
            team.methods.append(
                ContactMethod(
                    id: ContactMethodID("sms-\(person)"), userID: person, channel: .sms,
                    address: "+38591555010\(number)", verifiedAt: Bool.random(using: &random) ? TestTeam.start : nil))
        }
        for person in cast where Bool.random(using: &random) {
            for method in team.methods where method.userID == person {
                for delay in [0, 2, 7] where Bool.random(using: &random) {
                    team.rules.append(
                        NotificationRule(
                            id: NotificationRuleID("\(method.id)-\(delay)"), userID: person,
                            urgency: Urgency.allCases.randomElement(using: &random) ?? .high, delay: .minutes(delay),
                            contactMethodID: method.id))
                }
            }
        }
        team.schedule.layers[0].participants = [some(), some(), nil, some()]
        team.schedule.layers[0].rotation = .init(
            .hour, every: 1, handOffMinute: Int.random(in: 0..<1440, using: &random))
        team.policy.repeats = Int.random(in: 0...2, using: &random)
        team.policy.finalAction = Bool.random(using: &random) ? .stay : .notifyAdministrators
        team.policy.steps = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let targets: [EscalationPolicy.Target] = [
                .user(some()), .schedule("schedule"), .team("team-ops"), .roundRobin("team-ops"), .team("team-other"),
            ]
            return .init(
                targets: Array(targets.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))),
                delay: .minutes(Int.random(in: 1...30, using: &random)))
        }
    }
}
