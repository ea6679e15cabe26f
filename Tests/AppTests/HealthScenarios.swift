import Database
import Dispatch
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing

@testable import App
@testable import Transport

/// What checks from outside see, also when the database is full, read-only or frozen.
@Suite(.serialized)
struct HealthScenarios {
    @Test func `HEAD answers wherever GET does, without a body`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for path in ["/health", "/health/live", "/metrics", "/api/v1/incidents", "/api/v1/teams", "/setup"] {
                let answer = try await app.send("HEAD", path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.response.body.isEmpty, "\(path)")
            }
            #expect(try await app.send("HEAD", "/nowhere").status == 404)
            #expect(try await app.send("HEAD", "/api/v1/alerts/netdata").status == 405)
            let wrong = try await app.send("POST", "/health")
            #expect(wrong.status == 405)
            #expect(wrong.response.headers["allow"] == "GET, HEAD")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a read-only database makes the process unhealthy`(_ kind: TestDatabase) async throws {
        let faults = Faults()
        let database = faults.database(try await kind.open())
        try await TestApp.run(kind, database: database) { app in
            app.allowErrors()
            faults.fail("'health-check'", with: .unavailable("database or disk is full"))
            for path in ["/health", "/health/ready"] {
                let answer = try await app.send("GET", path, headers: [])
                #expect(answer.status == 503, "\(path)")
                #expect(answer.json["status"]?.text == "unavailable")
                #expect(answer.json["database"]?.text == "accepts no changes")
                #expect(!answer.json.description.contains("disk is full"), "what the database says is for the log only")
            }
            #expect(try await app.send("GET", "/health/live").status == 200)
            faults.stop()
            // It may have been read before the leases were taken.
            try await app.waitUntil { try await app.send("GET", "/health").json["status"]?.text == "ok" }
            #expect(try await app.send("GET", "/health").json["service"]?.text == "pagerpal")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a frozen database makes the process unhealthy within two seconds`(_ kind: TestDatabase) async throws {
        let (freeze, thaw) = (Faults(), DispatchSemaphore(value: 0))
        let database = ProbedDatabase(try await kind.open()) { _, text throws(DatabaseError) in
            do { try freeze.check(text) } catch { thaw.wait() }
        }
        try await TestApp.run(kind, database: database) { app in
            app.allowErrors()
            freeze.fail("SELECT name, holder, epoch", times: 1)
            let started = ContinuousClock.now
            let answer = try await app.send("GET", "/health", headers: [])
            // Without a deadline it would never end. A busy machine may be late.
            #expect(ContinuousClock.now - started < Patience.limit && StatusRoutes.patience < .seconds(2))
            #expect(answer.status == 503)
            #expect(answer.json["database"]?.text == "unreachable")
            freeze.stop()
            thaw.signal()
            try await app.waitUntil { try await app.send("GET", "/health").status == 200 }
        }
    }

    @Test func `a token can read although its last use can't be noted`() async throws {
        let faults = Faults()
        let database = faults.database(try await TestDatabase.sqliteMemory.open())
        try await TestApp.run(.sqliteMemory, database: database) { app in
            faults.fail("UPDATE api_tokens", with: .unavailable("database or disk is full"))
            let status = try await app.send("GET", "/api/v1/teams").status
            #expect(status == 200)
            #expect(faults.hasFailed("UPDATE api_tokens"))
        }
    }

    @Test func `the old API's jobs show which process does what`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.waitUntil {
                try await app.assembly.store.leaseStatuses().values.allSatisfy { $0.isHeld }
            }
            let jobs = try await app.send("GET", "/api/v1/system/jobs").json["items"]?.array ?? []
            #expect(jobs.compactMap { $0["name"]?.text } == ["escalation", "dispatch"])
            for job in jobs {
                #expect(job["enabled"]?.text == "true")
                #expect(job["is_ours"]?.text == "true")
                #expect(job["holder"]?.text == app.assembly.services.settings.holder)
                #expect(job["last_run_at"]?.text?.hasSuffix("Z") == true)
            }
            #expect(try await app.send("GET", "/api/v1/system/jobs", headers: []).status == 401)
        }
    }
}
