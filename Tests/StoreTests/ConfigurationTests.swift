import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct ConfigurationTests {
    @Test(arguments: TestDatabase.available)
    func `the configuration is read back as it was saved`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let (stored, expected) = (fixture.configuration, fixture.team.configuration)
        #expect(stored.users == expected.users)
        #expect(stored.teams == expected.teams)
        #expect(stored.contactMethods == expected.contactMethods)
        #expect(stored.schedules == expected.schedules)
        #expect(stored.policies == expected.policies)
        #expect(stored.sources == expected.sources)
    }

    @Test(arguments: TestDatabase.available)
    func `changes are made together or not at all`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let version = try await fixture.store.configurationVersion()
        var twin = fixture.team.users[1]
        twin.email = "ADA@example.com"
        await #expect(throws: DatabaseError.self) {
            try await fixture.store.change([.delete(.source("source")), .save(twin)], at: fixture.now)
        }
        #expect(try await fixture.store.configurationVersion() == version)
        #expect(try await fixture.store.configuration().sources.count == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `deleting a user deletes rules and contact methods and keeps incidents`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        try await fixture.store.change([.delete(.user("ada"))], at: fixture.now)
        let configuration = try await fixture.store.configuration()
        #expect(configuration.contactMethods(of: "ada").isEmpty)
        #expect(configuration.rules["ada"] == nil)
        #expect(try await fixture.store.incident(incident.id) != nil)
    }

    @Test(arguments: TestDatabase.available)
    func `the schema is migrated once, and a newer schema is left alone`(kind: TestDatabase) async throws {
        let database = try await kind.open()
        let store = Store(database: database, identifiers: .counting())
        let steps = Migration.all.count
        #expect(try await store.schemaState() == .behind(has: 0, needs: steps))
        #expect(try await store.migrate(at: TestTeam.start) == .current(steps))
        #expect(try await store.migrate(at: TestTeam.start) == .current(steps))
        try await database.run(
            "INSERT INTO schema_migrations (number, name, applied_at) VALUES (\(steps + 1), 'future', 0)")
        #expect(try await store.migrate(at: TestTeam.start) == .ahead(has: steps + 1, knows: steps))
    }

    @Test(arguments: TestDatabase.available)
    func `tokens are found by their hash until they expire`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let token = APIToken(
            id: "t", userID: "dana", name: "ci", hash: "abc", hint: "pgp_", scope: .read,
            expiresAt: fixture.now + .hours(1))
        try await fixture.store.save(token, at: fixture.now)
        var stored = token
        stored.createdAt = fixture.now
        #expect(try await fixture.store.token(hash: "abc", at: fixture.now) == stored)
        #expect(try await fixture.store.token(hash: "abc", at: fixture.now + .hours(1)) == nil)
        #expect(try await fixture.store.token(hash: "abd", at: fixture.now) == nil)
    }

    @Test(arguments: [
        StoreEvent.incidents(["a", "b"]), .pages(dueAt: Timestamp(seconds: 5)),
        .pages(TestPages.due),
        .escalation(dueAt: Timestamp(seconds: 6)),
        .configuration(version: 7), .leaseFree,
    ])
    func `announcements survive encoding as text, and a process ignores its own`(announcement: StoreEvent)
        async throws
    {
        #expect(StoreEvent(text: announcement.text) == announcement)
        let fixture = try await StoreFixture(.sqliteMemory)
        #expect(fixture.store.event(in: "\(fixture.store.origin) \(announcement.text)") == nil)
        #expect(fixture.store.event(in: "another \(announcement.text)") == announcement)
    }
}
