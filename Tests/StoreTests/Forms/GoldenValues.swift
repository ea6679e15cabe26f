import Domain

/// Values whose stored forms are pinned in Golden/, by file name.
enum GoldenValues {
    static let at = Timestamp(microseconds: 1_772_625_600_123_456)
    static let later = at + .hours(2)
    static let ada = Author(kind: .user, id: "ada", name: "Ada “the first” \\ Ünal", via: "API")
    static let source = Author(kind: .source, id: "grafana", name: "Grafana")
    static let system = Author(kind: .system, id: nil, name: "PagerPal")
    static let position = Incident.Position(step: 1, round: 2)

    static let authors: [(String, Author)] = [("user", ada), ("source", source), ("system", system)]

    static let states: [(String, Incident.State)] = [
        ("triggered-due", .triggered(.due(position, at: at))),
        ("triggered-snoozed", .triggered(.snoozed(position, until: later, left: .milliseconds(42_500)))),
        ("triggered-held", .triggered(.held(until: later, window: "Upgrade"))),
        ("triggered-exhausted", .triggered(.exhausted)),
        ("acknowledged", .acknowledged(by: ada, at: at, expiresAt: later, position: position)),
        ("acknowledged-without-end", .acknowledged(by: source, at: at, expiresAt: nil, position: .first)),
        ("resolved", .resolved(by: system, at: at)),
    ]

    static let events: [(String, TimelineEntry.Event)] = [
        ("opened", .opened(title: "Disk full\t100 %", severity: .critical)),
        ("severity-raised", .severityRaised(from: .info, to: .error)),
        ("acknowledged", .acknowledged(until: later)),
        ("acknowledged-without-end", .acknowledged(until: nil)),
        ("acknowledged-again", .acknowledgedAgain(owner: "Ada")),
        ("acknowledgement-expired", .acknowledgementExpired(owner: "Ada")),
        ("resolved", .resolved(note: "nothing was heard of it")),
        ("resolved-without-note", .resolved(note: nil)),
        ("reopened", .reopened),
        ("resumed", .resumed), ("undone", .undone),
        ("held", .held(window: "Upgrade", until: later)),
        ("maintenance-ended", .maintenanceEnded(window: "Upgrade")),
        ("alert-joined", .alertJoined(title: "Slow db-2", firing: 2)),
        ("alert-recovered", .alertRecovered(title: "Slow db-2", firing: 1)),
        ("escalated", .escalated(step: 1, round: 2, people: ["Ada", "Bob"])),
        ("step-skipped", .stepSkipped(step: 1, reason: "nobody is on call")),
        ("posted", .posted(step: 1, channels: ["#ops"])),
        ("policy-exhausted", .policyExhausted(policy: "Urgent")),
        ("administrators-paged", .administratorsPaged(people: ["Dana"])),
        ("nobody-paged", .nobodyPaged(reason: "no administrator has a usable contact method")),
        ("snoozed", .snoozed(until: later)),
        ("snooze-ended", .snoozeEnded),
        ("reassigned", .reassigned(policy: "Calm")),
        ("handed-over", .handedOver(person: "Bob")),
        ("noted", .noted(text: "Two\nlines 🚒")),
        ("informed", .informed(text: "A deployment began")),
        ("page-sent", .pageSent(page: "page", person: "Ada", channel: .sms, possibleDuplicate: true)),
        ("page-delivered", .pageDelivered(page: "page", person: "Ada", channel: .whatsapp)),
        ("page-failed", .pageFailed(page: "page", person: "Ada", channel: .voice, explanation: "busy")),
        ("page-withheld", .pageWithheld(person: "Ada", channel: .email)),
        ("pages-dropped", .pagesDropped(person: "Ada", reason: "no usable contact method")),
        ("moved-on", .movedOn(explanation: "no page of this turn arrived")),
    ]

    static let deeds: [(String, Incident.Deed)] = [
        (
            "snooze",
            Incident.Deed(
                by: ada, at: at, before: .triggered(.due(position, at: at)),
                after: .triggered(.snoozed(position, until: later, left: .zero)), cycleBefore: 2, cycleAfter: 2,
                delay: .hours(2))
        ),
        (
            "reassignment",
            Incident.Deed(
                by: ada, at: at, before: .triggered(.exhausted), after: .triggered(.due(position, at: later)),
                policy: policies[1].1, cycleBefore: 2, cycleAfter: 3)
        ),
    ]

