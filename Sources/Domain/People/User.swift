/// A person who is paged, signs in, or both, or a service account.
package struct User: Sendable, Hashable, Identifiable {
    package let id: UserID
    package var name: String
    package var email: String
    package var role: Role
    /// An IANA name like `Europe/Zagreb`. Messages to this person show times in this zone.
    package var timeZone: String
    /// A BCP 47 tag like `en` or `hr-HR`.
    package var locale: String
    /// How messages and pages show this person the time of day.
    package var clock: ClockForm
    /// A disabled user is never paged and cannot sign in.
    package var isEnabled: Bool
    /// Low-urgency pages wait until these hours end. Nil means none.
    package var quietHours: QuietHours?
    /// Whether to notify the person when their shift starts.
    package var tellsHandOff: Bool
    /// Whether to notify the person a day before their shift starts.
    package var tellsShiftAhead: Bool

    /// What the person hears of incidents that paged them, once nobody needs them any more.
    package var standDown: StandDown
    /// The maximum number of messages an hour to each of the person's phone numbers. Nil is the operator's default.
    package var hourlyBudget: Int?

    /// Whether the person has a drill every week.
    package var drillsWeekly: Bool
    /// Whether it is a program: it has API tokens and nothing else. It never signs in, is in no schedule and is never paged.
    package var isService: Bool

    package init(
        id: UserID, name: String, email: String, role: Role = .responder, timeZone: String = "UTC",
        locale: String = "en", clock: ClockForm = .hours24, isEnabled: Bool = true, quietHours: QuietHours? = nil,
        tellsHandOff: Bool = true,
        tellsShiftAhead: Bool = false, standDown: StandDown = .nothing, hourlyBudget: Int? = nil,
        drillsWeekly: Bool = false, isService: Bool = false
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.role = role
        self.timeZone = timeZone
        self.locale = locale
        self.clock = clock
        self.isEnabled = isEnabled
        self.quietHours = quietHours
        self.tellsHandOff = tellsHandOff
        self.tellsShiftAhead = tellsShiftAhead
        self.standDown = standDown
        self.hourlyBudget = hourlyBudget
        self.drillsWeekly = drillsWeekly
        self.isService = isService
    }
}

/// What people hear of an incident that paged them, once nobody needs them any more.
package enum StandDown: String, Sendable, CaseIterable {
    /// Nothing at all.
    case nothing
    /// That it is over.
    case over
    /// Who has it, and that it is over.
    case all
}

/// What a user may do. Managers manage their own teams. Administrators manage everything.
package enum Role: String, Sendable, CaseIterable {
    case viewer, responder, manager, admin
}

/// A group of people who share incidents, schedules and policies.
package struct Team: Sendable, Hashable, Identifiable {
    package let id: TeamID
    package var name: String
    /// In the order in which they joined. A round robin follows this order.
    package var memberIDs: [UserID]
    /// The policy for incidents whose source names none.
    package var defaultPolicyID: PolicyID?

    package init(id: TeamID, name: String, memberIDs: [UserID] = [], defaultPolicyID: PolicyID? = nil) {
        self.id = id
        self.name = name
        self.memberIDs = memberIDs
        self.defaultPolicyID = defaultPolicyID
    }
}
