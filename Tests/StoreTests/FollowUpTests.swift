import Database
import Domain
import Store
import TestSupport
import Testing

/// What must follow is a row, written with its cause and deleted with what follows.
@Suite struct FollowUpTests {
    enum Ending: String, CaseIterable, CustomStringConvertible {
        case failedAttempt, failedReport, earlyReport, noReport

        var description: String { rawValue }

        func end(_ message: ClaimedMessage, _ lease: Lease, _ fixture: StoreFixture) async throws -> [EndedPage]? {
            let taken = Receipt.accepted(reference: nil, note: nil)
            let report = DeliveryReport(messageID: message.id, status: .failed, at: nil, explanation: "switched off")
            switch self {
            case .failedAttempt:
                return try await fixture.record(message, .permanent(Fault(.recipient, "no such address")), .fail)
            case .failedReport:
                _ = try await fixture.record(message, taken, .sent)
                return try await fixture.store.apply([report], names: { _ in "Ada" }, at: fixture.now)
            case .earlyReport:
                _ = try await fixture.store.apply([report], names: { _ in "Ada" }, at: fixture.now)
                return try await fixture.record(message, taken, .sent)
            case .noReport:
                _ = try await fixture.record(message, taken, .sent, reportIn: .seconds(1))
                fixture.time.advance(by: .seconds(2))
                return try await fixture.store.failUnreported(under: lease, names: { _ in "Ada" }, at: fixture.now)
            }
        }
    }

    @Test(arguments: TestDatabase.available, Ending.allCases)
    func `every end of a page records its follow-up once`(kind: TestDatabase, ending: Ending) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        let ended = try await ending.end(message, lease, fixture)
        let owed = try await fixture.store.owedFollowUps()
        let page = try #require(ended?.first?.page)
        #expect(owed.map(\.followUp.work) == [.pageFailed(page, in: incident.id)])
        #expect(owed.map(\.followUp) == ended?.compactMap(\.followUp))
        #expect(owed.first?.dueAt == fixture.now + FollowUp.Limits.headStart)
        _ = try await fixture.record(message, .permanent(Fault(.recipient, "again")), .fail)
        #expect(try await fixture.store.owedFollowUps().count == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `a commit removes the follow-ups it does, only when it is written`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        _ = try await Ending.failedAttempt.end(message, lease, fixture)
        let owed = try await fixture.store.owedFollowUps().map(\.followUp.id)
        let transition = try fixture.change(incident, .escalate).transition
        let commit = Commit(before: incident, transition: transition, followUps: owed)
        let current = try await fixture.commit(incident, .note("meanwhile"))
        guard case .conflict = await fixture.store.commit([commit], at: fixture.now)[0] else {
            Issue.record("the incident was changed meanwhile")
            return
        }
        #expect(try await fixture.store.owed(among: owed) == Set(owed))
        let next = try fixture.change(current, .escalate).transition
        let again = Commit(before: current, transition: next, followUps: owed)
        guard case .committed = await fixture.store.commit([again], at: fixture.now)[0] else {
            Issue.record("nobody has changed it")
            return
        }
        #expect(try await fixture.store.owed(among: owed).isEmpty)
    }

    @Test(arguments: TestDatabase.available)
    func `a configuration change records a follow-up for each incident it affects`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let paged = try await fixture.open("paged")
        let owned = try await fixture.commit(try await fixture.open("owned"), .acknowledge)
        _ = try await fixture.commit(try await fixture.open("over"), .resolve)
        _ = try await fixture.open("of others", team: "team-other")
        let disabled = try fixture.configuration.disabling("ada")
        let changes = try await fixture.store.change(
            disabled, on: fixture.configuration, by: .user(fixture.team.users[3]), at: fixture.now)
        let expected: [FollowUp.Work] = [
            .rulesChanged("ada", in: paged.id), .responderGone("ada", name: "Ada", in: paged.id),
            .responderGone("ada", name: "Ada", in: owned.id),
        ]
        #expect(changes?.map(\.work) == expected)
        #expect(try await fixture.store.owedFollowUps().count == 3)
        let stale = try await fixture.store.change(disabled, on: fixture.configuration, at: fixture.now)
        #expect(stale == nil)
        #expect(try await fixture.store.owedFollowUps().count == 3)
        var filter = AuditFilter()
        filter.subject = .init(.schedule, "schedule")
        let notes = try await fixture.store.audit(filter).map(\.note)
        #expect(notes == ["Ada was disabled while on call; nobody is on call now"])
    }

    @Test(arguments: TestDatabase.available)
    func `what fails waits ever longer, up to five minutes, and is given up after a day`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let (made, zero) = (fixture.now, Duration.zero)
        try await fixture.store.database.run(
            """
            INSERT INTO follow_ups (id, kind, subject_id, incident_id, created_at, due_at)
            VALUES ('one', 'of_the_future', '', \(incident.id), \(made), \(made))
            """)
        var pauses: [Duration] = []
        var waited = zero
        while let owed = try await fixture.store.owedFollowUps().first {
            guard case .unreadable(let reason) = owed.followUp.work else { break }
            #expect(reason.contains("of_the_future"))
            let isKept = try await fixture.store.putOff(owed, fault: reason, at: fixture.now)
            guard isKept else { break }
            let next = try #require(try await fixture.store.owedFollowUps().first)
            pauses.append(next.dueAt - fixture.now)
            fixture.time.advance(by: pauses.last ?? zero)
            waited += pauses.last ?? zero
        }
        #expect(pauses.prefix(10).map(\.components.seconds) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
        #expect(pauses.max() == .minutes(5))
        #expect(waited >= .days(1) && waited < .days(1) + .minutes(5))
        #expect(try await fixture.store.owedFollowUps().isEmpty)
    }
}

extension Configuration {
    fileprivate func disabling(_ id: UserID) throws -> [ConfigurationChange] {
        var user = try #require(users[id])
        user.isEnabled = false
        return [.save(user)]
    }
}
