import Testing

@testable import Actors

@Suite struct LeaseRefusalsTests {
    @Test func `refused requests back off and are logged once a minute`() {
        var refusals = LeaseRefusals()
        var now = Duration.zero
        var pauses: [Duration] = []
        var told: [Int] = []
        while now < .seconds(130) {
            if let count = refusals.add(at: now) { told.append(count) }
            pauses.append(refusals.pause)
            now += refusals.pause
        }
        #expect(
            pauses.prefix(6) == [
                .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(5),
            ])
        #expect(pauses.last == LeaseRefusals.longestPause)
        #expect(told.count == 3 && told[0] == 1)
    }

    @Test func `an answer starts again with short pauses`() {
        var refusals = LeaseRefusals()
        let wasRefused = refusals.end()
        #expect(!wasRefused)
        for second in 0..<10 { _ = refusals.add(at: .seconds(second)) }
        let (first, second) = (refusals.end(), refusals.end())
        #expect(first && !second)
        let count = refusals.add(at: .seconds(11))
        #expect(count == 1)
        #expect(refusals.pause == .milliseconds(250))
    }
}
