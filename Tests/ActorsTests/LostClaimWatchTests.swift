import Testing

@testable import Actors

@Suite struct LostClaimWatchTests {
    @Test func `workers that began at different times look in the same moment`() {
        for start in [Duration.seconds(600), .seconds(601), .milliseconds(659_999)] {
            var watch = LostClaimWatch(at: start)
            #expect(watch.wait(at: start) == .seconds(660) - start)
            #expect(!watch.isDue(at: .milliseconds(659_999)) && watch.isDue(at: .seconds(660)))
            watch.looked(at: .milliseconds(660_003))
            #expect(watch.wait(at: .milliseconds(660_003)) == .milliseconds(59_997))
        }
    }

    @Test func `after an error it looks at once, then less and less often, and then once a minute`() {
        var watch = LostClaimWatch(at: .seconds(600))
        watch.answerWasLost(at: .seconds(605))
        var looks: [Duration] = []
        var now = Duration.seconds(605)
        for _ in 0..<8 {
            now += watch.wait(at: now)
            #expect(watch.isDue(at: now))
            looks.append(now)
            watch.looked(at: now)
        }
        #expect(looks == [605, 607, 611, 619, 635, 667, 720, 780].map { .seconds($0) })
        #expect(watch.wait(at: .seconds(1_000)) == .zero)
    }
}
