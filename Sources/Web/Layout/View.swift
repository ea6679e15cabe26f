internal import Transport

/// A web page: a value with a plain model that it renders as HTML. Views never query the database or read the clock.
protocol View: Sendable {
    /// The title of the browser tab.
    var title: String { get }
    /// The navigation entry to highlight.
    var section: Section? { get }
    /// The content of `main`.
    func content(_ frame: Frame) -> HTML
}

extension View {
    var section: Section? { nil }
}

/// The entries of the navigation.
enum Section: String, Sendable, CaseIterable {
    case dashboard, incidents, oncall, schedules, policies, sources, heartbeats, maintenance, teams, users
    case notifications, outbox, reports, templates, audit, settings, documents, profile

    var path: Path {
        switch self {
        case .policies: "/escalation-policies"
        case .sources: "/alert-sources"
        case .templates: "/message-templates"
        case .documents: "/docs"
        case .dashboard, .incidents, .oncall, .schedules, .heartbeats, .maintenance, .teams, .users, .notifications,
            .outbox, .reports, .audit, .settings, .profile:
            "/\(rawValue)"
        }
    }

    var label: String {
        switch self {
        case .dashboard: "Dashboard"
        case .incidents: "Incidents"
        case .oncall: "On call"
        case .schedules: "Schedules"
        case .policies: "Escalation policies"
        case .sources: "Alert sources"
        case .heartbeats: "Heartbeats"
        case .maintenance: "Maintenance"
        case .teams: "Teams"
        case .users: "Users"
        case .notifications: "Notifications"
        case .outbox: "Outbox"
        case .reports: "Reports"
        case .templates: "Templates"
        case .audit: "Audit log"
        case .settings: "Settings"
        case .documents: "Documents"
        case .profile: "Profile"
        }
    }

    var symbol: Symbol { Symbol(rawValue: rawValue) ?? .dashboard }

    /// The groups of the navigation, with their headings. The profile comes after them, under the user's name.
    static let groups: [(heading: String?, sections: [Section])] = [
        (nil, [.dashboard, .incidents, .oncall]),
        ("Who and when", [.schedules, .policies, .teams, .users]),
        ("What comes in", [.sources, .heartbeats, .maintenance]),
        ("What went out", [.notifications, .outbox, .reports]),
        ("The system", [.templates, .audit, .settings, .documents]),
    ]
}
