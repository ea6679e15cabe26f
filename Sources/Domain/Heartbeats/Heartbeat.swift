/// A monitor that expects regular calls: from a job that reports its runs, or a system that reports that it is alive.
package struct Heartbeat: Sendable, Hashable, Identifiable {
    package let id: HeartbeatID
    package var name: String
    package var teamID: TeamID
    /// The policy for its incidents. Nil means the team's default.
    package var policyID: PolicyID?
    package var severity: Severity
    package var rhythm: Rhythm
    /// How late a beat may be, and how long a job may run after it reported its start.
    package var grace: Duration
    /// A paused monitor never opens an incident.
    package var isPaused: Bool
    /// The unguessable part of its address. It permits beats and nothing else.
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
        /// A fixed time after the previous beat.
        case every(Duration)
        case cron(CronExpression, timeZone: String)
    }

    /// The limits of a monitor.
    package enum Limits {
        package static let shortestPeriod: Duration = .seconds(10)
        package static let longestPeriod: Duration = .days(400)
        package static let shortestGrace: Duration = .seconds(1)
        package static let longestGrace: Duration = .days(30)
        /// Characters of a name.
        package static let name = 100
        /// Characters of the report that a job may send with its failure.
        package static let report = 2_000
        /// How many of the latest signals are kept, and for how long.
        package static let signals = 100
        package static let signalsAge: Duration = .days(90)
        /// Characters of the user agent that is kept with a signal.
        package static let agent = 200
    }

    /// The prefix of all tokens. It tells their addresses from those of the management API.
    package static let tokenPrefix = "hb_"

    /// Returns when a monitor becomes late after a beat, or nil when it expects no further one.
    ///
    /// Clocks differ, so a beat shortly before a cron time counts for that run. "Shortly" is one minute, or a quarter
    /// of the time between this run and the next if that is shorter.
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

    /// Returns the next times at which a cron expression expects a beat. Empty for a period, which counts from the
    /// previous beat.
    package func expected(after instant: Timestamp, count: Int) -> [Timestamp] {
        guard case .cron(let expression, let zone) = rhythm else { return [] }
        var (times, last) = ([Timestamp](), instant)
        while times.count < count, let next = expression.next(after: last, timeZone: zone) {
            times.append(next)
            last = next
        }
        return times
    }

    /// Returns the new deadline of a monitor whose beats could not arrive before an instant. Its grace period starts
    /// again.
    ///
    /// - Parameter resumed: when PagerPal resumed work, after downtime or a change of process.
    package func postponed(_ state: HeartbeatState, resumed: Timestamp) -> Timestamp? {
        guard let dueAt = state.dueAt, dueAt <= resumed, !state.isDown else { return nil }
        return resumed + grace
    }

    /// The alert source that represents the monitor on its incidents.
    package var source: AlertSource {
        AlertSource(
            id: SourceID(id.rawValue), name: name, kind: Heartbeat.kind, teamID: teamID, policyID: policyID,
            defaultSeverity: severity)
    }

    /// The kind of `source`.
    package static let kind = "heartbeat"
}

extension Configuration {
    /// Returns the alert source, heartbeat monitor, drill or watch of a twin that an incident came from.
    package func source(_ id: SourceID) -> AlertSource? {
        if id == Drill.sourceID { return Drill.source(of: "") }
        if id == Twin.sourceID { return Twin.source(of: "") }
        return sources[id] ?? heartbeats[HeartbeatID(id.rawValue)]?.source
    }
}
