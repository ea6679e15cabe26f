import Actors
import Domain
import Formats
import Foundation
import Integrations
import Providers
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// SNS at run time: certificates, confirmations, allowed topics, replays.
@Suite struct SNSScenarios {
    static let topic = "arn:aws:sns:eu-west-1:111122223333:alarms"

    /// A stand-in for SNS's host.
    final class Amazon: Sendable {
        let asked = Mutex<[String]>([])
        let isDown = Mutex(false)

        var fetch: Subscriptions.Fetch {
            { url, _ in
                self.asked.withLock { $0.append(url) }
                if self.isDown.withLock({ $0 }) { throw CurlError.notConnected("it is down") }
                guard url == TestSigner.certificateURL else { return Array("<ConfirmSubscriptionResponse/>".utf8) }
                return (try? TestSigner.shared.get().pem) ?? []
            }
        }

        var confirmations: Int { asked.withLock { $0.count { $0.contains("ConfirmSubscription") } } }
        var certificates: Int { asked.withLock { $0.count { $0 == TestSigner.certificateURL } } }
    }

    /// A signed message in the form that SNS posts.
    static func message(_ type: String, _ id: String, _ changes: [String: String] = [:]) throws -> [UInt8] {
        var fields = [
            "Type": type, "MessageId": id, "TopicArn": topic, "Timestamp": "2026-03-04T12:00:00.000Z",
            "Message": "The disk of db-1 is full",
        ]
        if type != "Notification" {
            fields["Token"] = "t0ken"
            fields["SubscribeURL"] =
                "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=t0ken"
        }
        let signed = try TestSigner.shared.get().sign(fields.merging(changes) { $1 })
        return Array(try JSONSerialization.data(withJSONObject: signed))
    }

    static func run(
        _ kind: TestDatabase, options: String = "{}", source: String = "cloudwatch",
        _ body: @escaping @Sendable (TestApp, Amazon) async throws -> Void
    ) async throws {
        let amazon = Amazon()
        try await TestApp.run(
            kind, fetch: amazon.fetch,
            team: { team in
                team.source.kind = source
                team.source.options = options
            }
        ) { app in try await body(app, amazon) }
    }

    func post(_ app: TestApp, _ body: [UInt8], key: String = TestApp.key) async throws -> Int {
        // SNS can't set headers and sends its JSON as plain text.
        let response = try await CurlClient.forTests.perform(
            CurlRequest(
                url: "http://127.0.0.1:\(app.port)/api/v1/alerts/sns?key=\(key)",
                kind: .http(method: "POST", headers: [("Content-Type", "text/plain; charset=UTF-8")], body: body)))
        return response.status
    }

    func subscriptions(_ app: TestApp) async throws -> [String] {
        let items = try await app.send("GET", "/api/v1/alert-sources/source/subscriptions").json["items"]?.array
        return items?.map { "\($0["topic"]?.text ?? "") \($0["state"]?.text ?? "")" } ?? []
    }

