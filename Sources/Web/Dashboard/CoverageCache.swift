internal import Domain
internal import Synchronization

/// What will keep pages from being delivered in the next 30 days, as the dashboard shows it.
///
/// The schedules of 30 days cost more than the rest of the page, so they are looked at once a minute, and after each
/// change of the configuration.
final class CoverageCache: Sendable {
    private struct Look {
        let version: Int64
        let at: Timestamp
        let warnings: [String]
    }
    private static let lifetime: Duration = .minutes(1)
    private let last = Mutex<Look?>(nil)

    func warnings(of configuration: Configuration, channels: Set<Channel>, at now: Timestamp) -> [String] {
        if let look = last.withLock({ $0 }), look.version == configuration.version, look.at <= now,
            now - look.at < CoverageCache.lifetime
        {
            return look.warnings
        }
        let warnings = configuration.coverage(from: now, channels: channels).map(\.text)
        last.withLock { $0 = Look(version: configuration.version, at: now, warnings: warnings) }
        return warnings
    }
}
