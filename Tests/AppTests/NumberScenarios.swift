import Database
import Domain
import Formats
import Store
import TestSupport
import Testing

@testable import App

/// Numbers in place of ids.
@Suite(.serialized)
struct NumberScenarios {
    @Test(arguments: TestDatabase.kinds)
    func `every resource has a number that works wherever its id does`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let teams = try await app.send("GET", "/api/v1/teams").json["items"]?.array ?? []
            let number = try #require(teams.first { $0["name"]?.text == "Operations" }?["number"]?.text)
            let alert = try await app.alert(#"{"title": "Disk full", "team_id": \#(number)}"#)
            #expect(alert["status"]?.text == "created")
            try await app.takePages()
            #expect(try await app.send("GET", "/api/v1/teams/\(number)").json["name"]?.text == "Operations")
            #expect(try await app.send("GET", "/api/v1/incidents?team=\(number)").json["items"]?.array?.count == 1)
            let body = #"{"name": "New", "team_id": \#(number)}"#
            let source = try await app.send("POST", "/api/v1/alert-sources", body)
            #expect(source.status == 201)
            #expect(source.json["team_id"]?.text == "team-ops")
            let sourceNumber = try #require(source.json["number"]?.text)
            let fresh = try await app.send("POST", "/api/v1/alert-sources/\(sourceNumber)/regenerate-key")
            #expect(fresh.json["key"]?.text?.isEmpty == false)
            #expect(try await app.send("DELETE", "/api/v1/alert-sources/\(sourceNumber)").status == 204)
            let next = try await app.send("POST", "/api/v1/alert-sources", body).json["number"]?.integer
            #expect(next == Int(sourceNumber).map { $0 + 1 }, "a number is given once")
            #expect(try await app.send("GET", "/api/v1/teams/99").status == 404)
            #expect(try await app.send("POST", "/api/v1/incidents/1/ack").json["state"]?.text == "acknowledged")
            let user = try await app.send("GET", "/api/v1/users?q=ada").json["items"]?.array?.first?["number"]?.text
            let rules = try await app.send("GET", "/api/v1/users/\(user ?? "")/notification-rules")
            #expect(rules.status == 200)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `rows stored without a number get one in order of creation`(_ kind: TestDatabase) async throws {
        let database = try await kind.open()
        let store = Store(database: database, identifiers: .counting())
        _ = try await store.migrate(at: TestTeam.start)
        try await store.change(TestTeam().changes, at: TestTeam.start)
        try await database.run("DELETE FROM counters WHERE name <> 'incident'")
        #expect(try await store.configuration().numbers[.team("team-ops")] == nil)
        _ = try await store.migrate(at: TestTeam.start)
        let configuration = try await store.configuration()
        #expect(configuration.numbers[.team("team-ops")] == 1)
        #expect(configuration.numbers[.team("team-other")] == 2)
        #expect(configuration.users.keys.sorted().map { configuration.numbers[.user($0)] } == [1, 2, 3, 4])
        let version = configuration.version
        _ = try await store.migrate(at: TestTeam.start)
        #expect(try await store.configuration().version == version, "there was nothing left to number")
        await database.close()
    }
}
