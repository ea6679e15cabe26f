/// A time in which alerts of a team, or of some of its sources, are expected: their incidents are recorded and nobody is
/// paged for them before it ends.
package struct MaintenanceWindow: Sendable, Hashable, Identifiable {
    package let id: MaintenanceWindowID
    package var name: String
    package var teamID: TeamID
    /// Only alerts of these sources; empty: of all.
    package var sources: Set<SourceID>
    /// Only alerts with all of these labels; empty: all.
    package var labels: [String: String]
    package var span: Span

    package init(
        id: MaintenanceWindowID, name: String, teamID: TeamID, sources: Set<SourceID> = [],
        labels: [String: String] = [:], span: Span
    ) {
        self.id = id
        self.name = name
        self.teamID = teamID
        self.sources = sources
        self.labels = labels
        self.span = span
    }

    /// When it is.
    package enum Span: Sendable, Hashable {
        case once(from: Timestamp, to: Timestamp)
        case weekly(Weekly)
    }

    /// The same local hours on the same days of each week; they may pass midnight, and then belong to the day on which
    /// they begin. What daylight saving does to them is what it does to a hand-off of a schedule.
    package struct Weekly: Sendable, Hashable {
        package var timeZone: String
        /// Monday is 1, Sunday 7.
        package var weekdays: Set<Int>
        /// Minutes since local midnight.
        package var fromMinute: Int
        /// Up to 1440; not after `fromMinute`: on the next day.
        package var toMinute: Int

        package init(timeZone: String, weekdays: Set<Int>, fromMinute: Int, toMinute: Int) {
            self.timeZone = timeZone
            self.weekdays = weekdays
            self.fromMinute = fromMinute
            self.toMinute = toMinute
        }
    }

    /// What a window may hold.
    package enum Limits {
        package static let longest: Duration = .days(90)
        package static let labels = 20
        package static let sources = 100
        /// Characters of a name.
        package static let name = 100
    }
}

extension MaintenanceWindow {
    /// When the occurrence that covers an instant ends; nil when none does. The end itself is not covered.
    package func end(covering instant: Timestamp) -> Timestamp? {
        switch span {
        case .once(let from, let to): from <= instant && instant < to ? to : nil
        case .weekly(let weekly):
            LocalClock(weekly.timeZone).flatMap { weekly.hours.end(covering: instant, $0) }
        }
    }

    /// Whether it is meant for alerts of a team, source and labels.
    package func concerns(team: TeamID, source: SourceID?, labels found: [String: String]) -> Bool {
        team == teamID && (sources.isEmpty || source.map(sources.contains) == true)
            && labels.allSatisfy { found[$0.key] == $0.value }
    }
}

extension Configuration {
    /// The window that covers an alert at an instant; of several the one that ends last.
    package func maintenance(
        team: TeamID, source: SourceID?, labels: [String: String], at now: Timestamp
    ) -> (window: MaintenanceWindow, until: Timestamp)? {
        maintenanceWindows.values.compactMap { window -> (window: MaintenanceWindow, until: Timestamp)? in
            guard window.concerns(team: team, source: source, labels: labels) else { return nil }
            return window.end(covering: now).map { (window, $0) }
        }.max { ($0.until, $0.window.id) < ($1.until, $1.window.id) }
    }
}
