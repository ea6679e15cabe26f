import Domain
import Formats
import Foundation
import Integrations
import TestSupport
import Testing

/// Extreme bodies. Each is either read or refused with a reason.
@Suite struct EdgeTests {
    /// One Alertmanager alert with additional members.
    static func group(_ alert: String = "", labels: String = #""alertname": "Down", "severity": "critical""#) -> String
    {
        #"{"version": "4", "status": "firing", "alerts": [{"status": "firing", "fingerprint": "a1", "#
            + #""labels": {\#(labels)}\#(alert.isEmpty ? "" : ", " + alert)}]}"#
    }

    func event(_ body: [UInt8], contentType: String? = nil) throws -> AlertEvent {
        let payload = Payload(body: body, contentType: contentType, receivedAt: Timestamp(seconds: 1_772_334_000))
        return try #require(
            try Integrations.integration(for: "alertmanager")?.decode(payload, options: SourceOptions()).events.first)
    }

    func event(_ body: String, contentType: String? = nil) throws -> AlertEvent {
        try event(Array(body.utf8), contentType: contentType)
    }

    @Test(arguments: [
        nil, "text/plain; charset=UTF-8", "application/x-www-form-urlencoded", "application/octet-stream", "",
    ])
    func `the content decides, whatever the Content-Type says`(contentType: String?) throws {
        #expect(try event(Self.group(), contentType: contentType).title == "Down")
    }

    @Test func `form fields, encoded bodies and multipart bodies may hold JSON`() throws {
        let encoded = Self.group().utf8.map {
            "%" + (String($0, radix: 16).count == 1 ? "0" : "") + String($0, radix: 16)
        }
        .joined()
        #expect(try event("payload=\(encoded)").title == "Down")
        #expect(try event(encoded.replacing("%7b", with: "%7B")).title == "Down")
        let parts = "--x1\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n\(Self.group())\r\n--x1--\r\n"
        #expect(try event(parts, contentType: "application/json").title == "Down")
    }

