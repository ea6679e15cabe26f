/// A time in which alerts of a team, or of some of its sources, are expected. Their incidents are recorded, but nobody
/// is paged for them before it ends.
package struct MaintenanceWindow: Sendable, Hashable, Identifiable {
    package let id: MaintenanceWindowID
    package var name: String
    package var teamID: TeamID
    /// Covers only alerts of these sources. Empty covers all.
    package var sources: Set<SourceID>
    /// Covers only alerts with all of these labels. Empty covers all.
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

    /// When the window applies.
    package enum Span: Sendable, Hashable {
        case once(from: Timestamp, to: Timestamp)
        case weekly(ZonedHours)
    }

    /// The limits of a window.
    package enum Limits {
        package static let longest: Duration = .days(90)
        package static let labels = 20
        package static let sources = 100
        /// Characters of a name.
        package static let name = 100
    }
}

extension MaintenanceWindow {
    /// Returns the end of the occurrence that covers an instant, or nil if none does. The end itself is not covered.
    package func end(covering instant: Timestamp) -> Timestamp? {
        switch span {
        case .once(let from, let to): from <= instant && instant < to ? to : nil
        case .weekly(let weekly): weekly.end(covering: instant)
        }
    }

    /// Whether the window applies to alerts of a team, source and labels.
    package func concerns(team: TeamID, source: SourceID?, labels found: [String: String]) -> Bool {
        team == teamID && (sources.isEmpty || source.map(sources.contains) == true)
            && labels.allSatisfy { found[$0.key] == $0.value }
    }
}

extension Configuration {
    /// Returns the window that covers an alert at an instant. If several do, it is the one that ends last.
    package func maintenance(
        team: TeamID, source: SourceID?, labels: [String: String], at now: Timestamp
    ) -> (window: MaintenanceWindow, until: Timestamp)? {
        maintenanceWindows.values.compactMap { window -> (window: MaintenanceWindow, until: Timestamp)? in
            guard window.concerns(team: team, source: source, labels: labels) else { return nil }
            return window.end(covering: now).map { (window, $0) }
        }.max { ($0.until, $0.window.id) < ($1.until, $1.window.id) }
    }
}
