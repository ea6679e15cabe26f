import Actors
import Domain
import TestSupport
import Testing

@testable import App

@Suite struct DashboardTests {
    @Test(arguments: TestDatabase.kinds)
    func `the dashboard names who is on call after a turn was passed on`(kind: TestDatabase) async throws {
        let cast: (inout TestTeam) -> Void = { team in
            team.schedule.layers[0].participants = ["ada", "cleo"]
            team.users[0].isEnabled = false
        }
        try await TestApp.run(kind, team: cast) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/dashboard")
            let page = await browser.page
            #expect(page.contains("<b>Cleo</b>"))
            #expect(!page.contains("<b>Ada</b>"))
        }
    }
}
