import Actors
import Database
import Domain
import Formats
import Providers
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// A second PagerPal that watches a first one.
@Suite struct TwinScenarios {
    /// The other PagerPal. It is not there while `isThere` is false.
    private final class Other: Sendable {
        let isThere = Mutex(true)
        let asked = Mutex<[String]>([])

        struct Gone: Error, CustomStringConvertible { let description = "No connection could be made." }

        var fetch: TwinWatch.Fetch {
            { path, token in
                self.asked.withLock { $0.append("\(path) \(token?.reveal() ?? "-")") }
                guard self.isThere.withLock({ $0 }) else { throw Gone() }
                let body =
                    path == "/health"
                    ? #"{"service": "pagerpal"}"#
                    : #"{"duties": {"dispatch": {"holder": "a"}, "escalation": {"holder": "a"}}}"#
                return TwinAnswer(status: 200, body: Array(body.utf8))
            }
        }

        /// Lets look follow look until something has happened.
        func look(_ app: TestApp, until hasHappened: () async throws -> Bool) async throws {
            try await app.waitUntil {
                app.time.advance(by: .seconds(30))
                try await app.settle()
                return try await hasHappened()
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a twin that goes quiet opens one incident, which ends when it is back`(kind: TestDatabase) async throws {
        let other = Other()
        try await TestApp.run(
            kind,
            settings: {
                $0.twin = .init(url: "https://b.example.com", token: Secret("pgp_of-the-other"), team: "Operations")
            }, twin: other.fetch
        ) { app in
            try await other.look(app) { other.asked.withLock { $0.count } >= 6 }
            #expect(other.asked.withLock { Set($0) } == ["/health -", "/api/v1/status pgp_of-the-other"])
            try await app.expectPages([], "it is well")
            other.isThere.withLock { $0 = false }
            try await other.look(app) { try await app.state() == "triggered" }
            try await app.waitForMessages(1)
            #expect(await app.outbox.messages.first?.address == "ada@example.com")
            let incident = try await app.send("GET", "/api/v1/incidents/1").json
            let title = incident["title"]?.text ?? ""
            #expect(title.hasPrefix("The PagerPal at b.example.com has not answered since "), "\(title)")
            let asked = other.asked.withLock { $0.count }
            try await other.look(app) { other.asked.withLock { $0.count } >= asked + 3 }
            #expect(try await app.send("GET", "/api/v1/incidents").json["items"]?.array?.count == 1)
            other.isThere.withLock { $0 = true }
            try await other.look(app) { try await app.state() == "resolved" }
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds, [nil, "Gone"])
    func `without a team the administrators are told, and of the end as well`(
        kind: TestDatabase, team: String?
    ) async throws {
        let other = Other()
        other.isThere.withLock { $0 = false }
        try await TestApp.run(
            kind, settings: { $0.twin = .init(url: "https://b.example.com", token: Secret("pgp_x"), team: team) },
            twin: other.fetch
        ) { app in
            try await other.look(app) { await app.outbox.messages.count == 1 }
            other.isThere.withLock { $0 = true }
            try await other.look(app) { await app.outbox.messages.count == 2 }
            let told = await app.outbox.messages
            #expect(told.map(\.address) == ["dana@example.com", "dana@example.com"])
            #expect(
                told.first?.text.hasPrefix("PagerPal: The PagerPal at b.example.com has not answered since ") == true)
            #expect(told.last?.text == "PagerPal: The PagerPal at b.example.com is well again.")
            #expect(try await app.send("GET", "/api/v1/incidents").json["items"]?.array?.isEmpty == true)
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `one PagerPal reads what another really answers`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let client = CurlClient()
            func look(_ token: String, _ path: String = "") async -> TwinFault? {
                let twin = TwinWatch.Settings(url: "http://127.0.0.1:\(app.port)\(path)", token: Secret(token))
                return await TwinWatch.fault(twin.fetch(client), token: twin.token)
            }
            try await app.waitUntil { await look(TestApp.token) == nil }
            #expect(await look("wrong-token") == .tokenRefused(status: 401))
            #expect(await look(TestApp.token, "/elsewhere")?.name == "silent")
        }
    }
}
