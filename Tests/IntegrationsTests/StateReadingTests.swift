import Domain
import Formats
import Testing

@testable import Integrations

@Suite struct StateWordTests {
    @Test(arguments: [
        ("RESOLVED", AlertEvent.Status.resolved), ("recovered", .resolved), ("check.up", .resolved),
        ("ALERT_RECOVERY", .resolved), ("all clear", .resolved), ("no longer failing", .resolved),
        ("changed from critical to ok", .resolved), ("Closed", .resolved), ("green", .resolved),
        ("recovery failed", .firing), ("not ok", .firing), ("no_data", .firing), ("DOWN", .firing),
        ("problem", .firing), ("unreachable", .firing), ("ACK", .acknowledged), ("in progress", .informational),
        ("paused", .informational),
    ])
    func `a word of a state is read in any case and style`(word: String, expected: AlertEvent.Status) {
        #expect(AlertEvent.Status(word: word) == expected)
    }

    @Test(arguments: ["", "banana", "7", String(repeating: "resolved ", count: 40)])
    func `an unknown word says nothing`(word: String) {
        #expect(AlertEvent.Status(word: word) == nil)
    }
}

@Suite struct InformationTests {
    @Test(arguments: [
        (#"{"title": "Weekly report", "message": "all fine", "type": "info"}"#, AlertEvent.Status.firing),
        (#"{"title": "Weekly report", "message": "all fine"}"#, .resolved),
        (#"{"title": "Disk of db1", "message": "resolved", "type": "info"}"#, .resolved),
        (#"{"title": "Backup of db1", "message": "borg create", "type": "success"}"#, .resolved),
    ])
    func `what a sender calls information is not closed by kind words beside it`(
        text: String, expected: AlertEvent.Status
    ) throws {
        let payload = Payload(
            body: Array(text.utf8), contentType: "application/json", receivedAt: Timestamp(seconds: 1_700_000_000))
        let event = try #require(try GenericIntegration.decode(payload).events.first)
        #expect(event.status == expected)
        #expect(event.severity == .info || !text.contains("\"info\""))
    }
}

@Suite struct TitleStateTests {
    @Test(arguments: [
        ("[RESOLVED] Disk of db1", AlertEvent.Status.resolved, "Disk of db1"),
        ("PROBLEM: Disk of db1", .firing, "Disk of db1"), ("🔴 Disk of db1", .firing, "Disk of db1"),
        ("✅ Disk of db1", .resolved, "Disk of db1"), ("Disk of db1 - RESOLVED", .resolved, "Disk of db1"),
        ("Resolved in 5m 2s: Disk of db1", .resolved, "Disk of db1"), ("web3 is down", .firing, "web3"),
        ("web3 is back up after 5 minutes", .resolved, "web3"), ("Backup has failed", .firing, "Backup"),
        ("Load went from critical to ok", .resolved, "Load"), ("[Shop] [🔴 Down] timeout", .firing, "Shop"),
        ("[Shop] [✅ Up] 200 OK", .resolved, "Shop"),
    ])
    func `a title's state is read, and the rest is its stem`(title: String, status: AlertEvent.Status, stem: String) {
        let state = TitleState(title)
        #expect(state.status == status)
        #expect(state.stem == stem)
    }

    @Test(arguments: [
        "Disk full on db1", "Fail-over of db1", "Up-time report", "The disk filled up", "Weekly report",
        "[Maintenance] db1",
    ])
    func `a title that says no state stays whole`(title: String) {
        #expect(TitleState(title).status == nil)
        #expect(TitleState(title).stem == title)
    }
}

@Suite struct LooseReadingTests {
    private func event(_ body: String) throws -> AlertEvent {
        let payload = Payload(body: Array(body.utf8), receivedAt: Timestamp(seconds: 1_772_334_000))
        let events = try GenericIntegration.decode(payload).entries.compactMap {
            if case .event(let event) = $0 { event } else { nil }
        }
        return try #require(events.first)
    }

    @Test(arguments: [
        (#"{"title": "A", "state": {"value": "OK"}}"#, AlertEvent.Status.resolved),
        (#"{"title": "A", "resolved_at": "2026-03-01T02:00:00Z"}"#, .resolved),
        (#"{"title": "A", "resolved_at": null}"#, .firing), (#"{"title": "A", "failure": false}"#, .resolved),
        (#"{"title": "A", "is_resolved": true}"#, .resolved), (#"{"title": "A", "event": "up"}"#, .resolved),
        (#"{"title": "A", "severity": "ok"}"#, .resolved), (#"{"title": "[RESOLVED] A"}"#, .resolved),
        (#"{"title": "A", "status": "banana"}"#, .firing), (#"{"Name": "A", "Status": "Up"}"#, .resolved),
    ])
    func `a recovery is recognised wherever it is said`(body: String, expected: AlertEvent.Status) throws {
        #expect(try event(body).status == expected)
    }

    @Test(arguments: [
        (#"{"text": "*Pod cart-1 crashed*\nBack-off"}"#, "Pod cart-1 crashed"),
        ("Disk of db1 is full\n95 %", "Disk of db1 is full"), (#"{"Name": "Shop"}"#, "Shop"),
        (#"{"message": {"data": "eyJ0aXRsZSI6ICJEaXNrIG9mIGRiMSJ9", "messageId": "1"}}"#, "Disk of db1"),
        (#"{"attachments": [{"title": "Pod crashed", "color": "danger"}]}"#, "Pod crashed"),
    ])
    func `a title is found in every shape`(body: String, title: String) throws {
        #expect(try event(body).title == title)
    }

    @Test func `hosts of the same title are told apart`() throws {
        let one = try event(#"{"title": "Service down", "labels": {"instance": "web-1"}}"#)
        let two = try event(#"{"title": "Service down", "labels": {"instance": "web-2"}}"#)
        #expect(one.dedupKey != two.dedupKey)
    }

    @Test func `a recovery in the title has the key of its alert`() throws {
        let (one, two) = (try event(#"{"title": "Disk of db1"}"#), try event(#"{"title": "[RESOLVED] Disk of db1"}"#))
        #expect(one.dedupKey == two.dedupKey)
    }

    @Test(arguments: [
        ("1", "priority", Severity.critical), ("40", "level", .error), ("2", "exitstatus", .critical),
        ("1", "exitstatus", .warning), ("9.8", "cvss", .critical), ("5", "nseverity", .critical),
        ("warning", "severity", .warning),
    ])
    func `a scale is read in its own direction`(word: String, name: String, expected: Severity) {
        #expect(SeverityScale.severity(word, named: name) == expected)
    }
}
