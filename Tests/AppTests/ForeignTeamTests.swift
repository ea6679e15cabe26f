import Actors
import Domain
import HTTPTypes
import Providers
import Store
import TestSupport
import Testing
import Transport
import Web

@testable import App

/// Every route of the API and every page's form, without credentials, beyond a token's scope, below its role, and for the
/// things of another team. A new route is covered at once, because the tests read the table of routes.
@Suite(.serialized)
struct ForeignTeamTests {
    /// The manager is Cleo, in the team Other. Everything belongs to Operations.
    private static func run(_ body: @escaping @Sendable (TestApp) async throws -> Void) async throws {
        try await TestApp.run(
            .sqliteMemory, team: { $0.users[2].role = .manager },
            dispatch: .init(isSendingEnabled: false, bundlingWindow: .zero), body)
    }

    private static func token(_ user: UserID, _ scope: APIToken.Scope, _ app: TestApp) async throws
        -> [(name: String, value: String)]
    {
        let text = "pgp_\(user)-\(scope)"
        try await app.assembly.store.save(
            APIToken(
                id: .init(text), userID: user, name: "test", hash: sha256(text), hint: "pgp_", scope: scope),
            at: app.time.now)
        return [(name: "Authorization", value: "Bearer \(text)")]
    }

    private static func guarded(_ app: TestApp) -> [KnownPaths.Entry] {
        buildRoutes(app.assembly.services).paths.entries.filter { entry in
            switch entry.access {
            case .anyone, .proof: false
            case .needs, .needsTeam: entry.path.hasPrefix("/api/")
            }
        }
    }

    @Test func `every route of the API asks for credentials, and a token that reads changes nothing`() async throws {
        try await ForeignTeamTests.run { app in
            let reading = try await ForeignTeamTests.token("dana", .read, app)
            let routes = ForeignTeamTests.guarded(app)
            #expect(routes.count > 60)
            let version = app.assembly.configuration.current.version
            for entry in routes where !entry.path.contains("/events") {
                let (method, path) = (entry.method.rawValue, ExtremeInputTests.known(entry.path))
                #expect(try await app.send(method, path, nil, headers: []).status == 401, "\(method) \(path)")
                guard !entry.method.isSafe else { continue }
                #expect(try await app.send(method, path, "{}", headers: reading).status == 403, "\(method) \(path)")
            }
            #expect(app.assembly.configuration.current.version == version)
        }
    }

    @Test func `the manager of another team changes nothing over any route`() async throws {
        try await ForeignTeamTests.run { app in
            let cleo = try await ForeignTeamTests.token("cleo", .write, app)
            let before = app.assembly.configuration.current
            for entry in ForeignTeamTests.guarded(app) where !entry.method.isSafe {
                let (method, path) = (entry.method.rawValue, ExtremeInputTests.known(entry.path))
                for body in ["{}", #"{"name": "Mine", "team_id": "team-ops", "user_id": "ada"}"#] {
                    let status = try await app.send(method, path, body, headers: cleo).status
                    #expect(status < 500 && status != 401, "\(method) \(path): \(status)")
                    if entry.method == .delete, path != "/api/v1/tokens/1" {
                        #expect([403, 404].contains(status), "\(method) \(path): \(status)")
                    }
                }
            }
            let browser = Browser(app)
            try await browser.enter(as: "cleo")
            let token = try await browser.tokenOfSession()
            for entry in buildRoutes(app.assembly.services).paths.entries where entry.method == .post {
                guard case .needs(let permission) = entry.access, permission != .respond,
                    !["/logout", "/profile"].contains(where: { entry.path.hasPrefix($0) })
                else { continue }
                _ = try await browser.request(
                    "POST", ExtremeInputTests.known(entry.path), "token=\(token)&name=Mine&team=team-ops",
                    [("Content-Type", "application/x-www-form-urlencoded")], redirects: 0)
            }
            let after = app.assembly.configuration.current
            #expect(after.version == before.version, "nothing of the configuration has changed")
        }
    }
}
