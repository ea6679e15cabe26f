import Actors
import Domain
import HTTPTypes
import Providers
import TestSupport
import Testing
import Transport
import Web

@testable import App

/// Every route with the lowest role that may use it. A route missing from this table fails the test.
///
/// `anyone`: no user is needed. `proof`: the handler checks its own key, token or link. The manager is Bob, a member of
/// the team Operations. Other tests cover routes that need the manager of a different team.
private let table = """
    anyone GET /
    anyone GET /assets/count/{count}
    anyone GET /assets/{name}
    anyone GET /docs
    anyone GET /docs/{name}
    anyone GET /health
    anyone GET /health/live
    anyone GET /health/ready
    anyone GET /login
    anyone POST /login
    anyone GET /login/factor
    anyone POST /login/factor
    anyone POST /login/factor/passkey
    anyone POST /login/passkey
    anyone GET /login/company
    anyone GET /login/company/back
    anyone GET /login/company/{name}
    anyone GET /login/company/{name}/back
    anyone GET /password/forgotten
    anyone GET /push-worker.js
    anyone POST /password/forgotten
    anyone GET /password/reset/{token}
    anyone POST /password/reset/{token}
    anyone GET /setup
    anyone POST /setup
    proof GET /a/{token}
    proof POST /a/{token}
    proof POST /alertmanager/{key}/api/v2/alerts
    proof POST /v1/json/integrations/webhooks/{name}
    proof POST /integrations/generic/20131114/alert/{key}
    proof POST /integrations/generic/20131114/alert/{key}/{routing}
    viewer GET /alert-sources
    viewer GET /alert-sources/{id}
    viewer GET /dashboard
    viewer GET /events
    viewer GET /events/count
    viewer GET /incidents
    viewer GET /incidents/{number}
    viewer GET /notifications
    viewer GET /outbox
    viewer GET /heartbeats
    viewer GET /heartbeats/{id}
    viewer GET /maintenance
    viewer GET /maintenance/{id}
    viewer GET /reports
    viewer GET /reports/{file}
    viewer POST /logout
    viewer GET /profile
    viewer POST /profile
    viewer POST /profile/contact-methods
    viewer GET /profile/contact-methods/{id}/body
    viewer POST /profile/contact-methods/{id}/body
    viewer POST /profile/contact-methods/{id}/code
    viewer POST /profile/contact-methods/{id}/delete
    viewer POST /profile/contact-methods/{id}/state
    viewer POST /profile/contact-methods/{id}/test
    viewer POST /profile/contact-methods/{id}/verify
    viewer POST /profile/drill
    viewer POST /profile/password
    viewer POST /profile/email
    viewer GET /profile/email/{token}
    viewer POST /profile/email/{token}
    viewer POST /profile/rules
    viewer GET /profile/factor
    viewer POST /profile/factor
    viewer POST /profile/factor/codes
    viewer POST /profile/factor/confirm
    viewer POST /profile/factor/delete
    viewer POST /profile/factor/passkeys
    viewer POST /profile/factor/passkeys/new
    viewer POST /profile/factor/passkeys/{id}/delete
    viewer GET /profile/security
    viewer POST /profile/sessions/end-others
    viewer POST /profile/sessions/{id}/end
    viewer POST /profile/tokens
    viewer POST /profile/tokens/{id}/delete
    responder POST /incidents/undo
    responder POST /incidents/several
    responder POST /incidents/{number}/acknowledge
    responder POST /incidents/{number}/escalate
    responder POST /incidents/{number}/hand-over
    responder POST /incidents/{number}/note
    responder POST /incidents/{number}/reassign
    responder POST /incidents/{number}/reopen
    responder POST /incidents/{number}/resolve
    responder POST /incidents/{number}/snooze
    manager GET /alert-sources/new
    manager POST /alert-sources
    manager POST /alert-sources/{id}
    manager POST /alert-sources/{id}/delete
    manager POST /alert-sources/{id}/regenerate
    manager POST /alert-sources/{id}/state
    manager POST /alert-sources/{id}/test
    responder POST /notifications/{id}/retry
    manager GET /heartbeats/new
    manager POST /heartbeats
    manager POST /heartbeats/{id}
    manager POST /heartbeats/{id}/delete
    manager POST /heartbeats/{id}/regenerate
    manager POST /heartbeats/{id}/state
    manager GET /maintenance/new
    manager POST /maintenance
    manager POST /maintenance/{id}
    manager POST /maintenance/{id}/delete
    manager POST /maintenance/{id}/end
    admin POST /users/{id}/invitation
    admin POST /users/{id}/invitation/delete
    admin GET /audit
    admin GET /message-templates
    admin GET /message-templates/new
    admin GET /message-templates/{id}
    admin POST /message-templates
    admin POST /message-templates/{id}
    admin POST /message-templates/{id}/delete
    admin GET /settings
    admin POST /settings/test
    admin POST /setup/acknowledge
    admin POST /setup/alert
    admin GET /setup/contact
    admin POST /setup/contact
    admin POST /setup/contact/{id}/code
    admin POST /setup/contact/{id}/verify
    admin GET /setup/incident
    admin GET /setup/next
    admin GET /setup/source
    admin POST /setup/source
    admin GET /setup/team
    admin POST /setup/team
    viewer GET /escalation-policies
    viewer GET /escalation-policies/{id}
    viewer GET /oncall
    viewer GET /schedules
    viewer GET /schedules/{id}
    manager GET /team-channels/new
    manager GET /team-channels/{id}
    manager POST /team-channels
    manager POST /team-channels/{id}
    manager POST /team-channels/{id}/code
    manager POST /team-channels/{id}/delete
    manager GET /team-channels/{id}/body
    manager POST /team-channels/{id}/body
    manager POST /team-channels/{id}/verify
    viewer GET /teams
    viewer GET /teams/{id}
    viewer GET /users
    viewer GET /users/{id}
    viewer POST /users/{id}/contact-methods
    viewer POST /users/{id}/contact-methods/{method}/code
    viewer POST /users/{id}/contact-methods/{method}/delete
    viewer POST /users/{id}/contact-methods/{method}/enabled
    viewer POST /users/{id}/contact-methods/{method}/verification
    responder POST /schedules/{id}/calendar
    responder POST /schedules/{id}/calendar/delete
    responder POST /schedules/{id}/overrides
    responder POST /schedules/{id}/overrides/{override}/delete
    manager GET /escalation-policies/new
    manager GET /escalation-policies/{id}/edit
    manager POST /escalation-policies
    manager POST /escalation-policies/{id}
    manager POST /escalation-policies/{id}/delete
    manager GET /schedules/new
    manager GET /schedules/{id}/edit
    manager GET /schedules/{id}/layers/new
    manager GET /schedules/{id}/layers/{layer}
    manager POST /schedules
    manager POST /schedules/{id}
    manager POST /schedules/{id}/delete
    manager POST /schedules/{id}/layers
    manager POST /schedules/{id}/layers/{layer}
    manager POST /schedules/{id}/layers/{layer}/delete
    manager POST /schedules/{id}/layers/{layer}/up
    manager GET /teams/{id}/edit
    manager POST /teams/{id}
    admin GET /teams/new
    admin POST /teams
    admin POST /teams/{id}/delete
    admin GET /users/new
    admin GET /users/{id}/edit
    admin POST /users
    admin POST /users/{id}
    admin POST /users/{id}/delete
    admin POST /users/{id}/enabled
    admin POST /users/{id}/password
    admin POST /users/{id}/password/delete
    admin POST /users/{id}/revoke
    admin POST /users/{id}/factor/delete
    admin POST /users/{id}/tokens
    admin POST /users/{id}/tokens/{token}/delete
    admin GET /users/services/new
    admin POST /users/services
    """

