import Database
import Domain
import TestSupport
import Testing

@testable import Store

/// What takes the texts of incidents into the index.
@Suite struct SearchIndexTests {
    private func rows(_ fixture: SearchFixture) async throws -> [String] {
        try await fixture.store.database.run("SELECT block, gram, numbers FROM search_grams ORDER BY block, gram").rows
            .map { row in
                let (block, gram, numbers): (Int, Int64, [UInt8]) = (
                    try row.get("block"), try row.get("gram"), try row.get("numbers")
                )
                return "\(block) \(gram) \(numbers)"
            }
    }

    private func coverage(_ fixture: SearchFixture) async throws -> SearchCoverage {
        try await fixture.store.database.read { (connection) throws(DatabaseError) in
            try SearchCoverage.read(connection)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a process that is killed in the middle of a batch loses nothing`(kind: TestDatabase) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 5)
        try await fixture.open(600)
        let terms = (0..<20).map { _ in fixture.term() }.filter { !$0.trimmingBlanks().isEmpty }
        var parts = 0
        // Each time one part more is written before the process dies.
        while let batch = try await fixture.store.nextSearchBatch() {
            let before = try await coverage(fixture)
            for part in 0..<min(parts % (batch.parts + 1), batch.parts) {
                #expect(try await fixture.store.write(batch, part: part, under: fixture.lease, at: fixture.base.now))
            }
            let isDone = parts % (batch.parts + 1) == batch.parts
            #expect(try await coverage(fixture).last == before.last + (isDone ? SearchBatch.Limits.incidents : 0))
            for term in terms { #expect(try await fixture.found(term) == fixture.expected(term.trimmingBlanks())) }
            parts += 1
        }
        var other = try await SearchFixture(try await kind.open(), seed: 5)
        try await other.open(600)
        #expect(try await other.index() == 2)
        #expect(try await rows(fixture) == rows(other))
    }

    @Test(arguments: TestDatabase.kinds)
    func `nothing is written under a lost lease`(kind: TestDatabase) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 6)
        try await fixture.open(256)
        let batch = try #require(try await fixture.store.nextSearchBatch())
        fixture.base.time.advance(by: .seconds(6))
        _ = try #require(try await fixture.store.acquireLease(.escalation, for: "two", lasting: .seconds(5)))
        for part in 0..<batch.parts {
            #expect(try await !fixture.store.write(batch, part: part, under: fixture.lease, at: fixture.base.now))
        }
        #expect(try await rows(fixture) == [])
        #expect(try await coverage(fixture) == SearchCoverage(first: 1, last: 0))
    }

    @Test(arguments: TestDatabase.kinds)
    func `a database from before there was an index is indexed from its newest incident on`(
        kind: TestDatabase
    ) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 7)
        try await fixture.open(700)
        for place in 0..<20 { try await fixture.note(place, fixture.text(1...4)) }
        let step = try #require(Migration.all.first { $0.name == "search" }).number
        try await fixture.store.database.write { (connection) throws(DatabaseError) in
            for table in ["grams", "progress", "queue", "emptied"] {
                try connection.script("DROP TABLE search_\(table)")
            }
            try connection.execute("DELETE FROM schema_migrations WHERE number >= \(step)")
        }
        _ = try await fixture.store.migrate(at: fixture.base.now, upTo: step)
        #expect(try await coverage(fixture) == SearchCoverage(first: 701, last: 700))
        try await fixture.open(10)
        var firsts: [Int] = []
        while let batch = try await fixture.store.nextSearchBatch() {
            for _ in 0..<8 {
                let term = fixture.term()
                if term.trimmingBlanks().isEmpty { continue }
                #expect(try await fixture.found(term) == fixture.expected(term.trimmingBlanks()), "“\(term)”")
            }
            for part in 0..<batch.parts {
                _ = try await fixture.store.write(batch, part: part, under: fixture.lease, at: fixture.base.now)
            }
            firsts.append(try await coverage(fixture).first)
        }
        #expect(firsts == [445, 189, 1])
        #expect(try await coverage(fixture).last == 700)
        #expect(try await fixture.found("übung") == fixture.expected("übung"))
    }

    @Test(arguments: TestDatabase.kinds)
    func `an incident whose number is committed late is found, then indexed`(kind: TestDatabase) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 8)
        try await fixture.open(100)
        // Numbers are reserved before the transaction that uses them.
        _ = try await fixture.store.database.run("UPDATE counters SET value = value + 3 WHERE name = 'incident'")
        try await fixture.open(160)
        #expect(try await fixture.index() == 1)
        let late = fixture.opening(fixture.base.team.event("Latecomer", key: "late"))
        _ = await fixture.store.commit([late], at: fixture.base.now)
        _ = try await fixture.store.database.run("UPDATE incidents SET number = 102 WHERE title = 'Latecomer'")
        #expect(try await fixture.found("latecomer") == [102])
        fixture.base.time.advance(by: .minutes(61))
        let lease = try #require(
            try await fixture.store.acquireLease(.escalation, for: "two", lasting: .seconds(5)))
        for place in 0..<SearchBatch.Limits.changes { try await fixture.note(place, "x") }
        var isFinished = false
        while !isFinished {
            // A further batch of new incidents forgets the numbers that were not used within the hour.
            guard let batch = try await fixture.store.nextSearchBatch() else {
                try await fixture.open(256)
                continue
            }
            for part in 0..<batch.parts {
                #expect(try await fixture.store.write(batch, part: part, under: lease, at: fixture.base.now))
            }
            if case .newer = batch.purpose { isFinished = true }
        }
        #expect(try await fixture.found("latecomer") == [102])
        let queue = try await fixture.store.database.run("SELECT number FROM search_queue").rows
        #expect(try queue.map { try $0.get("number", as: Int.self) } == [264], "its number before it was moved")
    }

    @Test(arguments: TestDatabase.kinds)
    func `what retention deletes is found no more, and leaves the index with its block`(
        kind: TestDatabase
    ) async throws {
        var fixture = try await SearchFixture(try await kind.open(), seed: 9)
        try await fixture.open(300)
        _ = try await fixture.store.database.run("UPDATE counters SET value = 4095 WHERE name = 'incident'")
        try await fixture.open(300)
        while try await coverage(fixture).last < 4_096 { try await fixture.index() }
        #expect(try await rows(fixture).contains { $0.hasPrefix("0 ") })
        for place in 0..<300 {
            fixture.known[place].incident = try await fixture.base.commit(fixture.known[place].incident, .resolve)
        }
        fixture.base.time.advance(by: .days(2))
        let policy = RetentionPolicy(incidents: .days(1), audit: nil)
        while let count = try await fixture.store.prune(policy, at: fixture.base.now), !count.isEmpty {}
        let term = "example.com"
        #expect(fixture.known.prefix(300).contains { $0.contains(term) })
        fixture.known.removeFirst(300)
        #expect(try await fixture.found(term) == fixture.expected(term))
        let lease = try #require(
            try await fixture.store.acquireLease(.escalation, for: "two", lasting: .seconds(5)))
        var emptied = 0
        while let batch = try await fixture.store.nextSearchBatch() {
            if case .emptied(block: 0) = batch.purpose { emptied += 1 }
            for part in 0..<batch.parts {
                #expect(try await fixture.store.write(batch, part: part, under: lease, at: fixture.base.now))
            }
        }
        #expect(emptied > 0)
        #expect(try await !rows(fixture).contains { $0.hasPrefix("0 ") })
        #expect(try await rows(fixture).contains { $0.hasPrefix("1 ") })
        #expect(try await fixture.found(term) == fixture.expected(term))
    }

    @Test func `numbers of a block are read as they were written, few or many`() {
        for count in [0, 1, 255, 256, 257, 4_096] {
            var numbers = BlockNumbers()
            let places = (0..<count).map { $0 * 4_095 / max(count - 1, 1) }
            for place in places { numbers.insert(place) }
            #expect(BlockNumbers(bytes: numbers.bytes) == numbers)
            #expect(numbers.descending == Set(places).sorted(by: >))
            #expect(numbers.bytes.count == min(Set(places).count * 2, 512))
        }
        #expect(BlockNumbers(bytes: [1, 2, 3]).descending.count == 4_096)
    }

    @Test func `letters are compared without their case, and a letter of ASCII only with itself`() {
        #expect(folded("ÜBUNG Straße ΟΔΟΣ οδος") == "übung straße οδοσ οδοσ")
        // The sign of kelvin, and a capital I with a dot.
        #expect(folded("\u{212A}İ") == "\u{212A}İ")
        #expect(packedGrams("ab") == [])
        #expect(packedGrams("abcd").count == 2)
        #expect(packedGrams("xyabc").last == packedGrams("abc").first)
    }
}