    @Test func `a byte order mark, Latin-1, NUL and half a pair lose nothing else`() throws {
        #expect(try event([0xef, 0xbb, 0xbf] + Array(Self.group().utf8)).title == "Down")
        let latin1 = Array(Self.group(labels: #""alertname": "K"#).utf8.dropLast(4)) + [0xfc] + Array("che\"}}]}".utf8)
        #expect(try event(latin1).title == "K\u{FFFD}che")
        #expect(try event(Self.group(labels: #""alertname": "a\u0000b\ud83d""#)).title == "ab\u{FFFD}")
    }

    @Test func `of duplicate members the last one counts, for both title and key`() throws {
        let event = try event(
            #"{"alerts": [{"fingerprint": "a", "fingerprint": "b", "labels": {"alertname": "A", "alertname": "B"}}]}"#)
        #expect(event.title == "B" && event.dedupKey == DedupKey("b"))
    }

    @Test func `null is absent, and numbers and objects are read as text`() throws {
        let event = try event(
            Self.group(
                #""annotations": null, "startsAt": null, "generatorURL": null"#,
                labels: #""alertname": 1e999, "port": 9100, "up": false, "k8s": {"ns": "x"}, "none": null"#))
        #expect(event.labels == ["alertname": "1e999", "port": "9100", "up": "false", "k8s": #"{"ns":"x"}"#])
        #expect(event.title == "1e999" && event.startsAt == nil && event.links.isEmpty)
    }

    @Test(arguments: [
        "1e999", "\"soon\"", "-1", "0", "\"0001-01-01T00:00:00Z\"", "\"2026-13-45T99:00:00Z\"", "[]",
        "99999999999999999999",
    ])
    func `an invalid time prevents no page`(time: String) throws {
        #expect(try event(Self.group(#""startsAt": \#(time)"#)).startsAt == nil)
    }

    @Test func `titles are shortened to one line without control characters`() throws {
        let long = try event(Self.group(#""annotations": {"summary": "\#(String(repeating: "x", count: 5_000))"}"#))
        #expect(long.title.count == AlertEvent.Limits.title)
        let odd = try event(Self.group(#""annotations": {"summary": "a\r\nBcc: x\u202e\u001b[31m <b>"}"#))
        #expect(odd.title == "a Bcc: x[31m <b>")
        let marks = "e" + String(repeating: "\u{301}", count: 100_000)
        let marked = try event(Self.group(#""annotations": {"summary": "\#(marks)"}"#))
        #expect(marked.title.unicodeScalars.count <= AlertEvent.Limits.title * 8 + 1)
    }

    @Test func `the same alert twice in one body is the same problem twice`() throws {
        let alert = #"{"status": "firing", "labels": {"alertname": "A"}}"#
        let decoded = try decode("alertmanager", #"{"alerts": [\#(alert), \#(alert)]}"#)
        #expect(decoded.events.count == 2 && decoded.events[0] == decoded.events[1])
    }

    @Test(arguments: [
        "", " \n", "{", "[1", "null", "7", "{\"a\": 1} x", "{\"a\": NaN}", "{\"a\": Infinity}",
        "\u{1f}\u{8b}\u{8}",
        "<html></html>", "{'a': 1}", "[[[[", "{\"alerts\": [}",
    ])
    func `invalid JSON is malformed and says where`(body: String) {
        for kind in Integrations.all.map({ $0.kind }) where kind != "cloudwatch" {
            let error = #expect(throws: PayloadError.self, "\(kind)") { try decode(kind, body) }
            guard case .malformed(let why) = error else {
                return #expect(Bool(false), "\(kind): \(String(describing: error))")
            }
            #expect(!why.isEmpty)
        }
    }

    @Test func `an empty object, an empty list and an empty group open nothing`() throws {
        for kind in ["generic", "alertmanager", "grafana", "pagerduty", "opsgenie"] {
            #expect(throws: PayloadError.self, "\(kind)") { try decode(kind, "{}") }
        }
        #expect(throws: PayloadError.self) { try decode("generic", "[]") }
        let decoded = try decode("alertmanager", #"{"alerts": []}"#)
        #expect(decoded.entries.isEmpty && !decoded.notes.isEmpty)
    }
}

extension EdgeTests {
    @Test func `depth, number of values and number of alerts have limits`() throws {
        let deep = String(repeating: #"{"a":"#, count: 300) + "1" + String(repeating: "}", count: 300)
        #expect(throws: PayloadError.self) { try decode("generic", deep) }
        let wide = "[" + String(repeating: "1,", count: JSON.Limits.values) + "1]"
        #expect(throws: PayloadError.self) { try decode("generic", wide) }
        let alert = #"{"labels":{"alertname":"a"}},"#
        for (count, isTaken) in [(Payload.Limits.events, true), (Payload.Limits.events + 1, false)] {
            let body = #"{"alerts":[\#(String(repeating: alert, count: count).dropLast())]}"#
            #expect(((try? decode("alertmanager", body)) != nil) == isTaken)
        }
    }

    /// Bodies of the maximum size that would take forever with any quadratic algorithm.
    static let large: [(name: String, body: String)] = {
        let size = Payload.Limits.body
        let keys = (0..<80_000).map { #""k\#($0)":1"# }.joined(separator: ",")
        return [
            ("brackets", String(repeating: "[", count: size)),
            ("a text", #"{"title":"\#(String(repeating: "é", count: size / 2))"}"#),
            ("marks", #"{"title":"e\#(String(repeating: "\u{301}", count: size / 2 - 10))"}"#),
            ("blanks", #"{"title":"\#(String(repeating: " ", count: size))x"}"#), ("keys", "{\(keys)}"),
            ("labels", #"{"title":"x","labels":{\#(keys)}}"#),
            ("one key", #"{"title":"x",\#(String(repeating: #""a":1,"#, count: size / 6))"b":1}"#),
            ("escapes", #"{"title":"\#(String(repeating: "\\u0041", count: size / 6))"}"#),
            ("fields", "a=1" + String(repeating: "&a=1", count: size / 4)),
            ("percents", "a=" + String(repeating: "%41", count: size / 3)),
            ("parts", "--b\n" + String(repeating: "--b\n\n", count: size / 5)),
            ("lines", "--b\n" + String(repeating: "--\n", count: size / 3)),
            ("links", String(repeating: "https://a.b ", count: size / 12)),
        ]
    }()

    @Test(.serialized, .timeLimit(.minutes(30)), arguments: large.indices)
    func `the largest bodies are read quickly enough`(index: Int) async {
        await Task.yield()
        let (name, body) = Self.large[index]
        let time = processorTime {
            for kind in ["generic", "cloudwatch", "alertmanager"] { _ = try? decode(kind, body) }
        }
        #expect(time < .seconds(30), "\(name): \(time)")
    }

    static let files: [(name: String, expected: String)] = [
        ("alerts_500_one_group.json", "500 web01 down"), ("clock_skew_future.json", "1 web01 down"),
        ("deep_nesting_300.json", "malformed"), ("duplicate_keys.json", "1 B"), ("empty_alerts.json", "0 "),
        ("empty_body.txt", "malformed"), ("empty_object.json", "unprocessable"),
        ("form_payload_field.txt", "1 web01 down"),
        ("gzip_body.json.gz", "malformed"), ("invalid_utf8_latin1.json", "1 web01 down"),
        ("json_null.json", "malformed"),
        ("labels_nested_objects.json", "1 web01 down"), ("no_content_type.json", "1 web01 down"),
        ("null_fields.json", "1 InstanceDown"), ("numbers_as_strings_and_back.json", "1 web01 down"),
        ("same_alert_twice_in_one_post.json", "2 web01 down"), ("trailing_garbage.json", "malformed"),
        ("truncated_json.json", "malformed"), ("utf8_bom.json", "1 web01 down"),
        ("wrong_content_type_text_plain.json", "1 web01 down"),
    ]

    /// Without compression, which the code that reads the request removes.
    @Test(.enabled(if: Fixtures.folder != nil, Fixtures.missing), arguments: files.indices)
    func `fixtures at the limits`(index: Int) throws {
        let (name, expected) = Self.files[index]
        let sender = try #require(Integrations.integration(for: "alertmanager"))
        let found: String
        do {
            let events = try sender.decode(try Fixtures.payload("edge/\(name)"), options: SourceOptions()).events
            found = "\(events.count) \(events.first?.title ?? "")"
        } catch {
            found =
                switch error {
                case PayloadError.malformed: "malformed"
                case PayloadError.unprocessable: "unprocessable"
                default: "\(error)"
                }
        }
        #expect(found == expected, "\(name)")
    }
}
