import Testing

@testable import Domain

@Suite struct ValueTests {
    @Test(arguments: [
        (0, "00:00", "12:00 AM"), (1, "00:01", "12:01 AM"), (540, "09:00", "9:00 AM"), (719, "11:59", "11:59 AM"),
        (720, "12:00", "12:00 PM"), (1_024, "17:04", "5:04 PM"), (1_439, "23:59", "11:59 PM"),
        (1_440, "24:00", "12:00 AM"),
    ])
    func `a time of day has 24 hours or twice 12`(minute: Int, in24: String, in12: String) {
        #expect(ClockForm.hours24.words(minute: minute) == in24)
        #expect(ClockForm.hours12.words(minute: minute) == in12)
        #expect(ClockForm.hours12.words(minute: 1_024, second: 9) == "5:04:09 PM")
    }

    @Test(arguments: [
        ("2026-03-01T03:00:00Z", "2026-03-01T03:00:00Z"), ("2026-03-01 03:00:00", "2026-03-01T03:00:00Z"),
        ("2026-03-01T05:30:00.123456789+02:30", "2026-03-01T03:00:00.123Z"),
        ("2026-03-01T01:00:00-0200", "2026-03-01T03:00:00Z"), ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
    ])
    func `instants are read in the dialects of RFC 3339 and written in one`(text: String, expected: String) {
        #expect(Timestamp(rfc3339: text)?.rfc3339 == expected)
    }

    @Test(arguments: [
        "", "tomorrow", "2026-02-30T00:00:00Z", "2026-03-01T25:00:00Z", "2026-03-01T03:00Z", "2026-03-01T03:00:00Zx",
    ])
    func `anything else is refused as an instant`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `day numbers and dates convert both ways`() {
        for day in stride(from: Int64(-100_000), through: 100_000, by: 37) {
            #expect(CivilDate(daysSince1970: day).daysSince1970 == day)
        }
        #expect(CivilDate(year: 2026, month: 3, day: 1)?.weekday == 7)
    }

    @Test func `long dedup keys with the same beginning stay distinct`() {
        let long = String(repeating: "k", count: 300)
        #expect(DedupKey(long + "a") != DedupKey(long + "b"))
        #expect(DedupKey(long).rawValue.count <= 255)
        #expect(DedupKey("short").rawValue == "short")
        // One character of 1,000 scalars, and characters of many scalars each, must also fit an index.
        let marked = "e" + String(repeating: "\u{301}", count: 1_000)
        #expect(DedupKey(marked).rawValue.unicodeScalars.count <= 255)
        #expect(DedupKey(String(repeating: "👩‍👩‍👧", count: 250)).rawValue.unicodeScalars.count <= 255)
    }

    @Test func `a secret never shows itself`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.reveal() == "hunter2")
    }

    @Test(arguments: ["javascript:alert(1)", "http://", "ftp://a", "https:///x", "https://a b", "https://a\"b"])
    func `links are http or https and nothing else`(url: String) {
        #expect(Link(title: "x", url: url) == nil)
        #expect(Link(title: "x", url: "https://example.com/a?b=c#d") != nil)
    }

    @Test(arguments: [("CRITICAL", Severity.critical), ("P2", .error), ("Warn", .warning), (" none ", .info)])
    func `the severity words of many systems are known`(word: String, severity: Severity) {
        #expect(Severity(word: word) == severity)
        #expect(Severity(word: "purple") == nil)
    }
}
