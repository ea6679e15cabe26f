import Actors
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite struct MaintenanceScenarios {
    func create(_ app: TestApp, _ fields: String) async throws -> String {
        let answer = try await app.send(
            "POST", "/api/v1/maintenance-windows", #"{"name": "Upgrade", "team": "Operations", \#(fields)}"#)
        #expect(answer.status == 201, "\(answer.json)")
        return answer.json["id"]?.text ?? ""
    }

    static let hour = #""starts_at": "2026-03-04T12:00:00Z", "ends_at": "2026-03-04T13:00:00Z""#

    @Test(arguments: TestDatabase.available)
    func `incidents are recorded and held, and those still firing at the end page then`(kind: TestDatabase) async throws
    {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Before"}"#)
            try await app.expectPages(["email ada@example.com"])
            _ = try await create(app, MaintenanceScenarios.hour)
            try await app.alert(#"{"title": "Lasting"}"#)
            try await app.alert(#"{"title": "Brief"}"#)
            // An incident opened before the window is not held.
            try await app.advance(.minutes(5))
            try await app.expectPages(["email bob@example.com"])
            try await app.act("resolve", on: 1)
            try await app.alert(#"{"title": "Brief", "status": "resolved"}"#)
            try await app.advance(.minutes(54))
            try await app.expectPages([])
            #expect(try await app.send("GET", "/api/v1/incidents/2").json["held_by"]?.text == "Upgrade")
            try await app.advance(.minutes(1))
            try await app.expectPages(["email ada@example.com"])
            #expect(
                try await app.timeline(2).prefix(3) == [
                    "Prometheus opened the incident: Lasting (critical)",
                    "PagerPal nobody is paged before 2026-03-04T13:00:00Z: maintenance “Upgrade”",
                    "PagerPal the maintenance “Upgrade” is over",
                ])
            try await app.act("acknowledge", on: 2)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a shortened or deleted window releases incidents at once, and a longer one keeps holding`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let id = try await create(app, MaintenanceScenarios.hour)
            try await app.alert(#"{"title": "Held"}"#)
            let path = "/api/v1/maintenance-windows/\(id)"
            let longer = try await app.send("PATCH", path, #"{"ends_at": "2026-03-04T14:00:00Z"}"#)
            #expect(longer.json["active_until"]?.text == "2026-03-04T14:00:00Z")
            try await app.advance(.minutes(70))
            try await app.expectPages([])
            #expect(try await app.send("DELETE", path).status == 204)
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `weekly windows and windows for a source or label hold the right incidents`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let weekly = #""weekdays": ["Wednesday"], "from": "13:00", "to": "13:30", "time_zone": "Europe/Zagreb""#
            _ = try await create(app, #"\#(weekly), "sources": ["source"], "labels": {"env": "test"}"#)
            try await app.alert(#"{"title": "Test", "labels": {"env": "test"}}"#)
            try await app.expectPages([])
            try await app.alert(#"{"title": "Production", "labels": {"env": "prod"}}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.act("resolve", on: 2)
            try await app.advance(.minutes(30))
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test func `wrong windows are named by their fields`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for (fields, field) in [
                (#""x": 1"#, "starts_at"), (#""starts_at": "2026-03-04T12:00:00Z""#, "ends_at"),
                (#""starts_at": "now", "ends_at": "later""#, "starts_at"),
                (#""starts_at": "2026-03-04T12:00:00Z", "ends_at": "2026-03-04T12:00:00Z""#, "ends_at"),
                (#""starts_at": "2026-03-04T12:00:00Z", "ends_at": "2027-03-04T12:00:00Z""#, "ends_at"),
                (#""weekdays": [1], "from": "8 o'clock", "to": "09:00""#, "from"),
                (#""weekdays": [8], "from": "08:00", "to": "09:00""#, "weekdays"),
                (#""weekdays": [1], "from": "08:00", "to": "08:00""#, "from"),
                (#""weekdays": [1], "from": "08:00", "to": "24:01""#, "to"),
                (#"\#(MaintenanceScenarios.hour), "sources": ["none"]"#, "sources"),
            ] {
                let body = #"{"name": "Upgrade", "team": "Operations", \#(fields)}"#
                let answer = try await app.send("POST", "/api/v1/maintenance-windows", body)
                #expect(answer.status == 422, "\(fields)")
                #expect(answer.json["errors"]?.array?.first?["field"]?.text == field, "\(fields): \(answer.json)")
            }
            #expect(try await app.send("GET", "/api/v1/maintenance-windows").json["items"]?.array?.isEmpty == true)
        }
    }
}