/// Routes for machines. The API's tests cover them, because they need keys and tokens instead of a browser's roles.
private func isForMachines(_ path: String) -> Bool {
    path.hasPrefix("/api/") || path.hasPrefix("/v2/") || path.hasPrefix("/generic/") || path.hasPrefix("/calendar/")
        || ["/openapi.json", "/metrics", "/health", "/health/live", "/health/ready"].contains(path)
}

@Suite(.serialized)
struct RightsTests {
    private static let people: [(role: String, user: UserID)] = [
        ("viewer", "cleo"), ("responder", "ada"), ("manager", "bob"), ("admin", "dana"),
    ]

    private static var doors: [String: String] {
        Dictionary(
            table.split(separator: "\n").map { line in
                let words = line.split(separator: " ", maxSplits: 1)
                return (String(words[1]), String(words[0]))
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `every route is in the table and enforces the access given there`() async throws {
        try await RightsTests.run { app in
            let doors = RightsTests.doors
            for entry in buildRoutes(app.assembly.services).paths.entries where !isForMachines(entry.path) {
                let name = "\(entry.method.rawValue) \(entry.path)"
                let door = doors[name]
                #expect(door != nil, "\(name) is not in the table of RightsTests")
                #expect((door == "anyone") == (entry.access == .anyone), "\(name)")
                #expect((door == "proof") == (entry.access == .proof), "\(name)")
            }
        }
    }

    @Test func `each role reaches its own routes and no others`() async throws {
        try await RightsTests.run { app in
            let order = ["viewer", "responder", "manager", "admin"]
            for (name, door) in RightsTests.doors {
                guard let least = order.firstIndex(of: door), name != "GET /events" else { continue }
                let words = name.split(separator: " ")
                let path = String(words[1].replacing(/\{[a-z]+\}/, with: "1"))
                for person in RightsTests.people {
                    let isAllowed = (order.firstIndex(of: person.role) ?? 0) >= least
                    let status = try await RightsTests.ask(app, String(words[0]), path, person.user)
                    #expect((status != 403) == isAllowed, "\(name) as \(person.role): \(status)")
                }
                #expect(try await RightsTests.ask(app, String(words[0]), path, nil) == 303, "\(name) as nobody")
            }
        }
    }

    /// Bob is a manager, Cleo is a viewer.
    private static func run(_ body: @escaping @Sendable (TestApp) async throws -> Void) async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                team.users[1].role = .manager
                team.users[2].role = .viewer
            }, dispatch: .init(isSendingEnabled: false, bundlingWindow: .zero), body)
    }

    /// Sends a request with a new session and a valid token for a user; nil sends it without a session.
    private static func ask(_ app: TestApp, _ method: String, _ path: String, _ user: UserID?) async throws -> Int {
        let browser = Browser(app)
        if let user { try await browser.enter(as: user) }
        let token = try await browser.tokenOfSession()
        let body = method == "GET" ? nil : "token=\(token)"
        return try await browser.request(method, path, body, redirects: 0)
    }
}
