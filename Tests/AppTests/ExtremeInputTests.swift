import Actors
import Domain
import HTTPTypes
import Providers
import TestSupport
import Testing
import Transport
import Web

@testable import App

/// Every route answers extreme numbers and times quickly and with a status below 500.
@Suite struct ExtremeInputTests {
    static let values = [
        "9223372036854775807", "-9223372036854775808", "99999999999999999999", "253402300799", "-1", "1e308", "NaN",
        "9999-12-31T00:00", "9999-12-31T23:59:59Z", "9999-12-31", "0001-01-01T00:00:00Z", "2026-02-30T25:61",
    ]
    /// All query parameters that web pages and the API read.
    static let names = [
        "action", "at", "before", "channel", "cursor", "days", "from", "kind", "limit", "minutes", "number",
        "override_from", "override_to", "page", "since", "start", "state", "to", "until", "view", "zone", "away",
    ]
    /// Form fields, including those with a number in their name.
    static let fields = [
        "number", "minutes", "delay", "count", "start", "end", "from", "to", "hand_off", "grace", "period", "until",
        "starts_at", "ends_at", "weekdays", "days", "places", "expires",
    ]
    static let rows = ["member-", "member_ids-", "place-", "hours-", "step-", "route-", "target-", "rule-"]

    @Test(.timeLimit(.minutes(30)))
    func `every GET route answers extreme numbers and times with less than 500`() async throws {
        try await ExtremeInputTests.run { app in
            let browser = Browser(app)
            try await browser.enter(as: "dana")
            for entry in buildRoutes(app.assembly.services).paths.entries where entry.method == .get {
                guard entry.path != "/events" && !entry.path.hasPrefix("/api/v1/events") else { continue }
                let path = ExtremeInputTests.known(entry.path)
                for value in ExtremeInputTests.values {
                    let query = ExtremeInputTests.names.map { "\($0)=\(value)" }.joined(separator: "&")
                    let extreme = entry.path.replacing(/\{[a-z]+\}/, with: value)
                    for path in Set([path, "\(path)?\(query)", "\(path)?at=\(value)&start=\(value)", extreme]) {
                        let status =
                            path.hasPrefix("/api/")
                            ? try await app.send("GET", path).status
                            : try await browser.request("GET", path, redirects: 0)
                        #expect(status < 500, "GET \(path)")
                    }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(30)))
    func `every form answers extreme numbers and times with less than 500`() async throws {
        try await ExtremeInputTests.run { app in
            let browser = Browser(app)
            try await browser.enter(as: "dana")
            let token = try await browser.tokenOfSession()
            for entry in buildRoutes(app.assembly.services).paths.entries where entry.method == .post {
                let isLeft = ["/api/", "/v2/", "/generic/", "/login", "/logout", "/setup", "/integration"].contains {
                    entry.path.hasPrefix($0)
                }
                guard !isLeft, !entry.path.hasSuffix("delete"), !entry.path.hasSuffix("dismiss") else { continue }
                for value in ExtremeInputTests.values {
                    let fields =
                        ExtremeInputTests.fields.map { "\($0)=\(value)" }
                        + ExtremeInputTests.rows.flatMap { ["\($0)\(value)=ada", "\($0)0-delay=\(value)"] }
                        + ["do=up-\(value)", "token=\(token)"]
                    let path = ExtremeInputTests.known(entry.path)
                    let status = try await browser.request(
                        "POST", path, fields.joined(separator: "&"),
                        [("Content-Type", "application/x-www-form-urlencoded")], redirects: 0)
                    #expect(status < 500, "POST \(path) with \(value)")
                }
            }
        }
    }

    /// Fills in the ids of an existing user, team and schedule.
    /// A route's path with the ids of the cast's things.
    static func known(_ path: String) -> String {
        let ids = [
            "/schedules/": "schedule", "/users/": "bob", "/teams/": "team-ops", "/escalation-policies/": "policy",
            "/sources/": "source", "/alert-sources/": "source",
        ]
        let id = ids.first { path.contains("\($0.key){") }?.value ?? "1"
        return path.replacing(/\{[a-z]+\}/, with: id)
    }

    /// Runs the test with an open-ended rotation of each unit.
    private static func run(_ body: @escaping @Sendable (TestApp) async throws -> Void) async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                team.schedule.layers = Schedule.Rotation.Unit.allCases.map { unit in
                    .init(
                        name: "By the \(unit)", participants: ["ada", "bob"], rotation: .init(unit),
                        start: CivilDate(daysSince1970: 20_000))
                }
            }, dispatch: .init(isSendingEnabled: false, bundlingWindow: .zero), body)
    }
}
