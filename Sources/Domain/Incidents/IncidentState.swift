extension Incident {
    /// Who owns the incident now. See the diagram in docs/state-machine.md.
    package enum State: Sendable, Hashable {
        /// Nobody owns it yet.
        case triggered(Escalation)
        /// Somebody owns it. It triggers again at `expiresAt`, if set.
        case acknowledged(by: Author, at: Timestamp, expiresAt: Timestamp?, position: Position)
        case resolved(by: Author, at: Timestamp)
    }

    /// The progress of a triggered incident's paging.
    package enum Escalation: Sendable, Hashable {
        /// The step at this position runs at this instant.
        case due(Position, at: Timestamp)
        /// Paused. The step becomes due after `until` plus the time that was left when the pause began.
        case snoozed(Position, until: Timestamp, left: Duration)
        /// Opened during maintenance and not paged yet. The policy starts at `until` if the alert still fires then.
        case held(until: Timestamp, window: String)
        /// The policy ended without an answer.
        case exhausted
    }

    /// A place in a policy. Extra rounds follow the policy's own rounds only while nobody was reached.
    package struct Position: Sendable, Hashable {
        /// The index of the next step, from 0.
        package var step: Int
        /// The number of completed rounds.
        package var round: Int

        package init(step: Int, round: Int) {
            self.step = step
            self.round = round
        }

        package static let first = Position(step: 0, round: 0)

        /// Returns the next position in a policy with this many steps.
        package func next(of steps: Int) -> Position {
            step + 1 < steps ? Position(step: step + 1, round: round) : Position(step: 0, round: round + 1)
        }
    }
}

extension Incident.State {
    /// The name that the API and the database use.
    package enum Name: String, Sendable, CaseIterable { case triggered, acknowledged, resolved }

    package var name: Name {
        switch self {
        case .triggered: .triggered
        case .acknowledged: .acknowledged
        case .resolved: .resolved
        }
    }

    /// When the state changes by itself.
    package var timer: Timestamp? {
        switch self {
        case .triggered(.due(_, let at)): at
        case .triggered(.snoozed(_, let until, _)): until
        case .triggered(.held(let until, _)): until
        case .triggered(.exhausted): nil
        case .acknowledged(_, _, let expiresAt, _): expiresAt
        case .resolved: nil
        }
    }
}
