import Actors
import Database
import Domain
import Formats
import Synchronization
import TestSupport
import Testing

@testable import App

@Suite struct ClaimScenarios {
    @Test(arguments: TestDatabase.available)
    func `pages of a claim whose commit answer was lost are sent`(kind: TestDatabase) async throws {
        let losing = LosingDatabase(try await kind.open(), when: "UPDATE pages SET state = 'claimed'")
        try await TestApp.run(kind, database: losing, team: DeliveryScenarios.rules) { app in
            app.allowErrors()
            try await app.waitUntil { app.assembly.engine.idle.channels.contains(.sms) }
            // The alert and the claim of its page are one transaction. The sender tries again.
            losing.loseNextAnswer()
            #expect(try await app.send("POST", "/api/v1/alerts", #"{"title": "Disk full"}"#).status == 503)
            #expect(losing.hasLost)
            #expect(try await app.alert(#"{"title": "Disk full"}"#)["status"]?.text == "updated")
            // After the error the worker pauses for a second.
            try await app.waitUntil {
                app.time.advance(by: .milliseconds(10))
                return try await app.timeline().contains("PagerPal SMS to Ada sent")
            }
            try await app.expectPages(["sms +385915550101"])
            // The worker claims this page by itself, because time and no commit makes it due.
            try await app.advance(.minutes(3) + .seconds(50))
            losing.loseNextAnswer()
            app.time.advance(by: .seconds(10))
            try await app.waitUntil { losing.hasLost }
            try await app.waitUntil {
                app.time.advance(by: .milliseconds(10))
                return try await app.timeline().contains("PagerPal e-mail to Ada sent")
            }
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the first page of an incident is claimed in the transaction that opens it`(kind: TestDatabase) async throws {
        let claims = Mutex<[Workload]>([])
        let probed = ProbedDatabase(try await kind.open()) { workload, text throws(DatabaseError) in
            if text.contains("UPDATE pages SET state = 'claimed'") { claims.withLock { $0.append(workload) } }
        }
        try await TestApp.run(kind, database: probed, team: DeliveryScenarios.rules) { app in
            try await app.waitUntil { app.assembly.engine.idle.channels.contains(.sms) }
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["sms +385915550101"])
            #expect(claims.withLock { $0 } == [.commit])
            try await app.advance(.minutes(4))
            try await app.expectPages(["email ada@example.com"])
            #expect(claims.withLock { $0 } == [.commit, .dispatch])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a commit whose page waits to be bundled wakes nobody`(kind: TestDatabase) async throws {
        let looks = Mutex<[Workload]>([])
        let probed = ProbedDatabase(try await kind.open()) { workload, text throws(DatabaseError) in
            if text.contains("WITH RECURSIVE lines") { looks.withLock { $0.append(workload) } }
        }
        let dispatch = Dispatcher.Settings(bundlingWindow: .seconds(10))
        try await TestApp.run(kind, database: probed, team: DeliveryScenarios.rules, dispatch: dispatch) { app in
            let idle = app.assembly.engine.idle
            try await app.waitUntil { idle.channels.contains(.sms) }
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["sms +385915550101"])
            try await app.waitUntil { idle.channels.contains(.sms) }
            // The next page makes the worker plan the end of the window, for the others too.
            try await app.alert(#"{"title": "Disk slow"}"#)
            try await app.waitUntil { idle.channels.contains(.sms) }
            looks.withLock { $0 = [] }
            for title in ["Disk lost", "Disk found", "Disk hot"] { try await app.alert(#"{"title": "\#(title)"}"#) }
            #expect(idle.channels.contains(.sms))
            #expect(looks.withLock { $0 } == [.commit, .commit, .commit])
            app.time.advance(by: .seconds(10))
            try await app.expectPages(["sms +385915550101"])
            #expect(try await app.timeline().contains("PagerPal SMS to Ada sent"))
            try await app.act("acknowledge")
        }
    }
}
