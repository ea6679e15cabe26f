import Database
import Domain
import TestSupport
import Testing

@testable import Store

@Suite struct IncidentCountTests {
    @Test(arguments: TestDatabase.kinds)
    func `the counts are right after each opening and resolution`(on kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.store
        #expect(try await store.incidentCounts() == [:])
        var open: [Incident] = []
        for number in 1...6 { open.append(try await fixture.open("key-\(number)")) }
        #expect(try await store.incidentCounts() == [.triggered: 6])
        _ = try await fixture.commit(open[0], .resolve)
        _ = try await fixture.commit(open[1], .acknowledge)
        #expect(try await store.incidentCounts() == [.triggered: 4, .acknowledged: 1, .resolved: 1])
        var severe = IncidentFilter()
        severe.severities = [.critical]
        #expect(try await store.incidentCounts(severe) == [.triggered: 4, .acknowledged: 1, .resolved: 1])
        severe.severities = [.info]
        #expect(try await store.incidentCounts(severe) == [:])
    }

    @Test func `what was deleted is known after the next full count`() async throws {
        let fixture = try await StoreFixture(
            try openDatabase(DatabaseURL("sqlite::memory:"), options: DatabaseOptions()))
        for start in [0, 600] {
            _ = await fixture.store.commit((start..<start + 600).map { fixture.opening("key-\($0)") }, at: fixture.now)
        }
        _ = try await fixture.store.database.run("UPDATE incidents SET state = 'resolved'")
        #expect(try await fixture.store.incidentCounts() == [.resolved: 1_200])
        for table in ["timeline", "alert_keys", "follow_ups", "posts", "pages"] {
            _ = try await fixture.store.database.run("DELETE FROM \(raw: table)")
        }
        _ = try await fixture.store.database.run("DELETE FROM incidents WHERE number <= 100")
        for _ in 1..<IncidentTotal.Limits.uses { _ = try await fixture.store.incidentCounts() }
        #expect(try await fixture.store.incidentCounts() == [.resolved: 1_200])
        #expect(try await fixture.store.incidentCounts() == [.resolved: 1_100])
    }
}