    static let policies: [(String, EscalationPolicy)] = [
        (
            "full",
            EscalationPolicy(
                id: "policy", name: "Urgent", teamID: "ops",
                steps: [
                    .init(targets: [.user("ada"), .schedule("primary")], delay: .seconds(780)),
                    .init(targets: [.team("ops"), .roundRobin("storage")], delay: .milliseconds(1_500)),
                ],
                repeats: 3, finalAction: .notifyAdministrators, acknowledgementTimeout: .hours(4),
                urgentSeverities: [.critical],
                routes: [
                    .init(
                        severities: [.warning], labels: ["tier": "2"],
                        hours: .init(timeZone: "Europe/Zagreb", weekdays: [.monday], from: 1320, to: 390),
                        policyID: "calm"), .init(policyID: "other"),
                ])
        ),
        (
            "plain",
            EscalationPolicy(
                id: "policy", name: "Calm", teamID: "ops", steps: [.init(targets: [.user("ada")], delay: .days(30))],
                repeats: 0, urgentSeverities: [])
        ),
        (
            "posting",
            EscalationPolicy(
                id: "policy", name: "Loud", teamID: "ops",
                steps: [.init(targets: [.user("ada"), .channel("ops-chat")], delay: .minutes(5))])
        ),
        (
            "patient",
            EscalationPolicy(
                id: "policy", name: "Patient", teamID: "ops", steps: [], holdOff: HoldOff([.warning: .minutes(5)]))
        ),
    ]

    static let schedules: [(String, Schedule)] = [
        (
            "full",
            Schedule(
                id: "schedule", name: "Primary", teamID: "ops", timeZone: "America/New_York",
                layers: [
                    .init(
                        name: "Months", participants: ["ada", nil, "bob"],
                        rotation: .init(.month, every: 2, handOffMinute: 510),
                        start: CivilDate(daysSince1970: 20_000), end: CivilDate(daysSince1970: 21_000),
                        restrictions: [.init(weekdays: [.sunday], from: 540, to: 1440)], firstPlace: 2),
                    .init(
                        name: "Hours", participants: ["cleo"], rotation: .init(.hour, every: 12),
                        start: CivilDate(daysSince1970: 20_000)),
                ],
                overrides: [
                    override("1", .add("ada")), override("2", .remove("bob")),
                    override("3", .replace("ada", with: "bob")),
                    override("4", .only("dana")),
                ])
        ),
        (
            "plain",
            Schedule(
                id: "schedule", name: "Weekly", teamID: "ops", timeZone: "UTC",
                layers: [
                    .init(
                        name: "Days", participants: ["ada"], rotation: .init(.day), start: CivilDate(daysSince1970: 0)),
                    .init(
                        name: "Weeks", participants: ["ada"], rotation: .init(.week), start: CivilDate(daysSince1970: 0)
                    ),
                ])
        ),
    ]

    private static func override(_ id: OverrideID, _ change: Schedule.Override.Change) -> Schedule.Override {
        Schedule.Override(id: id, change: change, from: at, to: later, author: "Ada", madeAt: at)
    }

    static let teamChannels: [(String, TeamChannel)] = [
        (
            "verified",
            TeamChannel(
                id: "channel", teamID: "ops", name: "#ops", channel: .slack, address: "C024BE91L", verifiedAt: at)
        ),
        (
            "new",
            TeamChannel(
                id: "channel", teamID: "ops", name: "List", channel: .email, address: "ops@example.com",
                follows: false, isEnabled: false)
        ),
        (
            "body",
            TeamChannel(
                id: "channel", teamID: "ops", name: "Tickets", channel: .webhook, address: "https://x",
                body: BodyTemplate(text: "{title}", contentType: "text/plain"))
        ),
    ]

