extension Incident {
    /// Who has the problem now. The drawing is in docs/state-machine.md.
    package enum State: Sendable, Hashable {
        /// Nobody owns it yet.
        case triggered(Escalation)
        /// Somebody owns it. It triggers again at `expiresAt`, if that is set.
        case acknowledged(by: Author, at: Timestamp, expiresAt: Timestamp?, position: Position)
        case resolved(by: Author, at: Timestamp)
    }

    /// How far the paging of a triggered incident has come.
    package enum Escalation: Sendable, Hashable {
        /// The step at this position has its turn at this instant.
        case due(Position, at: Timestamp)
        /// On hold; at `until` the step is due again after the time that was left when it was put on hold.
        case snoozed(Position, until: Timestamp, left: Duration)
        /// Opened during maintenance and paged for by nobody yet; the policy starts at `until` if it still fires then.
        case held(until: Timestamp, window: String)
        /// The policy has come to its end and nobody answered.
        case exhausted
    }

    /// A place in a policy. Rounds beyond the policy's repeats come only while nobody was reached.
    package struct Position: Sendable, Hashable {
        /// Index of the step that comes next, from 0.
        package var step: Int
        /// How often the policy has been gone through before, from 0.
        package var round: Int

        package init(step: Int, round: Int) {
            self.step = step
            self.round = round
        }

        package static let first = Position(step: 0, round: 0)

        /// The place after this one in a policy of so many steps.
        package func next(of steps: Int) -> Position {
            step + 1 < steps ? Position(step: step + 1, round: round) : Position(step: 0, round: round + 1)
        }
    }
}

extension Incident.State {
    /// The word that the API and the database use.
    package enum Name: String, Sendable, CaseIterable { case triggered, acknowledged, resolved }

    package var name: Name {
        switch self {
        case .triggered: .triggered
        case .acknowledged: .acknowledged
        case .resolved: .resolved
        }
    }

    /// When time alone changes it.
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
