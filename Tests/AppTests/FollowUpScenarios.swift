import Actors
import Database
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// What must follow a failed page or a changed configuration happens, whatever fails on the way.
@Suite struct FollowUpScenarios {
    private static let refused = Receipt.permanent(Fault(.recipient, "There is no such number."))
    private static let next = "PagerPal e-mail to Ada is next, at once"

    @Test(arguments: TestDatabase.available)
    func `the next page is sent although the database fails right after an undeliverable one`(
        kind: TestDatabase
    ) async throws {
        let (time, faults) = (ManualTime(), Faults())
        let provider = ScriptedProvider([FollowUpScenarios.refused], time: time.source)
        try await TestApp.run(
            kind, time: time, database: faults.database(try await kind.open()), team: DeliveryScenarios.rules,
            providers: { _ in [provider] }
        ) { app in
            app.allowErrors()
            faults.fail("pages.cycle > incidents.cycle", times: 1)
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.waitUntil { faults.count == 1 }
            #expect(try await app.send("GET", "/api/v1/status").json["follow_ups"]?["waiting"]?.integer == 1)
            try await app.pass(atMost: .minutes(1)) { try await app.timeline().contains(FollowUpScenarios.next) }
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.send("GET", "/api/v1/status").json["follow_ups"]?["waiting"]?.integer == 0)
            try await app.act("acknowledge")
        }
    }

    /// The test dispatches like a process that dies right after it has stored that a page failed.
    @Test(arguments: TestDatabase.available)
    func `another process finishes the follow-ups of one that died`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, settings: { $0.dispatches = false }, team: DeliveryScenarios.rules) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            let store = app.assembly.store
            let lease = try #require(try await store.acquireLease(.dispatch, for: "dead", lasting: .hours(1)))
            let request = ClaimRequest(channels: [.sms], provider: "sms", limit: 1)
            guard case .claimed(let messages) = try await store.claim(request, under: lease, at: app.time.now),
                let message = messages.first
            else {
                Issue.record("the SMS is due")
                return
            }
            let attempt = DeliveryAttempt(
                message: message, provider: "sms", receipt: FollowUpScenarios.refused, next: .fail,
                startedAt: app.time.now, duration: .zero, receiptDueAt: nil, people: ["ada": "Ada"])
            #expect(try await store.record([attempt], at: app.time.now).count == 1)
            try await app.pass(atMost: .minutes(1)) { try await app.timeline().contains(FollowUpScenarios.next) }
            #expect(try await store.nextPage([.email]).map { $0 <= app.time.now } == true)
            try await app.act("acknowledge")
        }
    }

    enum Leaving: String, CaseIterable, CustomStringConvertible {
        case disabled, deleted

        var description: String { rawValue }
    }

    @Test(arguments: TestDatabase.available, Leaving.allCases)
    func `incidents follow a configuration change whose process died`(
        kind: TestDatabase, leaving: Leaving
    ) async throws {
        let faults = Faults()
        let team: (inout TestTeam) -> Void = { team in
            DutyScenarios.sms(&team)
            team.tellNobody()
            team.schedule.layers[0].participants = ["ada", "cleo"]
        }
        try await TestApp.run(kind, database: faults.database(try await kind.open()), team: team) { app in
            app.allowErrors()
            for key in ["paged", "owned"] {
                try await app.alert(#"{"title": "Disk full", "external_id": "\#(key)"}"#)
                try await app.takePages()
            }
            let id = try #require(try await app.assembly.store.incident(number: 2)).id
            _ = await app.assembly.engine.directory.perform(
                CommandRequest(.acknowledge, by: .user(app.team.users[0])), on: id)
            #expect(try await app.state(2) == "acknowledged")
            faults.fail("SELECT version FROM configuration WHERE id = 1", times: 1)
            let answer =
                switch leaving {
                case .disabled: try await app.send("PATCH", "/api/v1/users/ada", #"{"is_enabled": false}"#)
                case .deleted: try await app.send("DELETE", "/api/v1/users/ada")
                }
            #expect(answer.status == 503 && faults.count == 1)
            try await app.pass(atMost: .minutes(1)) {
                let step = "PagerPal Ada, who was paged, can't answer any more; the next step starts now"
                let hasMovedOn = try await app.timeline(1).contains(step)
                return try await app.state(2) == "triggered" && hasMovedOn
            }
            try await app.expectPages(["email bob@example.com", "email cleo@example.com"])
            let waiting = try await app.assembly.store.waitingPages()
            #expect(waiting.allSatisfy { $0.page.userID != "ada" })
            for number in [1, 2] { try await app.act("resolve", on: number) }
        }
    }

    /// More than one look of them, due before the one that can be done.
    @Test(arguments: TestDatabase.kinds)
    func `follow-ups that always fail delay no others`(kind: TestDatabase) async throws {
        let (time, faults) = (ManualTime(), Faults())
        let provider = ScriptedProvider([FollowUpScenarios.refused], time: time.source)
        try await TestApp.run(
            kind, time: time, database: faults.database(try await kind.open()), team: DeliveryScenarios.rules,
            providers: { _ in [provider] }
        ) { app in
            app.allowErrors()
            try await app.settle()
            let database = app.assembly.store.database
            for number in 0..<(FollowUp.Limits.look + 50) {
                try await database.run(
                    """
                    INSERT INTO follow_ups (id, kind, subject_id, created_at, due_at)
                    VALUES (\("bad-\(number)"), 'of_the_future', '', \(time.now), \(time.now))
                    """)
            }
            faults.fail("pages.cycle > incidents.cycle", times: 1)
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.pass(atMost: .minutes(1)) { try await app.timeline().contains(FollowUpScenarios.next) }
            let metrics = try await app.send("GET", "/metrics", headers: [])
            let text = String(decoding: metrics.response.body, as: UTF8.self)
            #expect(text.contains("\npagerpal_follow_ups \(FollowUp.Limits.look + 50)\n"))
            try await database.run("DELETE FROM follow_ups")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `work done by two processes at the same time happens once`(kind: TestDatabase) async throws {
        let team: (inout TestTeam) -> Void = { team in
            team.tellNobody()
            team.policy.steps[0].targets = [.user("ada"), .user("bob")]
        }
        try await TestApp.run(kind, settings: { $0.escalates = false }, team: team) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.takePages()
            let (store, time) = (app.assembly.store, app.time.source)
            let incident = try #require(try await store.incident(number: 1))
            var ada = app.team.users[0]
            ada.isEnabled = false
            let owed = try #require(
                try await store.change([.save(ada)], on: try await store.configuration(), at: app.time.now))
            let gone = try #require(owed.first { if case .responderGone = $0.work { true } else { false } })
            let command = Command.responderGone(
                "ada", name: "Ada", pages: try await store.pages(of: incident.id, cycle: nil))
            let directories = (0..<4).map { _ in
                IncidentDirectory(
                    context: IncidentContext(
                        store: store, commits: CommitQueue(store: store, eventBus: EventBus(), time: time),
                        configuration: app.assembly.configuration, time: time))
            }
            await withDiscardingTaskGroup { group in
                for directory in directories {
                    group.addTask {
                        for _ in 0..<2 {
                            let request = CommandRequest(command, by: .system, followUp: gone.id)
                            _ = await directory.perform(request, on: incident.id)
                        }
                    }
                }
            }
            let words = "PagerPal Ada, who was paged, can't answer any more; the others were paged too"
            #expect(try await app.timeline().filter { $0 == words }.count == 1)
            try await store.database.run("DELETE FROM follow_ups")
            try await app.act("resolve")
        }
    }

    @Test(arguments: TestDatabase.available, [false, true])
    func `a page delivered while the database was away is not sent again by its process`(
        kind: TestDatabase, isAnsweredInTime: Bool
    ) async throws {
        let (time, faults) = (ManualTime(), Faults())
        let hanging = HangingProvider(time: time.source)
        try await TestApp.run(
            kind, time: time, database: faults.database(try await kind.open()),
            settings: { $0.leaseDuration = .seconds(5) }, team: DeliveryScenarios.rules, providers: { _ in [hanging] }
        ) { app in
            app.allowErrors()
            try await app.waitUntil { try await app.assembly.store.leaseStatuses()[.dispatch]?.epoch == 1 }
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.waitUntil { await hanging.attempts == 1 }
            faults.fail("", with: .unavailable("the test"))
            if isAnsweredInTime { await hanging.letGo() }
            // Twice as long as the lease, with a look at the database at each step.
            for _ in 0..<20 {
                time.advance(by: .milliseconds(500))
                _ = try? await app.assembly.store.databaseTime()
            }
            if !isAnsweredInTime { await hanging.letGo() }
            try await app.waitUntil { faults.hasFailed("UPDATE pages SET state = 'sent'") }
            faults.stop()
            try await app.waitUntil {
                time.advance(by: .milliseconds(50))
                let epoch = try await app.assembly.store.leaseStatuses()[.dispatch]?.epoch ?? 0
                let isStored = try await app.timeline().contains("PagerPal SMS to Ada sent")
                let attempts = await hanging.attempts
                return (epoch > 1 && isStored) || attempts > 1
            }
            #expect(await hanging.attempts == 1)
            let page = try #require(try await app.assembly.store.pages(PageFilter()).first { $0.page.channel == .sms })
            #expect(page.page.state == .sent && !page.page.isPossibleDuplicate)
            try await app.act("acknowledge")
        }
    }
}

extension TestApp {
    /// Lets time pass in steps of a second until something is so.
    func pass(
        atMost longest: Duration, until condition: () async throws -> Bool
    ) async throws {
        let end = time.now + longest
        try await waitUntil {
            if try await condition() { return true }
            if time.now < end { time.advance(by: .seconds(1)) }
            return false
        }
    }
}
