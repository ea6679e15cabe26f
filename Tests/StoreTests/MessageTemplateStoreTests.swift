import Database
import Domain
import TestSupport
import Testing

@testable import Store

@Suite struct MessageTemplateStoreTests {
    private static let german = MessageTemplate(
        id: "german", use: .text, language: .de, text: "Los! {title} – “{{x}}”\n{link}")

    @Test(arguments: TestDatabase.available)
    func `templates are stored, changed, numbered, audited and deleted`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let all = MessageTemplate(id: "all", use: .text, text: "{title}")
        let before = try await fixture.store.configuration()
        #expect(before.messageTemplates.isEmpty)
        try await fixture.store.change([.save(all), .save(Self.german)], on: before, at: fixture.now)
        var stored = try await fixture.store.configuration()
        #expect(stored.messageTemplates == [all.id: all, Self.german.id: Self.german])
        #expect(Set([all, Self.german].map { stored.numbers[$0.subject] }) == [1, 2])

        var changed = Self.german
        changed.text = "Weg! {title}"
        try await fixture.store.change([.save(changed), .delete(.messageTemplate("all"))], on: stored, at: fixture.now)
        stored = try await fixture.store.configuration()
        #expect(stored.messageTemplates == [changed.id: changed])

        var filter = AuditFilter()
        filter.kind = .messageTemplate
        let records = try await fixture.store.audit(filter)
        #expect(
            Set(records.map { "\($0.action.rawValue) \($0.name)" }) == [
                "created Text message, all languages", "created Text message, German",
                "updated Text message, German", "deleted Text message, all languages",
            ])
        let update = try #require(records.first { $0.action == .updated })
        #expect(update.before == Self.german.storedText)
        #expect(update.after == changed.storedText)
    }

    @Test(arguments: TestDatabase.available)
    func `a use has one template in a language`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.store.change([.save(Self.german)], at: fixture.now)
        let twin = MessageTemplate(id: "twin", use: .text, language: .de, text: "x")
        await #expect(throws: DatabaseError.self) {
            try await fixture.store.change([.save(twin)], at: fixture.now)
        }
        #expect(try await fixture.store.configuration().messageTemplates.count == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `a database of before opens, has no templates, and takes one`(kind: TestDatabase) async throws {
        let database = try await kind.open()
        let store = Store(database: database, identifiers: .counting(), leaseClock: .database)
        let last = Migration.all.count
        _ = try await store.migrate(at: TestTeam.start, upTo: 33)
        await #expect(throws: DatabaseError.self) { try await database.run("SELECT id FROM message_templates") }
        try await database.run(
            "INSERT INTO teams (id, name, definition, created_at) VALUES ('ops', 'Ops', '{\"version\":1,\"id\":\"ops\",\"name\":\"Ops\",\"member_ids\":[]}', 0)"
        )
        #expect(try await store.migrate(at: TestTeam.start) == .current(last))
        #expect(try await store.configuration().teams["ops"]?.name == "Ops")
        #expect(try await store.configuration().messageTemplates.isEmpty)
        try await store.change([.save(Self.german)], at: TestTeam.start)
        #expect(try await store.configuration().messageTemplates["german"] == Self.german)
        #expect(store.damagedRows.all == [])
        await database.close()
    }
}
