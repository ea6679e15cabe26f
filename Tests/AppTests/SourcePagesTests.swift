import Actors
import Domain
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct SourcePagesTests {
    @Test(arguments: TestDatabase.kinds)
    func `a source's key is shown once, works, and is masked afterwards`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/alert-sources/new")
            let made = try await browser.send(
                "/alert-sources", ["name": "Shop", "kind": "generic", "team": "team-ops"])
            #expect(made == 200)
            let key = try #require(await browser.page.firstMatch(of: /<code>(\w{32})<\/code>/)).1
            let answer = try await app.send(
                "POST", "/api/v1/alerts", #"{"title": "Down"}"#, headers: [("X-API-Key", String(key))])
            #expect(answer.status == 201)
            try await app.expectPages(["email ada@example.com"])
            let source = try #require(app.assembly.configuration.current.sources.values.first { $0.name == "Shop" })
            for path in ["/alert-sources", "/alert-sources/\(source.id)"] {
                try await browser.visit(path)
                #expect(await !browser.page.contains(String(key)), "\(path)")
                #expect(await browser.page.contains("\(key.prefix(4))••••••••"), "\(path)")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a new key ends the old one at once`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/alert-sources/source")
            #expect(try await browser.send("/alert-sources/source/regenerate", [:]) == 200)
            #expect(try await app.send("POST", "/api/v1/alerts", #"{"title": "Down"}"#).status == 401)
        }
    }

    @Test func `a test alert opens an incident and pages, and a disabled source sends none`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/alert-sources/source")
            try await browser.send("/alert-sources/source/test", [:])
            #expect(await browser.path == "/incidents/1")
            #expect(await browser.page.contains("Test alert from Prometheus"))
            try await app.expectPages(["email ada@example.com"])
            try await browser.send("/alert-sources/source/state", ["enabled": "no"])
            #expect(try await app.send("POST", "/api/v1/alerts", #"{"title": "Down"}"#).status == 401)
            try await browser.send("/alert-sources/source/test", [:])
            #expect(await browser.page.contains("Enable the source first."))
        }
    }

    @Test func `bad input stays in the form and is explained beside its field`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/alert-sources/source")
            let status = try await browser.send(
                "/alert-sources/source",
                [
                    "name": "<b>Shop</b>", "kind": "generic", "team": "team-ops", "policy": "", "severity": "error",
                    "reopen": "soon", "silence": "0",
                ])
            #expect(status == 422)
            let page = await browser.page
            #expect(page.contains("value=\"&lt;b&gt;Shop&lt;/b&gt;\"") && page.contains("value=\"soon\""))
            #expect(page.contains("id=\"reopen-fault\">Write a number of minutes"))
            #expect(page.contains("id=\"silence-fault\">Write a number of minutes"))
            #expect(app.assembly.configuration.current.sources["source"]?.name == "Prometheus")
        }
    }

    @Test func `a manager configures only the sources of their own teams`() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.users[2].role = .manager }) { app in
            let browser = try await Browser.signedIn(as: "cleo", app)
            #expect(try await browser.visit("/alert-sources/source") == 200)
            #expect(await !browser.page.contains("Regenerate key"))
            for path in ["", "/regenerate", "/state", "/test", "/delete"] {
                try await browser.visit("/dashboard")
                #expect(
                    try await browser.send("/alert-sources/source\(path)", ["team": "team-other"]) == 403, "\(path)")
            }
        }
    }
}