    @Test(arguments: TestDatabase.available)
    func `a subscription is confirmed when the key is right, and its topic is the only one from then on`(
        kind: TestDatabase
    ) async throws {
        try await SNSScenarios.run(kind) { app, amazon in
            let subscription = try SNSScenarios.message("SubscriptionConfirmation", "m-1")
            #expect(try await post(app, subscription, key: "wrong") == 401)
            #expect(amazon.confirmations == 0)
            #expect(try await post(app, subscription) == 200)
            #expect(amazon.confirmations == 1)
            #expect(try await subscriptions(app) == ["\(SNSScenarios.topic) confirmed"])
            #expect(try await post(app, SNSScenarios.message("Notification", "m-2")) == 201)
            let other = ["TopicArn": "arn:aws:sns:eu-west-1:999999999999:theirs"]
            #expect(try await post(app, SNSScenarios.message("Notification", "m-3", other)) == 403)
            #expect(try await post(app, SNSScenarios.message("SubscriptionConfirmation", "m-4", other)) == 403)
            #expect(amazon.confirmations == 1)
            #expect(amazon.certificates == 1)
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.payloads()[3]["body"]?.text?.contains("t0ken") == false)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a message is accepted once across processes, and a forged one never`(kind: TestDatabase) async throws {
        try await SNSScenarios.run(kind) { app, _ in
            let message = try SNSScenarios.message("Notification", "m-1")
            #expect(try await post(app, message) == 201)
            try await app.expectPages(["email ada@example.com"])
            try await app.act("resolve")
            #expect(try await post(app, message) == 200)
            #expect(try await app.state() == "resolved")
            var forged = String(decoding: message, as: UTF8.self)
            forged = forged.replacing("full", with: "fine").replacing("m-1", with: "m-2")
            #expect(try await post(app, Array(forged.utf8)) == 403)
            try await app.advance(.hours(2))
            #expect(try await post(app, SNSScenarios.message("Notification", "m-3")) == 403)
            let rows = try await app.assembly.store.hasTaken("m-1", from: "source")
            #expect(rows)
            let late = ["Timestamp": "2026-03-04T14:00:00.000Z"]
            #expect(try await post(app, SNSScenarios.message("Notification", "m-4", late)) == 201)
            #expect(try await !app.assembly.store.hasTaken("m-1", from: "source"))
            try await app.expectPages(["email ada@example.com"])
            try await app.act("resolve", on: 2)
        }
    }

    @Test func `a message that can't be checked right now is requested again`() async throws {
        try await SNSScenarios.run(.sqliteMemory) { app, amazon in
            amazon.isDown.withLock { $0 = true }
            let notification = try SNSScenarios.message("Notification", "m-1")
            #expect(try await post(app, notification) == 503)
            amazon.isDown.withLock { $0 = false }
            #expect(try await post(app, notification) == 201)
            try await app.expectPages(["email ada@example.com"])
            amazon.isDown.withLock { $0 = true }
            let subscription = try SNSScenarios.message("SubscriptionConfirmation", "m-2")
            #expect(try await post(app, subscription) == 503)
            #expect(try await subscriptions(app) == ["\(SNSScenarios.topic) failed"])
            amazon.isDown.withLock { $0 = false }
            #expect(try await post(app, subscription) == 200)
            #expect(try await subscriptions(app) == ["\(SNSScenarios.topic) confirmed"])
            app.allowErrors()
        }
    }

    @Test func `a topic that is pointed at the generic route is known by its header`() async throws {
        try await SNSScenarios.run(.sqliteMemory, source: "generic") { app, _ in
            let headers = [("x-amz-sns-message-type", "Notification"), ("Content-Type", "text/plain")]
            let answer = try await app.post("/api/v1/alerts", try SNSScenarios.message("Notification", "m-1"), headers)
            #expect(answer.status == 201, "\(answer.json)")
            let second = String(decoding: try SNSScenarios.message("Notification", "m-2"), as: UTF8.self)
            let forged = try await app.post(
                "/api/v1/alerts", Array(second.replacing("full", with: "fine").utf8), headers)
            #expect(forged.status == 403)
            try await app.expectPages(["email ada@example.com"])
            try await app.act("resolve")
        }
    }

    @Test func `the unsubscribe address is shown and never requested`() async throws {
        try await SNSScenarios.run(.sqliteMemory) { app, amazon in
            let status = try await post(app, SNSScenarios.message("UnsubscribeConfirmation", "m-1"))
            #expect(status == 200)
            #expect(amazon.confirmations == 0)
            #expect(try await subscriptions(app) == ["\(SNSScenarios.topic) ended"])
        }
    }

    @Test func `only listed topics are accepted, and required signatures are enforced`() async throws {
        let options = #"{"topics": ["arn:aws:sns:eu-west-1:111122223333:other"], "require_signature": true}"#
        try await SNSScenarios.run(.sqliteMemory, options: options) { app, _ in
            let ofAnother = try await post(app, SNSScenarios.message("Notification", "m-1"))
            let unsigned = try await post(app, Array("plain text".utf8))
            let elsewhere = try await app.post("/api/v1/alerts/generic", Array(#"{"title": "x"}"#.utf8))
            #expect(ofAnother == 403)
            #expect(unsigned == 403)
            #expect(elsewhere.status == 403)
        }
    }

    @Test func `certificates and confirmations are never fetched from this host or its network`() async throws {
        let client = CurlClient()
        for url in ["http://127.0.0.1:9/", "http://[::1]:9/", "http://169.254.169.254/latest/meta-data/"] {
            await #expect(throws: CurlError.addressNotAllowed) { try await client.fetch(url, limit: 1_000) }
        }
    }
}
