import Domain
import Store
import TestSupport
import Testing

/// Which pages are late enough for the person's next channel.
@Suite struct LatePageStoreTests {
    private static let patience: Duration = .seconds(5)
    private static let window: Duration = .seconds(10)

    /// The ways to Ada with their delays: e-mail at once, SMS after an hour, ntfy after two.
    private static let ways: [(method: String, delay: Duration)] = [
        ("mail-ada", .zero), ("sms-ada", .hours(1)), ("ntfy-ada", .hours(2)),
    ]

    private func open(
        _ key: String, _ fixture: StoreFixture, ways: [(method: String, delay: Duration)] = Self.ways
    ) async throws -> Incident {
        let methods: [(ContactMethodID, Channel, String)] = [
            ("sms-ada", .sms, "+385915550101"), ("ntfy-ada", .ntfy, "topic-of-ada"),
        ]
        let rules = ways.map { way in
            NotificationRule(
                id: NotificationRuleID(way.method), userID: "ada", urgency: .high, delay: way.delay,
                contactMethodID: ContactMethodID(way.method))
        }
        let configuration = fixture.configuration.applying(
            methods.map { id, channel, address in
                .save(
                    ContactMethod(
                        id: id, userID: "ada", channel: channel, address: address, verifiedAt: TestTeam.start))
            } + [.saveRules("ada", rules)])
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

    private func pages(
        _ fixture: StoreFixture, since: Timestamp?, heldUp: Set<Channel> = []
    ) async throws -> [LatePage] {
        var request = LatePageRequest(patience: Self.patience, bundlingWindow: Self.window, since: since)
        request.heldUp = heldUp
        return try await fixture.store.latePages(request, at: fixture.now)
    }

    private func late(_ fixture: StoreFixture) async throws -> Set<IncidentID> {
        Set(try await pages(fixture, since: fixture.now - .seconds(1)).map(\.incidentID))
    }

    /// The late page and the one that follows, such as `email, then sms`, however long it has been late.
    private func hops(_ fixture: StoreFixture, heldUp: Set<Channel> = []) async throws -> [String] {
        try await pages(fixture, since: nil, heldUp: heldUp).map {
            "\($0.channel.rawValue), then \($0.nextChannel.rawValue)\($0.isForeseen ? " (foreseen)" : "")"
        }
    }

    /// Does what follows from the late pages.
    private func moveOn(_ incident: Incident, _ fixture: StoreFixture) async throws -> Incident {
        let page = try #require(try await pages(fixture, since: nil).first)
        return try await fixture.commit(incident, .pageLate(page), by: .system)
    }

    private func claim(
        _ fixture: StoreFixture, _ lease: Lease, _ channel: Channel = .email
    ) async throws -> ClaimedMessage {
        let request = ClaimRequest(channels: [channel], provider: "test", limit: 10, bundlingWindow: Self.window)
        guard case .claimed(let messages) = try await fixture.store.claim(request, under: lease, at: fixture.now)
        else { throw NotOpened() }
        return try #require(messages.first)
    }

    private static let failed = Receipt.temporary(Fault(.transient, "down"), retryAfter: nil)
    private static let accepted = Receipt.accepted(reference: nil, note: nil)

    @Test(arguments: TestDatabase.available)
    func `a late page is followed by one page, and the next one only when that is late, too`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        var incident = try await open("one", fixture)
        let message = try await claim(fixture, lease)
        _ = try await fixture.record(message, Self.failed, .retry(at: fixture.now + .minutes(1)))
        fixture.time.advance(by: .seconds(5))
        #expect(try await hops(fixture) == ["email, then sms"])
        incident = try await moveOn(incident, fixture)
        #expect(try await hops(fixture) == [])
        fixture.time.advance(by: .seconds(4))
        #expect(try await hops(fixture) == [])
        fixture.time.advance(by: .seconds(1))
        #expect(try await hops(fixture) == ["sms, then ntfy"])
        incident = try await moveOn(incident, fixture)
        fixture.time.advance(by: .hours(3))
        #expect(try await hops(fixture) == [])
    }

