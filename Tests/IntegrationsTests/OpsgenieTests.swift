import Domain
import Formats
import Integrations
import Testing

@Suite struct OpsgenieTests {
    static let samples = [
        Sample(
            "a created alert", "opsgenie",
            """
            {"message": "Disk full", "alias": "db-1/disk", "description": "99 % of 1 TB", "priority": "P2", "entity": "db-1",
             "tags": ["disk", "db"], "note": "Again", "details": {"runbook": "https://wiki.example.com/disk", "host": "db-1"},
             "responders": [{"name": "Operations", "type": "team"}], "source": "cron"}
            """,
            Facts(
                .firing, "Disk full", key: "db-1/disk", .error, links: ["https://wiki.example.com/disk"],
                says: "99 % of 1 TB\n\nAgain")),
        Sample(
            "a webhook about a created alert", "opsgenie",
            """
            {"action": "Create", "alert": {"alertId": "a-1", "tinyId": "7", "alias": "disk", "message": "Disk full",
             "priority": "P5", "createdAt": 1772334000123, "updatedAt": 1772334000123000456}}
            """,
            Facts(.firing, "Disk full", key: "disk", .info, starts: "2026-03-01T03:00:00.123Z")),
        Sample(
            "a webhook about a closed alert without alias", "opsgenie",
            #"{"action": "Close", "alert": {"alertId": "a-1", "message": "Disk full"}}"#,
            Facts(.resolved, "Disk full", key: "a-1")),
        Sample(
            "a webhook about an acknowledged alert", "opsgenie",
            #"{"action": "Acknowledge", "alert": {"alertId": "a-1", "alias": "disk", "message": "Disk full"}}"#,
            Facts(.acknowledged, "Disk full", key: "disk")),
        Sample(
            "a webhook about a note", "opsgenie",
            #"{"action": "AddNote", "alert": {"alertId": "a-1", "alias": "disk", "message": "Disk full", "note": "Hm"}}"#,
            Facts(.informational, "Disk full", key: "disk", says: "Hm")),
    ]

    @Test(arguments: samples) func `alerts and webhooks`(sample: Sample) throws { try sample.check() }

    @Test(arguments: [
        ("close", AlertEvent.Status.resolved), ("delete", .resolved), ("acknowledge", .acknowledged),
        ("notes", .informational), ("unacknowledge", .informational), ("snooze", .informational),
        ("tags", .informational),
    ])
    func `the path names the alert and the action`(action: String, status: AlertEvent.Status) throws {
        let decoded = try decode(
            "opsgenie", #"{"user": "Ada", "note": "Looking"}"#,
            parameters: ["identifier": "db-1/disk", "action": action])
        let event = try #require(decoded.events.first)
        #expect(event.status == status && event.dedupKey == DedupKey("db-1/disk"))
        #expect(event.text == "Looking\n\nBy Ada")
        #expect(decoded.notes.isEmpty == (status != .informational))
    }

    @Test func `these requests may have no body, or a broken one`() throws {
        for body in ["", "{", "[]"] {
            let decoded = try decode("opsgenie", body, parameters: ["identifier": "a", "action": "close"])
            #expect(decoded.events.map(\.status) == [.resolved])
        }
    }

    @Test(arguments: [
        ("alias", "a-1", OpsgenieIdentifier.alias("a-1")), ("id", "a-1", .id("a-1")), ("", "a-1", .id("a-1")),
        ("tiny", "7", .tiny(7)), ("tiny", "x", .alias("x")), ("ALIAS", "7", .alias("7")),
    ])
    func `identifiers are of three types`(type: String, text: String, identifier: OpsgenieIdentifier) {
        let payload = Payload(
            body: [], query: ["identifierType": type], parameters: ["identifier": text],
            receivedAt: Timestamp(seconds: 0))
        #expect(payload.opsgenieIdentifier == identifier)
    }

    @Test func `without an alias every alert is new, and without a message it is refused`() throws {
        let first = try decode("opsgenie", #"{"message": "x"}"#).events.first
        let later = try decode("opsgenie", #"{"message": "x"}"#, at: Timestamp(seconds: 1_772_334_001)).events.first
        #expect(first != nil && first?.dedupKey != later?.dedupKey)
        let error = #expect(throws: PayloadError.self) { try decode("opsgenie", #"{"alias": "a"}"#) }
        #expect(error == .unprocessable([FieldFault("message", "Say in one line what is wrong.")]))
    }
}
