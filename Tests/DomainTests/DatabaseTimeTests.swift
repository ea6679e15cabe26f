import Domain
import Testing

@Suite struct DatabaseTimeTests {
    private let noon = Timestamp(seconds: 1_800_000_000)

    private func clock(_ changes: (inout DatabaseTime) -> Void = { _ in }) -> DatabaseTime {
        var clock = DatabaseTime(noon, asked: .seconds(100), answered: .seconds(100))
        changes(&clock)
        return clock
    }

    @Test func `between two readings the monotonic clock is used`() {
        #expect(clock().now(at: .seconds(160)) == noon + .seconds(60))
    }

    @Test func `an answer is dated to the middle of its round trip`() {
        let clock = DatabaseTime(noon, asked: .seconds(100), answered: .seconds(100) + .milliseconds(400))
        #expect(clock.now(at: .seconds(101)) == noon + .milliseconds(800))
    }

    @Test func `a database's clock that is set forward is followed at once`() {
        let clock = clock { $0.adopt(noon + .hours(1), asked: .seconds(110), answered: .seconds(110)) }
        #expect(clock.now(at: .seconds(110)) == noon + .hours(1))
        #expect(clock.lead(at: .seconds(110)) == .zero)
    }

    @Test func `a database clock that is set back is never followed back`() {
        let clock = clock { $0.adopt(noon - .minutes(3), asked: .seconds(110), answered: .seconds(110)) }
        #expect(clock.now(at: .seconds(110)) == noon + .seconds(10))
        #expect(clock.lead(at: .seconds(110)) == .seconds(190))
        // A timer of five minutes fires at most a few seconds late.
        #expect(clock.now(at: .seconds(110 + 300)) == noon + .seconds(10) + .seconds(294))
        #expect(clock.lead(at: .seconds(110 + 9500)) == .zero)
        #expect(clock.now(at: .seconds(110 + 9600)) == noon - .minutes(3) + .seconds(9600))
    }

    @Test func `a reading that took too long changes nothing`() {
        let clock = clock { $0.adopt(noon + .hours(1), asked: .seconds(110), answered: .seconds(112)) }
        #expect(clock.now(at: .seconds(112)) == noon + .seconds(12))
    }
}
