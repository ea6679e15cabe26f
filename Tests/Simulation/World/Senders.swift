import Actors
import Domain

/// Monitoring systems that send alerts, and send them again until they are accepted.
final class Senders: @unchecked Sendable {
    private let world: World
    private static let timeout: Duration = .seconds(10)
    private static let pause: Duration = .seconds(3)
    private let sources = Cast().sources

    init(_ world: World) { self.world = world }

    func send(_ source: Int, keys: [Int], _ status: AlertEvent.Status, _ severity: Severity, _ host: Int) {
        let events = keys.map {
            AlertEvent(status: status, title: "Problem \($0)", severity: severity, dedupKey: DedupKey("key-\($0)"))
        }
        post(events, from: sources[source].id, to: host, tries: 30)
    }

    private final class Request: @unchecked Sendable { var isAnswered = false }

    private func post(_ events: [AlertEvent], from source: SourceID, to host: Int, tries: Int) {
        guard !world.isOver, tries > 0 else { return }
        guard let process = world.servingProcess(on: host) else {
            return again(events, source, after: Senders.pause, tries)
        }
        let request = Request()
        world.history.note("\(events.count) alerts of \(source) to process \(process.number)")
        process.serve { [self] engine in
            guard let known = engine.configuration.current.sources[source] else { return }
            let results = await engine.ingest.receive(events, from: known)
            answered(request, events, results, source, tries)
        }
        world.scheduler.after(Senders.timeout) { [self] in
            guard !request.isAnswered else { return }
            request.isAnswered = true
            again(events, source, after: .zero, tries)
        }
    }

    private func again(_ events: [AlertEvent], _ source: SourceID, after pause: Duration, _ tries: Int) {
        let host = world.draw(world.plan.hosts)
        world.scheduler.after(pause) { self.post(events, from: source, to: host, tries: tries - 1) }
    }

    private func answered(
        _ request: Request, _ events: [AlertEvent], _ results: [AlertResult], _ source: SourceID, _ tries: Int
    ) {
        guard !world.isOver, !request.isAnswered else { return }
        request.isAnswered = true
        var failed: [AlertEvent] = []
        for (event, result) in zip(events, results) {
            switch result {
            case .opened(let incident): world.history.accepted(event, incident, isNew: true)
            case .updated(let incident), .resolved(let incident):
                world.history.accepted(event, incident, isNew: false)
            case .ignored: world.history.note("an alert is ignored")
            case .failed(let reason):
                world.history.note("an alert is refused: \(reason)")
                failed.append(event)
            }
        }
        if !failed.isEmpty { again(failed, source, after: Senders.pause, tries) }
    }
}
