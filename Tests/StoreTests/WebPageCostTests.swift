import Database
import Domain
import Store
import TestSupport
import Testing

/// What web pages list and count costs the same beside few rows and beside many. Counted as in `CostTests`.
@Suite struct WebPageCostTests {
    @Test(arguments: TestDatabase.kinds)
    func `open incidents cost the most urgent ones nothing`(on kind: TestDatabase) async throws {
        func work(beside count: Int) async throws -> Int {
            let meter = try await CostMeter(kind)
            let fixture = try await StoreFixture(meter.database)
            for start in stride(from: 0, to: count, by: 500) {
                let openings = (start..<start + 500).map { fixture.opening("key-\($0)") }
                _ = await fixture.store.commit(openings, at: fixture.now)
            }
            var filter = IncidentFilter()
            (filter.states, filter.order, filter.limit) = ([.triggered, .acknowledged], .urgent, 25)
            _ = try await fixture.store.incidents(filter)
            _ = meter.take()
            let found = try await fixture.store.incidents(filter)
            #expect(found.count == 25)
            return meter.take().work
        }
        let (few, many) = (try await work(beside: 500), try await work(beside: 4_000))
        let limit = Int(Double(few) * CostMeter.allowance) + (kind == .postgres ? 60 : 100)
        #expect(many <= limit, "\(few) beside few incidents, \(many) beside many")
    }

    @Test(arguments: TestDatabase.kinds)
    func `resolved incidents and pages that have left cost the counts nothing`(on kind: TestDatabase) async throws {
        func work(beside count: Int) async throws -> Int {
            let meter = try await CostMeter(kind)
            let fixture = try await StoreFixture(meter.database)
            for start in stride(from: 0, to: count, by: 500) {
                let openings = (start..<start + 500).map { fixture.opening("key-\($0)") }
                _ = await fixture.store.commit(openings, at: fixture.now)
            }
            _ = try await meter.base.run("UPDATE incidents SET state = 'resolved' WHERE number > 2")
            _ = try await meter.base.run("UPDATE pages SET state = 'sent'")
            if kind == .postgres {
                // What the server does by itself, so that entries of old rows are gone.
                for table in ["incidents", "pages"] { _ = try await meter.base.run("VACUUM \(raw: table)") }
            }
            _ = try await fixture.store.incidentCounts()
            _ = meter.take()
            #expect(try await fixture.store.incidentCounts() == [.triggered: 2, .resolved: count - 2])
            #expect(try await fixture.store.openIncidentCounts() == IncidentCounts([.triggered: 2]))
            #expect(try await fixture.store.queueDepths() == [.queued: 0, .claimed: 0])
            #expect(try await fixture.store.withheldPageCount() == BoundedCount(found: 0))
            #expect(try await fixture.store.waitingPageCount() == BoundedCount(found: 0))
            return meter.take().work
        }
        let (few, many) = (try await work(beside: 2_000), try await work(beside: 8_000))
        let limit = Int(Double(few) * CostMeter.allowance) + (kind == .postgres ? 60 : 100)
        #expect(many <= limit, "\(few) beside few rows, \(many) beside many")
    }

    @Test(arguments: TestDatabase.kinds)
    func `open incidents cost a page of them nothing`(on kind: TestDatabase) async throws {
        func work(beside count: Int) async throws -> Int {
            let meter = try await CostMeter(kind)
            let fixture = try await StoreFixture(meter.database)
            for start in stride(from: 0, to: count, by: 500) {
                let openings = (start..<start + 500).map { fixture.opening("key-\($0)") }
                _ = await fixture.store.commit(openings, at: fixture.now)
            }
            if kind == .postgres { _ = try await meter.base.run("VACUUM ANALYZE incidents") }
            var filter = IncidentFilter()
            (filter.states, filter.order, filter.limit) = ([.triggered, .acknowledged], .urgent, 20)
            _ = try await fixture.store.incidentPage(filter)
            _ = meter.take()
            let page = try await fixture.store.incidentPage(filter)
            #expect(page.incidents.map(\.number) == Array((count - 19...count).reversed()))
            #expect(page.counts.words(of: filter.states) == "1000+" && page.counts.words(of: [.resolved]) == "0")
            #expect(try await fixture.store.openIncidentCounts([.triggered]) == page.counts)
            // Each has a page that waits.
            #expect(try await fixture.store.waitingPageCount().words == "1000+")
            return meter.take().work
        }
        let (few, many) = (try await work(beside: 2_000), try await work(beside: 8_000))
        let limit = Int(Double(few) * CostMeter.allowance) + (kind == .postgres ? 60 : 100)
        #expect(many <= limit, "\(few) beside few rows, \(many) beside many")
    }

    @Test(arguments: TestDatabase.kinds)
    func `stored incidents cost a filter nothing, whether many pass it or few`(on kind: TestDatabase) async throws {
        func filters(_ change: (inout IncidentFilter) -> Void) -> [IncidentFilter] {
            var list = IncidentFilter()
            change(&list)
            var urgent = list
            (urgent.states, urgent.order) = ([.triggered, .acknowledged], .urgent)
            return [list, urgent]
        }
        func work(beside count: Int) async throws -> [Int] {
            let meter = try await CostMeter(kind)
            let fixture = try await StoreFixture(meter.database)
            for (key, team) in [("one", TeamID("team-other")), ("two", "team-ops")] {
                _ = try await fixture.open(key, team: team)
            }
            for start in stride(from: 0, to: count, by: 500) {
                let openings = (start..<start + 500).map { fixture.opening("key-\($0)") }
                _ = await fixture.store.commit(openings, at: fixture.now)
            }
            _ = try await meter.base.run("UPDATE incidents SET state = 'resolved' WHERE number > 100")
            if kind == .postgres { _ = try await meter.base.run("VACUUM ANALYZE incidents") }
            let all =
                filters { $0.teams = ["team-ops"] } + filters { $0.teams = ["team-other", "team-ops"] }
                + filters { $0.severities = [.info] } + filters { $0.source = "nowhere" }
                + filters { ($0.teams, $0.severities) = (["team-other"], [.critical]) }
            var works: [Int] = []
            for filter in all {
                _ = try await fixture.store.incidentPage(filter)
                _ = meter.take()
                _ = try await fixture.store.incidentPage(filter)
                works.append(meter.take().work)
            }
            return works
        }
        let (few, many) = (try await work(beside: 4_000), try await work(beside: 16_000))
        for (place, (few, many)) in zip(few, many).enumerated() {
            let limit = Int(Double(few) * CostMeter.allowance) + (kind == .postgres ? 60 : 100)
            #expect(many <= limit, "filter \(place): \(few) beside few rows, \(many) beside many")
        }
    }
}
