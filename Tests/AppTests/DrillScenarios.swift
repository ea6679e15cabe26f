import Actors
import Domain
import Store
import TestSupport
import Testing
import Transport

@testable import App

@Suite struct DrillScenarios {
    @Test(arguments: TestDatabase.kinds)
    func `an acknowledged drill is a proof, a late one is none`(kind: TestDatabase) async throws {
        let time = ManualTime()
        try await TestApp.run(kind, time: time, team: { $0.tellNobody() }) { app in
            let desk = app.assembly.services.drills
            #expect(await desk.start(for: app.team.users[3]) != nil, "Dana is in no team")
            #expect(await desk.start(for: app.team.users[0]) == nil)
            try await app.settle()
            try await app.expectPages(["email ada@example.com"])
            #expect(await desk.start(for: app.team.users[0]) != nil, "it is still open")
            try await app.act("acknowledge")
            let proven = try await app.assembly.store.drills()["ada"]?.provenAt
            #expect(proven == time.now)
            try await app.act("resolve")
            time.advance(by: .minutes(1))
            #expect(await desk.start(for: app.team.users[0]) == nil)
            try await app.settle()
            try await app.takePages()
            time.advance(by: Drill.patience + .seconds(1))
            try await app.settle()
            try await app.waitForTimeline("PagerPal paging the administrators: Dana", of: 2)
            try await app.act("acknowledge", on: 2)
            #expect(try await app.assembly.store.drills()["ada"]?.provenAt == proven)
            try await app.takePages()
        }
    }
}
