import Domain
import TestSupport
import Testing

@testable import Web

@Suite struct CoverageCacheTests {
    private let cache = CoverageCache()
    private let start = TestTeam.start

    private func configuration(_ version: Int64, isComplete: Bool) -> Configuration {
        var configuration = TestTeam().configuration
        configuration.version = version
        if !isComplete { configuration.contactMethods = [:] }
        return configuration
    }

    private func warnings(_ version: Int64, isComplete: Bool, after: Duration) -> [String] {
        cache.warnings(
            of: configuration(version, isComplete: isComplete), channels: [.email], at: start + after)
    }

    @Test func `schedules are looked at once a minute, and after each change`() {
        let complete = warnings(1, isComplete: true, after: .zero)
        let broken = warnings(2, isComplete: false, after: .zero)
        #expect(broken != complete)
        // The same version is not looked at again, whatever it says by now.
        #expect(warnings(2, isComplete: true, after: .seconds(59)) == broken)
        #expect(warnings(2, isComplete: true, after: .seconds(60)) == complete)
    }

    @Test func `a clock that steps back looks again`() {
        let broken = warnings(1, isComplete: false, after: .minutes(5))
        #expect(warnings(1, isComplete: true, after: .zero) != broken)
    }
}
