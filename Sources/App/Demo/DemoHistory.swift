internal import Actors
internal import Domain
internal import Store
internal import Synchronization

/// A month of incidents for the demo, so that reports, lists and timelines have something to show. They go through the
/// same decisions as real ones, at times in the past, and page nobody now.
struct DemoHistory {
    let store: Store
    let now: Timestamp

    /// One problem: how long ago it began, and after how many minutes somebody acknowledged and resolved it.
    private struct Problem {
        let title: String
        let severity: Severity
        let hoursAgo: Int
        let acknowledged: Int?
        let resolved: Int?
    }

    private static let titles: [(String, Severity)] = [
        ("Disk almost full on db-1", .critical), ("Latency of the shop above 2 s", .error),
        ("Replica lags behind", .warning),
        ("Certificate expires in 7 days", .info), ("web-2 does not answer", .critical),
        ("Queue of mails grows", .error),
    ]

    /// 36 problems over 30 days. The latest ones are still open, in each state.
    private static let problems: [Problem] = (0..<36).map { index in
        let (title, severity) = titles[index % titles.count]
        let hoursAgo = 30 * 24 - index * 20 - index % 7
        switch 35 - index {
        case 0: return Problem(title: title, severity: severity, hoursAgo: 2, acknowledged: nil, resolved: nil)
        case 1: return Problem(title: title, severity: severity, hoursAgo: 3, acknowledged: 4, resolved: nil)
        default:
            return Problem(
                title: title, severity: severity, hoursAgo: max(5, hoursAgo),
                acknowledged: index % 5 == 4 ? nil : 2 + index * 7 % 19, resolved: 20 + index * 13 % 160)
        }
    }

    /// Does nothing if there are incidents already.
    func add(to team: Team, of configuration: Configuration) async throws {
        guard try await store.lastIncidentNumber() == 0,
            let source = configuration.sources.values.first(where: { $0.teamID == team.id && $0.name == "Grafana" })
        else { return }
        let clock = Mutex(now)
        let time = TimeSource(
            now: { clock.withLock { $0 } }, monotonic: { clock.withLock { .microseconds($0.microseconds) } },
            sleepUntil: { _ in }, random: { 0.5 })
        let (eventBus, cache) = (EventBus(), ConfigurationCache(store: store))
        try await cache.reload()
        let context = IncidentContext(
            store: store, commits: CommitQueue(store: store, eventBus: eventBus, time: time), configuration: cache,
            time: time)
        let directory = IncidentDirectory(context: context)
        let ingest = Ingest(directory: directory, context: context)
        let people = team.memberIDs.compactMap { configuration.users[$0] }
        for (index, problem) in DemoHistory.problems.enumerated() {
            let begin = now - .hours(problem.hoursAgo)
            clock.withLock { $0 = begin }
            let event = AlertEvent(
                title: problem.title, text: "Made by the demo.", severity: problem.severity,
                dedupKey: DedupKey("demo-\(index)"))
            guard case .opened(let incident) = await ingest.receive([event], from: source)[0] else { continue }
            try await store.settleDemoPages(at: begin + .seconds(3))
            for (minutes, command) in [(problem.acknowledged, Command.acknowledge), (problem.resolved, .resolve)] {
                guard let minutes else { continue }
                clock.withLock { $0 = begin + .minutes(minutes) }
                let author = Author.user(people[index % people.count])
                _ = await directory.perform(CommandRequest(command, by: author), on: incident.id)
            }
        }
    }
}
