/// Everything that operators configure, as one consistent value: teams, contact methods, schedules and the rest.
///
/// Decisions read nothing else. A preview with the same configuration and the same instants gives the same result.
package struct Configuration: Sendable {
    /// Increases with every change of the configuration.
    package var version: Int64
    package var users: [UserID: User]
    package var teams: [TeamID: Team]
    package var contactMethods: [ContactMethodID: ContactMethod] { didSet { methodsByUser = nil } }
    package var rules: [UserID: [NotificationRule]]
    package var schedules: [ScheduleID: Schedule]
    package var policies: [PolicyID: EscalationPolicy]
    package var sources: [SourceID: AlertSource]
    package var heartbeats: [HeartbeatID: Heartbeat]
    package var maintenanceWindows: [MaintenanceWindowID: MaintenanceWindow]
    package var teamChannels: [TeamChannelID: TeamChannel]
    package var messageTemplates: [MessageTemplateID: MessageTemplate]
    /// The numbers of all of them.
    package var numbers = ConfigurationNumbers()
    /// The contact methods of each user in order of their ids. Nil after a change, until they are grouped again.
    private var methodsByUser: [UserID: [ContactMethod]]?

    package init(
        version: Int64 = 0, users: [User] = [], teams: [Team] = [], contactMethods: [ContactMethod] = [],
        rules: [NotificationRule] = [], schedules: [Schedule] = [], policies: [EscalationPolicy] = [],
        sources: [AlertSource] = [], heartbeats: [Heartbeat] = [], maintenanceWindows: [MaintenanceWindow] = [],
        teamChannels: [TeamChannel] = [], messageTemplates: [MessageTemplate] = []
    ) {
        self.version = version
        self.users = Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.teams = Dictionary(teams.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.contactMethods = Dictionary(contactMethods.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.rules = Dictionary(grouping: rules.sorted { ($0.delay, $0.id) < ($1.delay, $1.id) }, by: \.userID)
        self.schedules = Dictionary(schedules.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.policies = Dictionary(policies.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.sources = Dictionary(sources.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.heartbeats = Dictionary(heartbeats.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.maintenanceWindows = Dictionary(maintenanceWindows.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.teamChannels = Dictionary(teamChannels.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.messageTemplates = Dictionary(messageTemplates.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        groupContactMethods()
    }

    /// Returns a user's contact methods in a stable order.
    package func contactMethods(of user: UserID) -> [ContactMethod] {
        if let methodsByUser { return methodsByUser[user] ?? [] }
        return contactMethods.values.filter { $0.userID == user }.sorted { $0.id < $1.id }
    }

    /// Groups the contact methods by user, so that finding those of one user doesn't read all of them.
    mutating func groupContactMethods() {
        guard methodsByUser == nil else { return }
        methodsByUser = Dictionary(grouping: contactMethods.values.sorted { $0.id < $1.id }, by: \.userID)
    }

    /// Returns the name to show for a user, who may have been deleted.
    package func name(of user: UserID) -> String { users[user]?.name ?? "a deleted user" }

    /// Returns the team with this id, with this name in any case, or with this number.
    package func team(named text: String) -> Team? {
        teams[TeamID(text)] ?? teams.values.first { $0.name.lowercased() == text.lowercased() }
            ?? numbers.id(.team, numbered: text).flatMap { teams[TeamID($0)] }
    }

    /// Enabled administrators, in a stable order.
    package var administrators: [UserID] {
        users.values.filter { $0.role == .admin && $0.isEnabled && !$0.isService }.map(\.id).sorted()
    }
}

extension Configuration {
    /// The people a target resolves to at an instant, or the reason why there are none.
    package enum Resolution: Sendable, Hashable {
        case people([UserID])
        case nobody(reason: String)
    }

    /// - Parameter turn: selects the person in a round robin. It increases with every incident and turn.
    package func resolve(_ target: EscalationPolicy.Target, at now: Timestamp, turn: Int) -> Resolution {
        switch target {
        case .user(let id):
            guard let user = users[id] else { return .nobody(reason: "the user was deleted") }
            return user.isEnabled ? .people([id]) : .nobody(reason: "\(user.name) is disabled")
        case .schedule(let id):
            guard let schedule = schedules[id] else { return .nobody(reason: "the schedule was deleted") }
            let people = schedule.onCall(at: now, isPresent: isPresent)
            if !people.isEmpty { return enabled(people, of: "") }
            return enabled(schedule.onCall(at: now), of: "nobody is on call in \(schedule.name)")
        case .team(let id):
            guard let team = teams[id] else { return .nobody(reason: "the team was deleted") }
            return enabled(team.memberIDs, of: "\(team.name) has no members who are enabled")
        case .roundRobin(let id):
            guard let team = teams[id] else { return .nobody(reason: "the team was deleted") }
            let members = team.memberIDs.filter { users[$0]?.isEnabled == true }
            guard !members.isEmpty else { return .nobody(reason: "\(team.name) has no members who are enabled") }
            return .people([members[((turn % members.count) + members.count) % members.count]])
        case .channel(let id):
            return .nobody(reason: reasonNotToPost(to: id) ?? "a post to a channel reaches nobody by itself")
        }
    }

    /// Whether a user exists and is enabled, and so can be on call.
    package func isPresent(_ user: UserID) -> Bool { isPerson(user) && users[user]?.isEnabled == true }

    /// Whether there is such a person. A service account is none: it is never on call and never paged.
    package func isPerson(_ user: UserID) -> Bool { users[user]?.isService == false }

    private func enabled(_ people: [UserID], of reason: String) -> Resolution {
        let people = people.filter { users[$0]?.isService != true }
        let enabled = people.filter { isPresent($0) }
        if !enabled.isEmpty { return .people(enabled) }
        guard let away = people.first else { return .nobody(reason: reason) }
        return .nobody(reason: "\(name(of: away)) is disabled")
    }
}

extension Configuration {
    /// Returns a target's name in texts for people: `Ada`, `whoever is on call in Primary`, `everybody of Operations`.
    package func name(of target: EscalationPolicy.Target) -> String {
        switch target {
        case .user(let id): name(of: id)
        case .schedule(let id): schedules[id].map { "whoever is on call in \($0.name)" } ?? "a deleted schedule"
        case .team(let id): teams[id].map { "everybody of \($0.name)" } ?? "a deleted team"
        case .roundRobin(let id): teams[id].map { "one of \($0.name) in turn" } ?? "a deleted team"
        case .channel(let id): teamChannels[id].map { "a post to \($0.name)" } ?? "a deleted channel"
        }
    }
}
