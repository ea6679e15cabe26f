import Actors
import Domain
import Formats
import Integrations
import TestSupport
import Testing
import Transport

@testable import App

/// “Why did this not page?”: the source's page and its payloads say so.
@Suite struct WhyNotScenarios {
    private func notes(_ app: TestApp) async throws -> [String] {
        let items = try await app.send("GET", "/api/v1/alert-sources/source/payloads").json["items"]?.array ?? []
        return items.flatMap { $0["notes"]?.array ?? [] }.compactMap(\.text)
    }

    @Test(arguments: TestDatabase.available)
    func `a right key at a wrong address is remembered with the address to use`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let key = TestApp.key
            let advice = "by POST to \(app.assembly.services.settings.baseURL)/api/v1/alerts."
            let wrong: [(String, String, [(name: String, value: String)], Int)] = [
                ("POST", "/api/v1/alert", [("X-API-Key", key)], 404), ("POST", "/?key=\(key)", [], 405),
                ("POST", "/hooks/\(key)", [], 404), ("POST", "/api/v1/alerts/fax", [("X-API-Key", key)], 404),
                ("DELETE", "/api/v1/alerts/grafana", [("Authorization", "Bearer \(key)")], 405),
            ]
            for (method, path, headers, status) in wrong {
                let answer = try await app.send(method, path, #"{"title": "Lost"}"#, headers: headers)
                #expect(answer.status == status, "\(path)")
                #expect(answer.json["detail"]?.text?.contains(advice) == true, "\(path): \(answer.json)")
            }
            let notes = try await notes(app)
            #expect(notes.count == wrong.count)
            #expect(notes.contains { $0.contains("Sent to /api/v1/alert, which is no address for alerts.") })
            #expect(notes.contains { $0.contains("by DELETE. That address accepts") })
            #expect(!notes.contains { $0.contains(key) })
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/alert-sources/source")
            #expect(await browser.page.contains("which is no address for alerts"))
            #expect(await browser.page.contains("Lost"))
        }
    }

    @Test func `a disabled source and an alert that pages nobody again say so`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for _ in 0..<2 { try await app.alert(#"{"title": "Again", "external_id": "a"}"#) }
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/alert-sources/source")
            #expect(await browser.page.contains("updated incident #1, which was open already"))
            try await browser.send("/alert-sources/source/state", ["enabled": "no"])
            let answer = try await app.send("POST", "/api/v1/alerts", #"{"title": "Unheard"}"#)
            #expect(answer.status == 401)
            #expect(answer.json["detail"]?.text?.contains("disabled") == false)
            #expect(try await notes(app).contains { $0.contains("The source is disabled") })
            try await app.takePages()
        }
    }

    @Test func `strangers at a wrong address learn and leave nothing`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let answer = try await app.send("POST", "/api/v1/alert", "{}", headers: [("X-API-Key", "wrong")])
            #expect(answer.status == 404)
            #expect(answer.json["detail"]?.text == "There is no such address.")
            #expect(try await notes(app).isEmpty)
        }
    }

    @Test func `notes name what was there, what was not found and the word that is not known`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            _ = try await app.send("POST", "/api/v1/alerts", #"{"ProblemNo": 7, "Phase": 2, "Ref": "x"}"#)
            _ = try await app.send("POST", "/api/v1/alerts", #"{"headline": "Loose", "note": "some words"}"#)
            let group = #"[{"labels": {"alertname": "A", "severity": "purple"}}]"#
            _ = try await app.send("POST", "/api/v1/alerts/alertmanager", group)
            let issue =
                #"{"id": "i-1", "title": "Slow", "state": "CREATED", "priority": "MAUVE", "issueUrl": "https://a.example"}"#
            _ = try await app.send("POST", "/api/v1/alerts/newrelic", issue)
            let notes = try await notes(app)
            #expect(notes.contains { $0.hasPrefix("“MAUVE” (priority) is not a known severity.") })
            #expect(notes.contains { $0.contains("found ProblemNo, Phase, Ref") && $0.contains("kind mapping") })
            #expect(
                notes.contains(
                    "Read loosely: the title is “headline”; not found: a status, a severity, an id of the problem."))
            #expect(notes.contains { $0.hasPrefix("“purple” is not a known severity.") })
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the page and the API say how the key is made, with the parts of the last one`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Disk full", "labels": {"host": "db1", "check": "disk"}}"#)
            let rule = try await app.send("GET", "/api/v1/alert-sources/source").json["dedup_key_rule"]?.text
            #expect(rule?.hasPrefix("Alerts with the same dedup key are one problem; the key is `external_id`") == true)
            let items = try await app.send("GET", "/api/v1/alert-sources/source/payloads").json["items"]?.array ?? []
            let parts = items.first?.at("alerts[0].key_parts")?.array?.compactMap(\.text)
            #expect(parts == ["title=Disk full", "check=disk", "host=db1"])
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/alert-sources/source")
            let page = await browser.page
            #expect(page.contains("How alerts are told apart"))
            #expect(page.contains("<code>external_id</code>"))
            #expect(page.contains("<code>host=db1</code>"))
            try await app.alert(#"{"title": "Disk full", "external_id": "d-1"}"#)
            try await browser.visit("/alert-sources/source")
            #expect(await browser.page.contains("<code>external_id=d-1</code>"))
            try await app.takePages()
        }
    }

    @Test func `each kind says in one sentence how its key is made`() {
        for sender in Integrations.all {
            let sentence = sender.fields.keySentence
            #expect(sentence.hasSuffix(".") && !sentence.contains("\n") && !sentence.hasSuffix(".."), "\(sentence)")
            #expect(sentence.split(separator: "`", omittingEmptySubsequences: false).count % 2 == 1, "\(sentence)")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an AWS incident under a key of an earlier version is found and resolved`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            func event(_ type: String, _ detail: String) -> String {
                #"{"detail-type": "\#(type)", "resources": ["arn:aws:x:eu-west-1:1:thing/one"], "detail": \#(detail)}"#
            }
            // The keys as version 1 made them, each opened by its name.
            for key in [
                "Step Functions Execution Status Change: run-1",
                "EC2 Instance Launch Unsuccessful: arn:aws:x:eu-west-1:1:thing/one",
                DedupKey(derivedFrom: ["", "Disk full on db1"]).rawValue,
            ] {
                try await app.alert(#"{"title": "Old \#(key)", "external_id": "\#(key)"}"#)
            }
            let failed =
                #"{"stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:m", "name": "run-1", "status": "FAILED"}"#
            let path = "/api/v1/alerts/cloudwatch"
            _ = try await app.send("POST", path, event("Step Functions Execution Status Change", failed))
            #expect(try await app.send("GET", "/api/v1/incidents").json["items"]?.array?.count == 3)
            let good = failed.replacing("FAILED", with: "SUCCEEDED")
            _ = try await app.send("POST", path, event("Step Functions Execution Status Change", good))
            _ = try await app.send(
                "POST", path, event("EC2 Instance Launch Successful", #"{"AutoScalingGroupName": "g"}"#))
            _ = try await app.send("POST", path, "[RESOLVED] Disk full on db1")
            let states = try await [app.state(1), app.state(2), app.state(3)]
            #expect(states[0] == "resolved")
            #expect(states[2] == "resolved")
            try await app.takePages()
        }
    }
}
