import Domain
import Store
import TestSupport
import Testing

@Suite struct PostTests {
    private func fixture(_ kind: TestDatabase) async throws -> (StoreFixture, Configuration) {
        let fixture = try await StoreFixture(kind)
        let names = ["ops", "log"]
        try await fixture.store.change(
            names.map {
                .save(
                    TeamChannel(
                        id: TeamChannelID($0), teamID: "team-ops", name: $0, channel: .slack, address: "C024BE91\($0)",
                        verifiedAt: TestTeam.start))
            }, at: fixture.now)
        return (fixture, try await fixture.store.configuration())
    }

    private func open(_ fixture: StoreFixture, _ configuration: Configuration, _ key: String) async throws -> Incident {
        let transition = Incident.open(
            id: fixture.store.identifiers.next(), event: fixture.team.event(key: key), severity: .critical,
            source: fixture.team.source, team: "team-ops", author: .system, at: fixture.now,
            configuration: configuration)
        let result = await fixture.store.commit([Commit(before: nil, transition: transition)], at: fixture.now)[0]
        guard case .committed(let incident) = result else { throw DatabaseRefusal() }
        return incident
    }

    private struct DatabaseRefusal: Error {}

    private func take(_ fixture: StoreFixture, _ lease: Lease, except busy: Set<TeamChannelID> = []) async throws
        -> [Post]?
    {
        try await fixture.store.takePosts(
            except: busy, patience: .seconds(90), limit: 32, under: lease, at: fixture.now)
    }

    @Test(arguments: TestDatabase.available)
    func `one post for each channel is taken at a time, in order`(kind: TestDatabase) async throws {
        let (fixture, configuration) = try await fixture(kind)
        let first = try await open(fixture, configuration, "a")
        fixture.time.advance(by: .seconds(1))
        _ = try await open(fixture, configuration, "b")
        let lease = try #require(try await fixture.lease())
        let taken = try #require(try await take(fixture, lease))
        #expect(Set(taken.map(\.channelID)) == ["ops", "log"] && Set(taken.map(\.incidentID)) == [first.id])
        let busy = try await take(fixture, lease, except: ["ops", "log"])
        #expect(busy == [])
        let next = try await fixture.store.nextPost(except: ["ops", "log"])
        #expect(next == nil)
    }

    @Test(arguments: TestDatabase.available)
    func `a change during an attempt makes the post due again`(kind: TestDatabase) async throws {
        let (fixture, configuration) = try await fixture(kind)
        let incident = try await open(fixture, configuration, "a")
        let lease = try #require(try await fixture.lease())
        let post = try #require(try await take(fixture, lease, except: ["log"])?.first)
        let change = try incident.decide(
            .acknowledge, by: .user(fixture.team.users[0]), at: fixture.now, configuration: configuration)
        _ = await fixture.store.commit([Commit(before: incident, transition: change)], at: fixture.now)
        try await fixture.store.record(.posted(.open, reference: "17"), of: post, at: fixture.now)
        let again = try #require(try await take(fixture, lease, except: ["log"])?.first)
        #expect(again.reference == "17" && again.told == [.open] && again.wanted == post.wanted + 1)
        try await fixture.store.record(.posted(.acknowledged, reference: "17"), of: again, at: fixture.now)
        let last = try await take(fixture, lease, except: ["log"])
        #expect(last == [])
        let status = try await fixture.store.postStatus(of: "ops")
        #expect(status.postedAt == fixture.now && status.fault == nil)
    }

    @Test(arguments: TestDatabase.available)
    func `a post without a result is due again, and only under the lease`(kind: TestDatabase) async throws {
        let (fixture, configuration) = try await fixture(kind)
        _ = try await open(fixture, configuration, "a")
        let lease = try #require(try await fixture.lease())
        _ = try await take(fixture, lease)
        fixture.time.advance(by: .seconds(91))
        let other = try #require(try await fixture.lease("two"))
        let stale = try await take(fixture, lease)
        #expect(stale == nil)
        let again = try #require(try await take(fixture, other))
        #expect(again.map(\.attempts) == [2, 2])
    }

    @Test(arguments: TestDatabase.available)
    func `a message that is gone is sent anew, even if its state was told before`(kind: TestDatabase) async throws {
        let (fixture, configuration) = try await fixture(kind)
        let incident = try await open(fixture, configuration, "a")
        let lease = try #require(try await fixture.lease())
        var post = try #require(try await take(fixture, lease, except: ["log"])?.first)
        try await fixture.store.record(.posted(.open, reference: "17"), of: post, at: fixture.now)
        let change = try incident.decide(.note("x"), by: .system, at: fixture.now, configuration: configuration)
        var renamed = change
        renamed.incident.title = "Disk almost full"
        renamed.posts.areOutdated = true
        _ = await fixture.store.commit([Commit(before: incident, transition: renamed)], at: fixture.now)
        post = try #require(try await take(fixture, lease, except: ["log"])?.first)
        #expect(post.action(for: .open) == .edit(reference: "17"))
        try await fixture.store.record(.lost, of: post, at: fixture.now)
        post = try #require(try await take(fixture, lease, except: ["log"])?.first)
        #expect(post.action(for: .open) == .send)
    }

    @Test(arguments: TestDatabase.available)
    func `a channel that is deleted at the same moment stops no incident`(kind: TestDatabase) async throws {
        let (fixture, configuration) = try await fixture(kind)
        try await fixture.store.change(
            [.delete(.teamChannel("ops")), .delete(.teamChannel("log"))], at: fixture.now)
        let incident = try await open(fixture, configuration, "a")
        #expect(incident.number == 1)
    }
}
