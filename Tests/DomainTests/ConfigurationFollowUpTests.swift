import Domain
import TestSupport
import Testing

/// What a change of the configuration asks of what is under way.
@Suite struct ConfigurationFollowUpTests {
    private let before = TestTeam().configuration

    private func followUps(_ change: (inout Configuration) -> Void) -> [ConfigurationFollowUp] {
        var after = before
        change(&after)
        return before.followUps(of: after)
    }

    @Test func `a person who can no longer answer is replaced, after their rules were followed`() {
        #expect(
            followUps { $0.users["ada"]?.isEnabled = false } == [
                .rulesChanged("ada"), .responderGone("ada", name: "Ada"),
            ])
        let deleted = before.followUps(of: before.applying([.delete(.user("ada"))]))
        #expect(deleted == [.rulesChanged("ada"), .responderGone("ada", name: "Ada")])
    }

    @Test func `only changes that affect paging replace pages`() {
        #expect(followUps { $0.users["ada"]?.role = .viewer } == [])
        #expect(followUps { $0.policies["policy"]?.repeats = 3 } == [])
        #expect(followUps { $0.contactMethods["mail-bob"]?.isEnabled = false } == [.rulesChanged("bob")])
        #expect(
            followUps { $0.users["bob"]?.quietHours = QuietHours(from: 0, to: 60) } == [
                .rulesChanged("bob")
            ])
    }

    @Test func `incidents follow a changed monitor, not a new or deleted one`() {
        let monitor = Heartbeat(
            id: "backup", name: "Backup", teamID: "team-ops", rhythm: .every(.minutes(5)), token: "token")
        var changed = monitor
        changed.rhythm = .every(.minutes(6))
        let with = before.applying([.save(monitor)])
        #expect(before.followUps(of: with) == [])
        #expect(with.followUps(of: before) == [])
        #expect(with.followUps(of: with.applying([.save(changed)])) == [.heartbeatChanged("backup")])
    }
}
