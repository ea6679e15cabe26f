internal import Database
package import Domain
package import Logging
internal import ServiceLifecycle
package import Store
internal import Synchronization

/// Reads the database's clock at intervals and derives the time from it. There is one in each process.
package final class DatabaseClock: Service {
    /// A larger difference between the host's clock and the database's is reported.
    package static let bound: Duration = .seconds(2)
    private static let interval: Duration = .seconds(15)

    private struct State {
        var time: DatabaseTime?
        /// How far the host's clock was ahead of the database's at the last reading.
        var skew: Duration = .zero
    }

    private let state = Mutex(State())
    private let store: Store
    private let host: TimeSource
    private let logger: Logger

    /// - Parameter host: the host's clocks.
    package init(store: Store, host: TimeSource, logger: Logger) {
        self.store = store
        self.host = host
        self.logger = logger
    }

    /// The database's time with the host's monotonic clock. Before the first reading it is the host's time.
    package var time: TimeSource {
        TimeSource(
            now: { [host] in self.state.withLock { $0.time }?.now(at: host.monotonic()) ?? host.now() },
            monotonic: host.monotonic, sleepUntil: host.sleepUntil, random: host.random)
    }

    /// Describes what is wrong with the clocks.
    package var problems: [String] {
        let (skew, lead) = state.withLock { ($0.skew, $0.time?.lead(at: host.monotonic()) ?? .zero) }
        var problems: [String] = []
        if max(skew, .zero - skew) > DatabaseClock.bound {
            problems.append(
                "The clock of this host is \(words(skew)) the database's. PagerPal uses the database's. "
                    + "Synchronize the host's clock with NTP.")
        }
        if lead > DatabaseClock.bound {
            problems.append(
                "The database's clock was set back. PagerPal is \(words(lead)) it and runs slower until they meet. "
                    + "Synchronize the database host's clock with NTP.")
        }
        return problems
    }

    /// Reads the database's time once.
    package func read() async throws {
        let asked = host.monotonic()
        let reading = try await store.databaseTime()
        let answered = host.monotonic()
        let before = problems
        let wall = host.now()
        state.withLock { state in
            if state.time == nil {
                state.time = DatabaseTime(reading, asked: asked, answered: answered)
            } else {
                state.time?.adopt(reading, asked: asked, answered: answered)
            }
            if answered - asked <= DatabaseTime.longestReading { state.skew = wall - reading }
        }
        let after = problems
        if before.count != after.count {
            for problem in after { logger.warning("clocks differ", metadata: ["problem": "\(problem)"]) }
            if after.isEmpty { logger.notice("the clocks agree again") }
        }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.read()
                } catch {
                    self.logger.warning("the database's clock can't be read", metadata: ["error": "\(error)"])
                }
                try? await self.host.sleep(DatabaseClock.interval)
            }
        }
    }
}

private func words(_ skew: Duration) -> String {
    let seconds = abs(skew / .seconds(1))
    let length = seconds < 120 ? "\(Int(seconds.rounded())) s" : "\(Int((seconds / 60).rounded())) min"
    return "\(length) \(skew < .zero ? "behind" : "ahead of")"
}