    @Test(arguments: TestDatabase.available)
    func `after a late page the next one is accepted, and the one after it keeps its time`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        let incident = try await open("one", fixture)
        let message = try await claim(fixture, lease)
        fixture.time.advance(by: .seconds(5))
        _ = try await moveOn(incident, fixture)
        let next = try await claim(fixture, lease, .sms)
        _ = try await fixture.record(next, Self.accepted, .sent)
        fixture.time.advance(by: .minutes(10))
        _ = try await fixture.record(message, Self.failed, .retry(at: fixture.now + .minutes(1)))
        #expect(try await hops(fixture) == [])
    }

    @Test(arguments: TestDatabase.available, [true, false])
    func `of pages that began together one is late, although the other one was accepted or is tried again`(
        kind: TestDatabase, isAccepted: Bool
    ) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        _ = try await open("one", fixture, ways: [("mail-ada", .zero), ("sms-ada", .zero), ("ntfy-ada", .hours(2))])
        fixture.time.advance(by: .milliseconds(3))
        let other = try await claim(fixture, lease)
        fixture.time.advance(by: .milliseconds(3))
        _ = try await claim(fixture, lease, .sms)
        _ = try await fixture.record(
            other, isAccepted ? Self.accepted : Self.failed,
            isAccepted ? .sent : .retry(at: fixture.now + .seconds(9)))
        #expect(try await hops(fixture) == [])
        fixture.time.advance(by: .seconds(5))
        #expect(try await hops(fixture) == [isAccepted ? "sms, then ntfy" : "email, then ntfy"])
    }

    @Test(arguments: TestDatabase.available)
    func `a page is late as soon as it is due while its provider keeps messages waiting`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        _ = try await open("one", fixture)
        #expect(try await hops(fixture) == [])
        #expect(try await hops(fixture, heldUp: [.sms]) == [])
        #expect(try await hops(fixture, heldUp: [.email, .voice]) == ["email, then sms (foreseen)"])
        // Its attempt is under way, and later it waits for another one.
        let message = try await claim(fixture, lease)
        #expect(try await hops(fixture, heldUp: [.email]) == ["email, then sms (foreseen)"])
        _ = try await fixture.record(message, Self.failed, .retry(at: fixture.now + .minutes(1)))
        #expect(try await hops(fixture) == [])
        #expect(try await hops(fixture, heldUp: [.email]) == ["email, then sms (foreseen)"])
        // The next look leaves out what was due before.
        var request = LatePageRequest(patience: Self.patience, bundlingWindow: Self.window, since: fixture.now)
        (request.heldUp, request.heldUpSince) = ([.email], fixture.now)
        #expect(try await fixture.store.latePages(request, at: fixture.now).isEmpty)
        fixture.time.advance(by: .seconds(1))
        let second = try await open("two", fixture)
        #expect(try await fixture.store.latePages(request, at: fixture.now).map(\.incidentID) == [second.id])
    }

    @Test(arguments: TestDatabase.available)
    func `a message that fails again and again holds up no other one to the address`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        _ = try await open("one", fixture)
        let first = try await claim(fixture, lease)
        _ = try await fixture.record(first, Self.failed, .retry(at: fixture.now + .seconds(4)))
        fixture.time.advance(by: .seconds(1))
        let second = try await open("two", fixture)
        fixture.time.advance(by: .seconds(3))
        let again = try await claim(fixture, lease)
        #expect(try await late(fixture).isEmpty)
        _ = try await fixture.record(again, Self.failed, .retry(at: fixture.now + .minutes(1)))
        fixture.time.advance(by: .seconds(2))
        #expect(try await late(fixture).contains(second.id))
    }

    @Test(arguments: TestDatabase.available)
    func `a message that was accepted lets the next one wait to be bundled`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        _ = try await open("one", fixture)
        let first = try await claim(fixture, lease)
        _ = try await fixture.record(first, Self.accepted, .sent)
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
