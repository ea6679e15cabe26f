import Actors
import Domain
import Foundation
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// Invitations by mail.
@Suite(.serialized)
struct InvitationTests {
    /// The path of the link in the latest mail.
    private func link(_ app: TestApp) async throws -> String {
        let text = try #require(await app.outbox.messages.last?.text)
        return String(try #require(text.firstMatch(of: /http:\/\/[^\/]+(\/password\/reset\/\w+)/)).1)
    }

    private func create(_ dana: Browser) async throws -> String {
        try await dana.visit("/users/new")
        #expect(await dana.page.contains("Send an invitation"))
        #expect(await !dana.page.contains("type=\"password\""))
        try await dana.send(
            "/users",
            ["name": "Eve", "email": "eve@example.com", "role": "responder", "time_zone": "UTC", "invite": "yes"])
        #expect(await dana.page.contains("An invitation is on its way to eve@example.com."))
        return await dana.path
    }

    @Test(arguments: TestDatabase.kinds)
    func `an invited person chooses a password by the link, once`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            let path = try await create(dana)
            try await app.expectPages(["email eve@example.com"])
            #expect(await dana.page.contains("invited, not yet signed in"))
            try await dana.visit("/users")
            #expect(await dana.page.contains("invited, not yet signed in"))
            let link = try await link(app)
            let eve = Browser(app)
            #expect(try await eve.visit(link) == 200)
            #expect(await eve.page.contains("Welcome to PagerPal"))
            #expect(try await eve.send(link, ["password": "short"]) == 422)
            try await eve.send(link, ["password": "correct horse eve"])
            #expect(await eve.path == "/dashboard")
            #expect(try await Browser(app).visit(link) == 404)
            try await dana.visit("/users")
            #expect(await !dana.page.contains("invited, not yet signed in"))
            try await dana.visit(path)
            try await dana.send("\(path)/invitation", [:])
            #expect(await dana.page.contains("This person signs in already."))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an invitation is sent again, withdrawn, and expires after seven days`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            let path = try await create(dana)
            try await app.expectPages(["email eve@example.com"])
            let first = try await link(app)
            try await dana.send("\(path)/invitation", [:])
            try await app.expectPages(["email eve@example.com"])
            let second = try await link(app)
            #expect(first != second)
            #expect(try await Browser(app).visit(first) == 404)
            #expect(try await Browser(app).visit(second) == 200)
            try await dana.send("\(path)/invitation/delete", [:])
            #expect(await dana.page.contains("The invitation is withdrawn."))
            #expect(await dana.page.contains("none: only paged"))
            #expect(try await Browser(app).visit(second) == 404)
            try await dana.send("\(path)/invitation/delete", [:])
            #expect(await dana.page.contains("There is no invitation any more."))
            try await dana.send("\(path)/invitation", [:])
            try await app.expectPages(["email eve@example.com"])
            let third = try await link(app)
            app.time.advance(by: .hours(24 * 7) - .seconds(1))
            #expect(try await Browser(app).visit(third) == 200)
            app.time.advance(by: .seconds(1))
            #expect(try await Browser(app).visit(third) == 404)
        }
    }

    @Test func `a disabled user's invitation is void, and nobody disabled is invited`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            let path = try await create(dana)
            try await app.expectPages(["email eve@example.com"])
            try await dana.send("\(path)/enabled", [:])
            #expect(try await Browser(app).visit(try await link(app)) == 404)
            try await dana.send("\(path)/invitation", [:])
            #expect(await dana.page.contains("Enable the user first."))
            try await dana.visit("/users")
            #expect(await dana.page.contains("no, disabled"))
        }
    }

    @Test func `without mail the form asks for a password`() async throws {
        try await TestApp.run(.sqliteMemory, unserved: [.email]) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/users/new")
            #expect(await dana.page.contains("type=\"password\""))
            #expect(await !dana.page.contains("Send an invitation"))
        }
    }
}
