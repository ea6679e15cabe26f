/// A monitor that expects to hear something from time to time: a job that says it ran, a system that says it lives.
package struct Heartbeat: Sendable, Hashable, Identifiable {
    package let id: HeartbeatID
    package var name: String
    package var teamID: TeamID
    /// The policy of its incidents; the team's default when nil.
    package var policyID: PolicyID?
    package var severity: Severity
    package var rhythm: Rhythm
    /// How much later than expected a beat may come, and how long a job that said it started may take.
    package var grace: Duration
    /// A paused monitor is silent, whatever comes or does not come.
    package var isPaused: Bool
    /// The part of its address that can't be guessed. It gives the right to beat and no other.
    package var token: String

    package init(
        id: HeartbeatID, name: String, teamID: TeamID, policyID: PolicyID? = nil, severity: Severity = .critical,
        rhythm: Rhythm, grace: Duration = .minutes(5), isPaused: Bool = false, token: String
    ) {
        self.id = id
        self.name = name
        self.teamID = teamID
        self.policyID = policyID
        self.severity = severity
        self.rhythm = rhythm
        self.grace = grace
        self.isPaused = isPaused
        self.token = token
    }

    /// When beats are expected.
    package enum Rhythm: Sendable, Hashable {
        /// So long after the last one.
        case every(Duration)
        case cron(CronExpression, timeZone: String)
    }

    /// What a monitor may be set to.
    package enum Limits {
        package static let shortestPeriod: Duration = .seconds(10)
        package static let longestPeriod: Duration = .days(400)
        package static let shortestGrace: Duration = .seconds(1)
        package static let longestGrace: Duration = .days(30)
        /// Characters of a name.
        package static let name = 100
        /// Characters of what a job may post with its failure.
        package static let report = 2_000
    }

    /// Tokens begin with it, which tells their addresses from those of the management API.
    package static let tokenPrefix = "hb_"

    /// When a monitor that was heard of at an instant is late; nil when it expects nothing more.
    ///
    /// A beat a moment before its cron time is that run's: clocks differ. A moment is a minute, or a quarter of the time
    /// to the run after where that is shorter.
    package func due(after beat: Timestamp) -> Timestamp? {
        switch rhythm {
        case .every(let period): return beat + period + grace
        case .cron(let expression, let zone):
            guard let next = expression.next(after: beat, timeZone: zone) else { return nil }
            guard let second = expression.next(after: next, timeZone: zone) else { return next + grace }
            let isEarly = next - beat <= min(.minutes(1), (second - next) / 4)
            return (isEarly ? second : next) + grace
        }
    }

    /// When a monitor that nothing could be heard of before an instant is late: it gets its grace anew.
    ///
    /// - Parameter resumed: when PagerPal took its work up, after a downtime or from another process.
    package func postponed(_ state: HeartbeatState, resumed: Timestamp) -> Timestamp? {
        guard let dueAt = state.dueAt, dueAt <= resumed, !state.isDown else { return nil }
        return resumed + grace
    }

    /// The source that its incidents come from.
    package var source: AlertSource {
        AlertSource(
            id: SourceID(id.rawValue), name: name, kind: Heartbeat.kind, teamID: teamID, policyID: policyID,
            defaultSeverity: severity)
    }

    /// The kind of `source`.
    package static let kind = "heartbeat"
}

extension Configuration {
    /// The alert source, or the monitor, that an incident came from.
    package func source(_ id: SourceID) -> AlertSource? {
        sources[id] ?? heartbeats[HeartbeatID(id.rawValue)]?.source
    }
}
