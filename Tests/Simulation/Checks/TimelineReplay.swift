import Database
import Domain
import Store

/// What a timeline says about the state of its incident.
struct TimelineReplay: Equatable, CustomStringConvertible {
    enum State: Equatable { case triggered, acknowledged(String?), resolved }

    private(set) var state = State.triggered
    private(set) var severity: Severity?
    private(set) var cycle = 0
    private(set) var policy: String?
    private var before = (state: State.triggered, cycle: 0, policy: String?.none)

    var description: String {
        "\(state), \(severity.map(\.rawValue) ?? "-"), \(cycle) turns, \(policy ?? "the first policy")"
    }

    static func == (left: TimelineReplay, right: TimelineReplay) -> Bool {
        left.state == right.state && left.severity == right.severity && left.cycle == right.cycle
            && (left.policy == nil || right.policy == nil || left.policy == right.policy)
    }

    init(_ entries: [TimelineEntry]) { for entry in entries { add(entry) } }

    init(_ incident: Incident) {
        severity = incident.severity
        cycle = incident.cycle
        policy = incident.policy.name
        switch incident.state {
        case .triggered: state = .triggered
        case .acknowledged(let owner, _, _, _): state = .acknowledged(owner.id)
        case .resolved: state = .resolved
        }
    }

    private mutating func add(_ entry: TimelineEntry) {
        switch entry.event {
        case .opened(_, let first): severity = first
        case .severityRaised(_, let to): severity = to
        case .acknowledged:
            before = (state, cycle, policy)
            state = .acknowledged(entry.author.id)
        case .resolved:
            before = (state, cycle, policy)
            state = .resolved
        case .reopened, .acknowledgementExpired: state = .triggered
        case .undone: (state, cycle, policy) = before
        case .resumed: state = before.state
        case .escalated:
            cycle += 1
            state = .triggered
        case .administratorsPaged: cycle += 1
        case .stepSkipped, .nobodyPaged: state = .triggered
        case .reassigned(let name):
            before = (state, cycle, policy)
            policy = name
        case .handedOver:
            before = (state, cycle, policy)
            cycle += 1
            state = .triggered
        case .snoozed: before = (state, cycle, policy)
        // A person escalated.
        case .movedOn: if entry.author.kind == .user { before = (state, cycle, policy) }
        case .acknowledgedAgain, .posted, .held, .maintenanceEnded, .alertJoined, .alertRecovered, .policyExhausted,
            .snoozeEnded, .noted, .informed, .pageSent, .pageDelivered, .pageFailed, .pageWithheld, .pagesDropped:
            break
        }
    }
}

extension History {
    private final class Found: @unchecked Sendable {
        var pairs: [(IncidentID, [TimelineEntry], Incident?)] = []
        var error: (any Error)?
        var isDone = false
    }

    /// Compares each incident with what its timeline says.
    func checkTimelines() throws {
        let found = Found()
        let store = Store(database: world.server.plain, identifiers: Identifiers { "" })
        let ids = knownIncidents.filter { incidents[$0] != nil }
        let inspector = NodeExecutor(world.scheduler)
        Task(executorPreference: inspector) {
            do {
                for id in ids {
                    found.pairs.append((id, try await store.timeline(of: id), try await store.incident(id)))
                }
            } catch {
                found.error = error
            }
            found.isDone = true
        }
        try world.scheduler.run { found.isDone }
        if let error = found.error { throw error }
        for (id, entries, incident) in found.pairs {
            guard let incident else { return violate(.stored, "\(name(id)) is gone") }
            let (told, stored) = (TimelineReplay(entries), TimelineReplay(incident))
            if told != stored {
                let words = entries.map { "\($0.author.name) \($0.event.sentence)" }.joined(separator: "; ")
                return violate(.timeline, "\(name(id)) is \(stored), but its timeline says \(told): \(words)")
            }
        }
    }
}
