import Database
import Domain
import Store
import TestSupport
import Testing

/// A search finds the incidents that contain a text, whatever of them is in the index.
@Suite struct IncidentSearchTests {
    /// Compares searches with what must be found.
    private func compare(_ fixture: inout SearchFixture, _ count: Int, _ when: String) async throws {
        for _ in 0..<count {
            let term = fixture.term()
            if term.trimmingBlanks().isEmpty { continue }
            let wanted = term.trimmingBlanks()
            for states: Set<Incident.State.Name> in [[], [.triggered, .acknowledged], [.resolved]] {
                let found = try await fixture.found(term, states)
                #expect(found == fixture.expected(wanted, states), "“\(term)” \(when), in \(states)")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a search finds exactly what contains its text, before, while and after it is indexed`(
        kind: TestDatabase
    ) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 1)
        try await fixture.open(300)
        for place in stride(from: 0, to: 300, by: 7) {
            fixture.known[place].incident = try await fixture.base.commit(fixture.known[place].incident, .resolve)
        }
        for place in stride(from: 0, to: 40, by: 3) { try await fixture.note(place, fixture.text(1...4)) }
        try await compare(&fixture, 60, "before it is indexed")
        #expect(try await fixture.index() == 1)
        try await compare(&fixture, 60, "after some are indexed")
        for place in 0..<30 { try await fixture.rename(place, fixture.text(1...3)) }
        for place in 20..<60 { try await fixture.note(place, fixture.text(1...4)) }
        try await compare(&fixture, 60, "with changes that wait")
        try await fixture.open(300)
        #expect(try await fixture.index() >= 2)
        try await compare(&fixture, 60, "after all is indexed")
    }

    @Test(arguments: TestDatabase.kinds)
    func `a new note is found at once, and a title that was replaced no more`(kind: TestDatabase) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 2)
        try await fixture.open(256)
        try await fixture.rename(7, "Pump of the old cellar")
        try await fixture.index()
        #expect(try await fixture.found("OLD CELLAR") == [8])
        try await fixture.rename(7, "Pump of the attic")
        try await fixture.note(8, "Replaced the “impeller”\nand the \"gasket\"")
        for isIndexed in [false, true] {
            #expect(try await fixture.found("old cellar") == [])
            #expect(try await fixture.found("attic") == [8])
            for term in ["IMPELLER", "\"gasket\"", "”\nand"] {
                #expect(try await fixture.found(term) == [9], "\(term)")
            }
            guard !isIndexed else { break }
            for place in 100..<100 + SearchBatch.Limits.changes { try await fixture.note(place, "filler") }
            #expect(try await fixture.index() == 1)
            let waiting = try await fixture.store.database.run("SELECT COUNT(*) AS count FROM search_queue").rows
            #expect(try waiting[0].get("count") == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a short text is compared with the newest incidents and with all open ones`(
        kind: TestDatabase
    ) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 3)
        try await fixture.open(2_010)
        try await fixture.rename(3, "q§")
        try await fixture.rename(2_005, "§q")
        try await fixture.index()
        #expect(try await fixture.found("§") == [2_006, 4])
        fixture.known[3].incident = try await fixture.base.commit(fixture.known[3].incident, .resolve)
        #expect(try await fixture.found("§") == [2_006])
        #expect(try await fixture.found("4").last == 4, "the number is found")
        #expect(try await fixture.found("§q", [.triggered]) == [2_006])
        var filter = IncidentFilter()
        filter.text = "§"
        let page = try await fixture.store.incidentPage(filter)
        #expect(page.counts.openEnded == [.triggered, .acknowledged, .resolved])
        #expect(!page.isOfAll)
        filter.text = "§qx"
        #expect(try await fixture.store.incidentPage(filter).isOfAll)
    }

    @Test(arguments: TestDatabase.kinds)
    func `many matches are counted up to a limit, and all pages are listed`(kind: TestDatabase) async throws {
        let fixture = try await SearchFixture(try await kind.open(), seed: 4)
        let openings = (0..<1_300).map { fixture.opening(fixture.base.team.event("Disk \($0) full", key: "\($0)")) }
        _ = try await fixture.commit(openings)
        _ = try await fixture.store.database.run(
            "UPDATE incidents SET state = 'resolved', state_detail = (SELECT state_detail FROM incidents LIMIT 1) WHERE number > 3"
        )
        try await fixture.index()
        var filter = IncidentFilter()
        (filter.text, filter.limit, filter.states) = ("disk", 20, [.triggered, .acknowledged])
        filter.order = .urgent
        var page = try await fixture.store.incidentPage(filter)
        #expect(page.incidents.map(\.number) == [3, 2, 1])
        #expect(page.counts == IncidentCounts([.triggered: 3, .resolved: 200], openEnded: [.resolved]))
        (filter.states, filter.order) = ([.resolved], .newest)
        page = try await fixture.store.incidentPage(filter)
        #expect(page.incidents.map(\.number) == Array((1_281...1_300).reversed()))
        filter.before = 25
        page = try await fixture.store.incidentPage(filter)
        #expect(page.incidents.map(\.number) == Array((5...24).reversed()))
        #expect(page.counts == IncidentCounts([.triggered: 3, .resolved: 200], openEnded: [.resolved]))
        filter.text = "Disk 77"
        (filter.before, filter.states) = (nil, [])
        page = try await fixture.store.incidentPage(filter)
        #expect(page.counts == IncidentCounts([.resolved: 11]))
        #expect(page.incidents.map(\.number) == (770...779).reversed().map { $0 + 1 } + [78])
        #expect(try await fixture.found("disk").count == 1_300)
    }
}
