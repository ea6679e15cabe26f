import Domain
import Synchronization
import TestSupport
import Testing

@testable import Actors

@Suite struct BatcherTests {
    @Test func `one caller leads, and later callers wait for the next batch in order`() {
        var line = BatchLine<Int>()
        var happened: [String] = []
        func note(_ what: Any) { happened.append("\(what)") }
        note(line.lead())
        note(line.followers(atMost: 2))
        for element in 1...4 {
            note(line.lead())
            line.join(element)
        }
        note(line.pass() ?? 0)
        note(line.followers(atMost: 2))
        note(line.lead())
        note(line.pass() ?? 0)
        note(line.followers(atMost: 2))
        note(line.pass() ?? 0)
        note(line.lead())
        let batches = [
            "true", "[]", "false", "false", "false", "false", "1", "[2, 3]", "false", "4", "[]", "0", "true",
        ]
        #expect(happened == batches)
    }

    @Test func `every caller gets the output for its own input, and batches never overlap`() async {
        let running = Mutex(0)
        let most = Mutex(0)
        let batcher = Batcher<Int, Int>(limit: 8) { inputs in
            let now = running.withLock { running -> Int in
                running += 1
                return running
            }
            most.withLock { $0 = max($0, now) }
            await Task.yield()
            running.withLock { $0 -= 1 }
            return inputs.map { $0 * 2 }
        }
        await withTaskGroup(of: Bool.self) { group in
            for input in 0..<500 { group.addTask { await batcher.submit(input) == input * 2 } }
            for await isRight in group { #expect(isRight) }
        }
        #expect(most.withLock { $0 } == 1)
    }

    @Test(arguments: [
        ([], []), ([3], [[3]]), ([400, 600], [[400, 600]]), ([400, 601], [[400], [601]]),
        ([999, 1, 1], [[999, 1], [1]]), ([1_000, 1_000], [[1_000], [1_000]]),
    ])
    func `a transaction holds whole groups up to its limit`(sizes: [Int], expected: [[Int]]) {
        let groups = sizes.map { Array(repeating: 0, count: $0) }
        #expect(transactions(groups).map { $0.map(\.count) } == expected)
    }
}