    static let heartbeats: [(String, Heartbeat)] = [
        (
            "every",
            Heartbeat(
                id: "beat", name: "Backup", teamID: "ops", policyID: "policy", severity: .warning,
                rhythm: .every(.days(1)), grace: .minutes(10), isPaused: true, token: "hb_token")
        ),
        (
            "cron",
            Heartbeat(
                id: "beat", name: "Backup", teamID: "ops", rhythm: .cron(cron, timeZone: "Europe/Zagreb"),
                token: "hb_token")
        ),
    ]

    private static var cron: CronExpression {
        guard let expression = CronExpression("30 2 * * mon-fri") else { preconditionFailure("no cron expression") }
        return expression
    }

    static let windows: [(String, MaintenanceWindow)] = [
        (
            "once",
            MaintenanceWindow(
                id: "window", name: "Upgrade", teamID: "ops", sources: ["grafana"], labels: ["part": "db"],
                span: .once(from: at, to: later))
        ),
        (
            "weekly",
            MaintenanceWindow(
                id: "window", name: "Sundays", teamID: "ops",
                span: .weekly(.init(timeZone: "Asia/Tokyo", weekdays: [.sunday], from: 120, to: 270)))
        ),
    ]

    static let alerts: [(String, [String: GroupedAlert])] = [
        ("none", [:]),
        ("one", ["db-1": GroupedAlert(title: "Slow db-1", startsAt: at)]),
        ("recovered", ["version": GroupedAlert(title: "A key like a member", isFiring: false)]),
        ("ending", ["db-1": GroupedAlert(title: "Slow db-1", startsAt: at, expiresAt: later)]),
    ]

    static let links: [(String, [Link])] = [
        ("one", [Link(title: "Run book", url: "https://example.com/run?book=1")].compactMap(\.self)), ("none", []),
    ]

    static let teams: [(String, Team)] = [
        ("full", Team(id: "ops", name: "Operations", memberIDs: ["bob", "ada"], defaultPolicyID: "policy")),
        ("plain", Team(id: "ops", name: "Operations")),
    ]

    static let users: [(String, User)] = [
        (
            "full",
            User(
                id: "ada", name: "Ada", email: "ada@example.com", role: .manager, timeZone: "Europe/Zagreb",
                locale: "hr-HR", isEnabled: false, quietHours: QuietHours(from: 1320, to: 420),
                tellsHandOff: false, tellsShiftAhead: true)
        ), ("plain", User(id: "ada", name: "Ada", email: "ada@example.com")),
        (
            "told",
            User(
                id: "ada", name: "Ada", email: "ada@example.com", standDown: .all, hourlyBudget: 30, drillsWeekly: true)
        ),
    ]

    static let contactMethods: [(String, ContactMethod)] = [
        (
            "verified",
            ContactMethod(
                id: "sms", userID: "ada", channel: .sms, address: "+385915550101", label: "Mobile", verifiedAt: at)
        ), ("new", ContactMethod(id: "hook", userID: "ada", channel: .webhook, address: "https://x", isEnabled: false)),
        (
            "body",
            ContactMethod(
                id: "hook", userID: "ada", channel: .webhook, address: "https://x",
                body: BodyTemplate(text: "{\"text\": \"{title}\"}"))
        ),
    ]

    static let rules: [(String, [NotificationRule])] = [
        (
            "two",
            [
                NotificationRule(id: "1", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "sms"),
                NotificationRule(id: "2", userID: "ada", urgency: .low, delay: .hours(1), contactMethodID: "mail"),
            ]
        ), ("none", []),
    ]

    static let sources: [(String, AlertSource)] = [
        (
            "full",
            AlertSource(
                id: "grafana", name: "Grafana", kind: "grafana", teamID: "ops", policyID: "policy",
                defaultSeverity: .error, isEnabled: false, reopenWindow: .hours(1), autoResolveAfter: .days(1),
                options: #"{"secret":"•••"}"#, keyHash: "key …abcdef", keyHint: "abcd")
        ), ("plain", AlertSource(id: "generic", name: "Generic", teamID: "ops")),
        (
            "patient",
            AlertSource(
                id: "generic", name: "Generic", teamID: "ops",
                holdOff: HoldOff([.warning: .minutes(5), .info: .hours(1)]))
        ),
    ]
}
