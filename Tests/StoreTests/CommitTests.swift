import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct CommitTests {
    @Test(arguments: TestDatabase.available)
    func `an incident comes back as it was stored`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        #expect(incident.number == 1)
        #expect(try await fixture.store.incident(incident.id) == incident)
        #expect(try await fixture.store.incident(number: 1) == incident)
        let timeline = try await fixture.store.timeline(of: incident.id)
        #expect(timeline.map(\.event) == fixture.opening().transition.entries.map(\.event))
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.userID) == ["ada"])
    }

    @Test(arguments: TestDatabase.available)
    func `a timeline has the order of the commits, whatever the clocks of two processes say`(
        kind: TestDatabase
    ) async throws {
        let database = try await kind.open()
        let fixture = try await StoreFixture(database)
        let ahead = Store(database: database, identifiers: .counting("z"))
        let behind = Store(database: database, identifiers: .counting("a"))
        guard case .committed(let opened) = await ahead.commit([fixture.opening()], at: fixture.now)[0] else {
            return #expect(Bool(false), "not opened")
        }
        let acknowledged = try fixture.change(opened, .acknowledge)
        guard case .committed = await behind.commit([acknowledged], at: fixture.now)[0] else {
            return #expect(Bool(false), "not acknowledged")
        }
        let last = try await fixture.store.timeline(of: opened.id).last?.event
        #expect(last == .acknowledged(until: nil))
    }

    @Test(arguments: TestDatabase.available)
    func `one problem has one open incident, however many open it at the same time`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let results = await fixture.store.commit(
            [fixture.opening(), fixture.opening(), fixture.opening("other")], at: fixture.now)
        #expect(results.filter { if case .conflict = $0 { true } else { false } }.count == 1)
        #expect(try await fixture.store.incidents(IncidentFilter()).count == 2)
        #expect(try await fixture.store.pages(PageFilter()).count == 2)
    }

    @Test(arguments: TestDatabase.kinds)
    func `openers in many transactions at once still open one`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let opened = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    if case .committed = await fixture.store.commit([fixture.opening()], at: fixture.now)[0] {
                        true
                    } else {
                        false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(opened == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `a change based on an old version is refused as a whole`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let first = await fixture.store.commit([try fixture.change(incident, .acknowledge)], at: fixture.now)
        guard case .committed = first[0] else { throw DatabaseError.closed }
        let second = await fixture.store.commit([try fixture.change(incident, .note("late"))], at: fixture.now)
        guard case .conflict = second[0] else { throw DatabaseError.closed }
        let events = try await fixture.store.timeline(of: incident.id).map(\.event)
        #expect(!events.contains(.noted(text: "late")))
    }

    @Test(arguments: TestDatabase.available)
    func `an alert that the database refuses does not lose the others`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        var poisoned = try fixture.change(incident, .note("x")).transition
        poisoned.incident.title = "zero \0 byte"
        let results = await fixture.store.commit(
            [Commit(before: incident, transition: poisoned), fixture.opening("healthy")], at: fixture.now)
        guard case .failed(.invalidValue) = results[0], case .committed = results[1] else {
            Issue.record("\(results)")
            return
        }
    }

    @Test(arguments: TestDatabase.available)
    func `after a resolution the same key opens another incident`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        _ = await fixture.store.commit([try fixture.change(incident, .resolve)], at: fixture.now)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.cancelled])
        #expect(try await fixture.open().number == 2)
        let found = try await fixture.store.incident(
            source: "source", team: "team-ops", key: DedupKey("disk"), resolvedSince: nil)
        #expect(found?.number == 2)
    }

    @Test(arguments: TestDatabase.available)
    func `the same key of another team is another incident`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        #expect(try await fixture.open().number == 1)
        #expect(try await fixture.open(team: "team-other").number == 2)
    }

    @Test(arguments: TestDatabase.available)
    func `lists are filtered and continue from a cursor`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        for key in ["a", "b", "c", "100%_x"] { _ = try await fixture.open(key) }
        var filter = IncidentFilter()
        filter.limit = 3
        #expect(try await fixture.store.incidents(filter).map(\.number) == [4, 3, 2])
        filter.before = 2
        #expect(try await fixture.store.incidents(filter).map(\.number) == [1])
        filter = IncidentFilter()
        filter.text = "100%"
        #expect(try await fixture.store.incidents(filter).isEmpty)
        filter.text = "disk FULL"
        #expect(try await fixture.store.incidents(filter).count == 4)
        filter.states = [.resolved]
        #expect(try await fixture.store.incidents(filter).isEmpty)
    }
}
