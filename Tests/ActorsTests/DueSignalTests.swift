import Domain
import TestSupport
import Testing

@testable import Actors

@Suite struct DueSignalTests {
    private let time = ManualTime()
    private let signal = DueSignal()

    /// Starts a task that sleeps for at most a minute.
    private func asleep() async throws -> Task<Bool, Never> {
        let task = Task { [signal, time] in await signal.sleep(atMost: .seconds(60), time.source) }
        try await sleeps(until: .seconds(5))
        return task
    }

    /// Waits until the task sleeps until this time. It looks at the clock every five seconds.
    private func sleeps(until end: Duration) async throws {
        for _ in 0..<1_000_000 where time.sleepers != [end] { await Task.yield() }
        try #require(time.sleepers == [end])
    }

    @Test func `what is due now wakes at once`() async throws {
        signal.plan(time.now + .seconds(30))
        let task = try await asleep()
        #expect(signal.announce(time.now))
        #expect(!signal.announce(time.now), "it wakes already")
        #expect(await task.value)
    }

    @Test func `what is due earlier shortens the sleep and ends it only then`() async throws {
        signal.plan(time.now + .seconds(30))
        let task = try await asleep()
        #expect(signal.announce(time.now + .seconds(8)))
        #expect(!signal.announce(time.now + .seconds(9)))
        time.advance(by: .seconds(5))
        try await sleeps(until: .seconds(8))
        time.advance(by: .seconds(3))
        #expect(await task.value)
    }

    @Test func `a task is woken whatever the clock says`() async throws {
        signal.plan(time.now - .seconds(1))
        #expect(!signal.announce(time.now), "it looks at the clock itself")
        #expect(!signal.wake(), "it does not sleep yet")
        await signal.sleep(atMost: .seconds(60), time.source)
        signal.plan(time.now + .seconds(30))
        let task = try await asleep()
        #expect(signal.wake())
        #expect(!signal.wake())
        #expect(await task.value)
    }

    @Test func `a sleep in which nothing became due says so`() async throws {
        signal.plan(time.now + .seconds(90))
        let task = try await asleep()
        for second in stride(from: 10, through: 60, by: 5) {
            time.advance(by: .seconds(5))
            try await sleeps(until: .seconds(second))
        }
        time.advance(by: .seconds(5))
        #expect(await !task.value)
    }

    @Test func `what is announced while the task still looks keeps it awake`() async {
        signal.plan(nil)
        #expect(!signal.announce(time.now + .seconds(8)))
        signal.plan(time.now + .seconds(30))
        await signal.sleep(atMost: .seconds(60), time.source)
        #expect(time.sleepers.isEmpty)
    }
}
