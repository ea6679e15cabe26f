import Foundation
import TestSupport
import Testing

@testable import Database

@Suite struct CheckpointTests {
    @Test func `a portion is copied beside the commits, one copy at a time`() {
        var plan = CheckpointPlan()
        #expect(plan.next(pages: 0) == .nothing)
        #expect(plan.next(pages: 999) == .nothing)
        #expect(plan.next(pages: 1_000) == .beside)
        #expect(plan.next(pages: 2_500) == .nothing, "a copy is running")
        plan.ended(copied: 1_000)
        #expect(plan.next(pages: 1_999) == .nothing)
        #expect(plan.next(pages: 2_600) == .beside)
    }

    @Test func `a failed copy is tried again with the next commit`() {
        var plan = CheckpointPlan()
        #expect(plan.next(pages: 1_200) == .beside)
        plan.ended(copied: nil)
        #expect(plan.next(pages: 1_210) == .beside)
    }

    @Test func `a log that began anew has nothing copied`() {
        var plan = CheckpointPlan()
        #expect(plan.next(pages: 1_500) == .beside)
        plan.ended(copied: 1_500)
        #expect(plan.next(pages: 20) == .nothing)
        #expect(plan.next(pages: 1_010) == .beside)
    }

    @Test func `a long log is copied to its end, by the writer at last`() {
        var plan = CheckpointPlan()
        #expect(plan.next(pages: 12_500) == .beside)
        plan.ended(copied: 12_400)
        #expect(plan.next(pages: 12_510) == .beside)
        #expect(plan.next(pages: 16_000) == .nothing, "a copy is running")
        plan.ended(copied: 12_510)
        #expect(plan.next(pages: 16_010) == .now)
        plan.ended(copied: 16_010)
        #expect(plan.next(pages: 16_010) == .nothing)
    }

    private func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    @Test func `the log reaches the file while the database is in use, and does not grow beyond its limit`()
        async throws
    {
        let path = FileManager.default.temporaryDirectory.appending(path: "pagerpal-\(UUID().uuidString).db").path()
        let database = try openDatabase(.sqlite(path: path))
        try await database.run("CREATE TABLE things (id INTEGER PRIMARY KEY, body BLOB)")
        // 120 MiB, which is about twice the limit.
        for _ in 0..<120 {
            try await database.run("INSERT INTO things (body) VALUES (zeroblob(1048576))")
            #expect(size("\(path)-wal") < 70 << 20)
        }
        #expect(size(path) > 50 << 20)
        let rows = try await database.run("SELECT COUNT(*) AS count FROM things").rows
        #expect(try rows[0].get("count", as: Int.self) == 120)
        await database.close()
        #expect(size(path) > 120 << 20)
        try FileManager.default.removeItem(atPath: path)
    }
}
