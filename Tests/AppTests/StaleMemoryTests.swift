import Actors
import Database
import Domain
import Formats
import Store
import TestSupport
import Testing

@testable import App

/// A process that has not yet learned of another process's change.
@Suite struct StaleMemoryTests {
    /// A second process on the same database. The first does not hear of its changes.
    private func otherProcess(_ app: TestApp) async throws -> IncidentDirectory {
        let (store, time) = (app.assembly.store, app.time.source)
        let cache = ConfigurationCache(store: store)
        try await cache.reload()
        return IncidentDirectory(
            context: IncidentContext(
                store: store, commits: CommitQueue(store: store, eventBus: EventBus(), time: time),
                configuration: cache, time: time))
    }

    @Test(arguments: [TestDatabase.sqliteMemory])
    func `an acknowledgement is not ignored because of stale memory`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.takePages()
            try await app.act("acknowledge")
            let id = try #require(try await app.assembly.store.incident(number: 1)).id
            let other = try await otherProcess(app)
            _ = await other.perform(CommandRequest(.escalate, by: .user(app.team.users[0])), on: id)
            #expect(try await app.state() == "triggered")
            try await app.act("acknowledge")
            #expect(try await app.state() == "acknowledged")
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a configuration whose version went backwards is used`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let cache = app.assembly.configuration
            let version = cache.current.version
            try await app.assembly.store.database.run(
                #"UPDATE users SET definition = REPLACE(definition, '"name":"Ada"', '"name":"Eve"') WHERE id = 'ada'"#)
            try await app.assembly.store.database.run("UPDATE configuration SET version = 1")
            #expect(version > 1)
            try await cache.reloadIfChanged()
            #expect(cache.current.version == 1)
            #expect(cache.current.users["ada"]?.name == "Eve")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a row that can't be read is left out and shown, and the rest works`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            app.allowErrors()
            try await app.assembly.store.database.run(
                """
                INSERT INTO schedules (id, team_id, name, definition, created_at)
                VALUES ('broken', 'team-ops', 'Broken', '{', 0)
                """)
            try await app.assembly.configuration.reload()
            #expect(app.assembly.configuration.current.users["ada"] != nil)
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            let health = try await app.send("GET", "/health", headers: [])
            #expect(health.status == 200)
            #expect(health.json["status"]?.text == "degraded")
            #expect(health.json["problems"]?.array?.first?.text?.contains("schedules") == true)
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/settings")
            #expect(await browser.page.contains("schedules broken"))
            try await app.act("resolve")
        }
    }
}
