import Domain
import Store
import TestSupport
import Testing

/// Which pages are late enough for the person's next channel.
@Suite struct LatePageStoreTests {
    private static let patience: Duration = .seconds(5)
    private static let window: Duration = .seconds(10)

    /// Ada is paged by e-mail at once and by SMS after an hour.
    private func open(_ key: String, _ fixture: StoreFixture) async throws -> Incident {
        let number = ContactMethod(
            id: "sms-ada", userID: "ada", channel: .sms, address: "+385915550101", verifiedAt: TestTeam.start)
        let rules = [("mail-ada", Duration.zero), ("sms-ada", .hours(1))].map { method, delay in
            NotificationRule(
                id: NotificationRuleID(method), userID: "ada", urgency: .high, delay: delay,
                contactMethodID: ContactMethodID(method))
        }
        let configuration = fixture.configuration.applying([.save(number), .saveRules("ada", rules)])
        let transition = Incident.open(
            id: fixture.store.identifiers.next(), event: fixture.team.event(key: key), severity: .critical,
            source: fixture.team.source, team: "team-ops", author: .source(fixture.team.source), at: fixture.now,
            configuration: configuration)
        let commit = Commit(before: nil, transition: transition)
        guard case .committed(let incident) = await fixture.store.commit([commit], at: fixture.now)[0] else {
            throw NotOpened()
        }
        return incident
    }

    private struct NotOpened: Error {}

    private func late(_ fixture: StoreFixture) async throws -> Set<IncidentID> {
        let pages = try await fixture.store.latePages(
            patience: Self.patience, bundlingWindow: Self.window, since: fixture.now - .seconds(1), at: fixture.now)
        return Set(pages.map(\.incidentID))
    }

    private func claim(_ fixture: StoreFixture, _ lease: Lease) async throws -> ClaimedMessage {
        try #require(try await fixture.claim(lease, window: Self.window).first)
    }

    @Test(arguments: TestDatabase.available)
    func `a message that fails again and again holds up no other one to the address`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        let failed = Receipt.temporary(Fault(.transient, "down"), retryAfter: nil)
        _ = try await open("one", fixture)
        let first = try await claim(fixture, lease)
        _ = try await fixture.record(first, failed, .retry(at: fixture.now + .seconds(4)))
        fixture.time.advance(by: .seconds(1))
        let second = try await open("two", fixture)
        fixture.time.advance(by: .seconds(3))
        let again = try await claim(fixture, lease)
        #expect(try await late(fixture).isEmpty)
        _ = try await fixture.record(again, failed, .retry(at: fixture.now + .minutes(1)))
        fixture.time.advance(by: .seconds(2))
        #expect(try await late(fixture).contains(second.id))
    }

    @Test(arguments: TestDatabase.available)
    func `a message that was accepted lets the next one wait to be bundled`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        _ = try await open("one", fixture)
        let first = try await claim(fixture, lease)
        _ = try await fixture.record(first, .accepted(reference: nil, note: nil), .sent)
        fixture.time.advance(by: .seconds(1))
        let second = try await open("two", fixture)
        fixture.time.advance(by: .seconds(13))
        #expect(try await late(fixture).isEmpty)
        fixture.time.advance(by: .seconds(1))
        #expect(try await late(fixture) == [second.id])
    }

    @Test(arguments: TestDatabase.available)
    func `a hand-over without an answer holds up others for its patience only`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        let first = try await open("one", fixture)
        _ = try await claim(fixture, lease)
        let second = try await open("two", fixture)
        fixture.time.advance(by: .seconds(4))
        #expect(try await late(fixture).isEmpty)
        fixture.time.advance(by: .seconds(1))
        #expect(try await late(fixture) == [first.id, second.id])
    }
}
