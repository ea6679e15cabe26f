import Domain
import Formats
import Integrations
import Testing

/// A problem and its recovery, as senders without an integration write them.
struct Episode: Sendable, CustomTestStringConvertible {
    let name: String
    let problem: String
    let recovery: String

    init(_ name: String, _ problem: String, _ recovery: String) {
        (self.name, self.problem, self.recovery) = (name, problem, recovery)
    }

    var testDescription: String { name }
}

@Suite struct RecoveryTests {
    static let episodes = [
        Episode(
            "a mark in front", #"{"title": "[FIRING] Queue of orders"}"#, #"{"title": "[RESOLVED] Queue of orders"}"#),
        Episode("a mark with a count", #"{"title": "[FIRING:2] Queue"}"#, #"{"title": "[RESOLVED:2] Queue"}"#),
        Episode("a word in front", #"{"title": "PROBLEM: Load of app4"}"#, #"{"title": "RECOVERY: Load of app4"}"#),
        Episode("a word behind", #"{"title": "Load of app4 - CRITICAL"}"#, #"{"title": "Load of app4 - OK"}"#),
        Episode("a sentence", #"{"title": "app4 is down"}"#, #"{"title": "app4 is back up after 5 minutes"}"#),
        Episode("an emoji", #"{"title": "🔴 app4"}"#, #"{"title": "✅ app4"}"#),
        Episode("the plain title", #"{"title": "Load of app4"}"#, #"{"title": "[RESOLVED] Load of app4"}"#),
        Episode("a state", #"{"name": "app4", "state": "DOWN"}"#, #"{"name": "app4", "state": "up"}"#),
        Episode(
            "an event", #"{"monitor": "app4", "event": "triggered"}"#, #"{"monitor": "app4", "event": "recovered"}"#),
        Episode(
            "a phrase", #"{"title": "app4", "status": "changed from ok to critical"}"#,
            #"{"title": "app4", "status": "changed from critical to ok"}"#),
        Episode("a boolean", #"{"title": "app4", "resolved": false}"#, #"{"title": "app4", "resolved": true}"#),
        Episode("the other boolean", #"{"title": "app4", "firing": true}"#, #"{"title": "app4", "firing": false}"#),
        Episode("a number", #"{"title": "app4", "exit_code": 2}"#, #"{"title": "app4", "exit_code": 0}"#),
        Episode(
            "a time", #"{"title": "app4", "resolved_at": null}"#,
            #"{"title": "app4", "resolved_at": "2026-02-01T00:00:00Z"}"#),
        Episode("a severity", #"{"title": "app4", "severity": "critical"}"#, #"{"title": "app4", "severity": "ok"}"#),
        Episode(
            "other names", #"{"AlarmName": "app4", "NewState": "ALARM"}"#, #"{"AlarmName": "app4", "NewState": "OK"}"#),
        Episode(
            "a nested state", #"{"monitor": {"name": "app4", "status": "down"}}"#,
            #"{"monitor": {"name": "app4", "status": "up"}}"#),
        Episode("plain text", "app4 is down 🔴\n\nNo answer", "app4 is up ✅\n\nAnswers again"),
        Episode("a form", "Name=app4&Status=Down", "Name=app4&Status=Up"),
    ]

    private func event(_ body: String) throws -> AlertEvent {
        try #require(try decode("generic", body).events.first)
    }

    @Test(arguments: episodes)
    func `a recovery is recognised and has the key of its problem`(episode: Episode) throws {
        let (problem, recovery) = (try event(episode.problem), try event(episode.recovery))
        #expect(problem.status == .firing && recovery.status == .resolved, "\(problem.status) \(recovery.status)")
        #expect(problem.dedupKey == recovery.dedupKey)
    }

    @Test(arguments: [
        "Recovery failed on app4", "Backup did not complete", "Certificate has expired", "Disk filled up",
        "Connection was closed", "app4 is not healthy", "Service is no longer available", "Fail-over of app4",
        "Up-time report is missing", "Restored backup is corrupt", "Failed to recover app4", "OK button is broken",
    ])
    func `a problem is not taken for a recovery`(title: String) throws {
        #expect(try event(#"{"title": "\#(title)"}"#).status == .firing)
    }

    @Test(arguments: [
        (#"{"title": "Down", "host": "a"}"#, #"{"title": "Down", "host": "b"}"#),
        (#"{"title": "Down", "labels": {"instance": "a"}}"#, #"{"title": "Down", "labels": {"instance": "b"}}"#),
        (#"{"title": "Down", "check": "a"}"#, #"{"title": "Down", "check": "b"}"#),
        (#"{"title": "Down", "resource": "a"}"#, #"{"title": "Down", "resource": "b"}"#),
    ])
    func `what is watched is part of a derived key`(one: String, other: String) throws {
        #expect(try event(one).dedupKey != (try event(other).dedupKey))
    }

    @Test func `labels that change leave the key as it is`() throws {
        let first = try event(#"{"title": "Load", "labels": {"instance": "a", "value": "97", "severity": "warning"}}"#)
        let later = try event(#"{"title": "Load", "labels": {"instance": "a", "value": "99", "severity": "critical"}}"#)
        #expect(first.dedupKey == later.dedupKey)
    }

    @Test func `an unknown word is noted and drops nothing`() throws {
        let decoded = try decode("generic", #"{"title": "x", "status": "wobbly", "severity": "purple"}"#)
        #expect(decoded.events.map(\.status) == [.firing] && decoded.events.first?.severity == nil)
        #expect(decoded.notes.contains { $0.contains("wobbly") } && decoded.notes.contains { $0.contains("purple") })
    }

    @Test func `what was found instead of a title is named`() throws {
        let error = #expect(throws: PayloadError.self) { try decode("generic", #"{"Depth": 4, "Colour": 7}"#) }
        guard case .unprocessable(let faults) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(faults.first?.explanation.contains("found Depth, Colour") == true)
    }
}
