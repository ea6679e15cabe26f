/// Whom to page, in which order, until somebody owns the incident.
package struct EscalationPolicy: Sendable, Hashable, Identifiable {
    package let id: PolicyID
    package var name: String
    package var teamID: TeamID
    /// At most `Limits.steps`.
    package var steps: [Step]
    /// How often the steps are gone through again after the first time.
    package var repeats: Int
    package var finalAction: FinalAction
    /// An acknowledged incident triggers again after this time without a resolution; nil: never.
    package var acknowledgementTimeout: Duration?
    /// The severities that are of high urgency; the others are of low urgency.
    package var urgentSeverities: Set<Severity>
    /// The first route that matches an alert sends it to another policy.
    package var routes: [Route]

    package init(
        id: PolicyID, name: String, teamID: TeamID, steps: [Step], repeats: Int = 2,
        finalAction: FinalAction = .stay, acknowledgementTimeout: Duration? = nil,
        urgentSeverities: Set<Severity> = [.critical, .error], routes: [Route] = []
    ) {
        self.id = id
        self.name = name
        self.teamID = teamID
        self.steps = steps
        self.repeats = repeats
        self.finalAction = finalAction
        self.acknowledgementTimeout = acknowledgementTimeout
        self.urgentSeverities = urgentSeverities
        self.routes = routes
    }

    package func urgency(of severity: Severity) -> Urgency { urgentSeverities.contains(severity) ? .high : .low }

    /// What a policy may hold.
    package enum Limits {
        package static let steps = 20
        package static let targetsPerStep = 20
        package static let repeats = 20
        package static let shortestDelay: Duration = .seconds(1)
        package static let longestDelay: Duration = .days(30)
        package static let routes = 50
    }

    /// People who are paged together, and how long they have before the next step.
    package struct Step: Sendable, Hashable {
        package var targets: [Target]
        package var delay: Duration

        package init(targets: [Target], delay: Duration) {
            self.targets = targets
            self.delay = delay
        }
    }

    /// Who is meant by a step.
    package enum Target: Sendable, Hashable {
        case user(UserID)
        /// Whoever is on call when the step's turn comes.
        case schedule(ScheduleID)
        /// Everybody of the team.
        case team(TeamID)
        /// One person of the team, another one at every incident.
        case roundRobin(TeamID)
    }

    /// What happens after the last step of the last repeat.
    package enum FinalAction: String, Sendable, CaseIterable {
        case stay
        case notifyAdministrators
    }

    /// A condition under which another policy takes over.
    package struct Route: Sendable, Hashable {
        /// Any of these; empty: all.
        package var severities: Set<Severity>
        /// All of these labels with these values.
        package var labels: [String: String]
        /// Days of the week (Monday 1 … Sunday 7) and minutes of the day in a time zone; nil: always.
        package var hours: Hours?
        package var policyID: PolicyID

        package init(
            severities: Set<Severity> = [], labels: [String: String] = [:], hours: Hours? = nil, policyID: PolicyID
        ) {
            self.severities = severities
            self.labels = labels
            self.hours = hours
            self.policyID = policyID
        }
    }

    /// A weekly recurring span of local time, which may pass midnight.
    package struct Hours: Sendable, Hashable {
        package var timeZone: String
        package var weekdays: Set<Int>
        package var fromMinute: Int
        package var toMinute: Int

        package init(timeZone: String, weekdays: Set<Int>, fromMinute: Int, toMinute: Int) {
            self.timeZone = timeZone
            self.weekdays = weekdays
            self.fromMinute = fromMinute
            self.toMinute = toMinute
        }
    }
}
