import Domain
import Formats
import Integrations
import Testing

@Suite struct GenericIntegrationTests {
    func decode(_ body: String) throws -> [AlertEvent] {
        let payload = Payload(body: Array(body.utf8), receivedAt: Timestamp(seconds: 0))
        return try GenericIntegration.decode(payload).entries.compactMap {
            if case .event(let event) = $0 { event } else { nil }
        }
    }

    @Test func `every field of an alert is taken`() throws {
        let event = try #require(
            try decode(
                """
                {"title": "Disk full", "description": "95 %\\nof 1 TB", "severity": "P2", "status": "OK", "external_id": "disk-1",
                 "team": "Operations", "url": "https://example.com/a", "labels": {"host": "db-1", "cpu": 4, "x": null},
                 "starts_at": "2026-03-01T03:00:00+01:00", "policy": "Nights"}
                """
            ).first)
        #expect(event.title == "Disk full")
        #expect(event.text == "95 %\nof 1 TB")
        #expect(event.severity == .error)
        #expect(event.status == .resolved)
        #expect(event.dedupKey == DedupKey("disk-1"))
        #expect(event.team == "Operations")
        #expect(event.links.map(\.url) == ["https://example.com/a"])
        #expect(event.labels == ["host": "db-1", "cpu": "4"])
        #expect(event.startsAt?.rfc3339 == "2026-03-01T02:00:00Z")
        #expect(event.policy == "Nights")
    }

    @Test func `without a key the title is the key`() throws {
        let events = try decode(#"[{"title": "A"}, {"title": " A\n"}, {"title": "B"}]"#)
        #expect(events[0].dedupKey == events[1].dedupKey)
        #expect(events[0].dedupKey != events[2].dedupKey)
        #expect(events[0].severity == nil && events[0].status == .firing)
    }

    @Test(arguments: [
        ("two\r\nlines\tand tab", "two lines and tab"), ("\u{1B}[31mred\u{7}", "[31mred"),
        ("\u{202E}gpj.exe", "gpj.exe"),
        ("<b>bold</b>", "<b>bold</b>"), ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
    ])
    func `titles are one line without tricks`(sent: String, expected: String) {
        #expect(Clean.title(sent) == expected)
    }

    @Test func `what is too long is cut with an ellipsis`() {
        let title = Clean.title(String(repeating: "x", count: 5_000))
        #expect(title.count == AlertEvent.Limits.title && title.hasSuffix("…"))
    }

    @Test(arguments: [
        ("1772334000", "2026-03-01T03:00:00Z"), ("1772334000000", "2026-03-01T03:00:00Z"),
        ("1772334000000000", "2026-03-01T03:00:00Z"), ("1772334000000000000", "2026-03-01T03:00:00Z"),
        ("2026-03-01 03:00:00.5 +0000 UTC m=+12.3", "2026-03-01T03:00:00.500Z"),
        ("2026-03-01T04:00:00+0100", "2026-03-01T03:00:00Z"),
    ])
    func `instants of many forms are read`(sent: String, expected: String) {
        #expect(Clean.instant(sent)?.rfc3339 == expected)
    }

    @Test(arguments: ["0001-01-01T00:00:00Z", "0", "soon", "", "1e999", "-5"])
    func `zero and unreadable instants are unknown`(sent: String) {
        #expect(Clean.instant(sent) == nil)
    }

    @Test func `links that are not http are left out, and the rest is kept`() throws {
        #expect(try decode(#"{"title": "x", "url": "javascript:alert(1)"}"#).first?.links == [])
    }

    @Test(arguments: mail)
    func `mail arrives through the documented relays`(sample: Sample) throws { try sample.check() }

    static let mail = [
        Sample(
            "SendGrid's inbound parse", "generic",
            ["subject": "Disk of db1 is full", "text": "95 %", "from": "db1@example.org", "envelope": "{\"to\":[]}"]
                .map { "--x\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined()
                + "--x--\r\n",
            Facts(.firing, "Disk of db1 is full", says: "95 %")),
        Sample(
            "Mailgun's route", "mapping", "subject=Disk+of+db1+is+full&body-plain=95+%25&sender=db1%40example.org",
            options: SourceOptions(mapping: Mapping(title: "subject", text: "body-plain", dedupKey: "subject")),
            Facts(.firing, "Disk of db1 is full", key: "Disk of db1 is full", says: "95 %")),
    ]
}
