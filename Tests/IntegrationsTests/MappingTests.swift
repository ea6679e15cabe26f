import Domain
import Formats
import Integrations
import Testing

@Suite struct MappingTests {
    static let options = """
        {"mapping": {"items": "$.checks", "title": "{host}: {check.name}", "text": "{check.output}", "severity": "level",
          "status": "state", "resolved_values": ["Green"], "dedup_key": "{host}/{check.id}", "link": "$.base",
          "starts_at": "since", "labels": ["host", "check.id", "$.site"]}}
        """
    static let payload = """
        {"site": "Zagreb", "base": "https://monitor.example.com/", "checks": [
          {"host": "db-1", "state": "red", "level": "warn", "since": 1772334000, "check": {"id": 7, "name": "disk", "output": "95 %"}},
          {"host": "db-2", "state": "green", "check": {"id": 8, "name": "load"}}]}
        """

    @Test func `every field is read from the operator's path`() throws {
        let options = try SourceOptions(json: Self.options)
        let decoded = try decode("mapping", Self.payload, options: options)
        #expect(decoded.isList && decoded.events.count == 2)
        Facts(
            .firing, "db-1: disk", key: "db-1/7", .warning, links: ["https://monitor.example.com/"],
            starts: "2026-03-01T03:00:00Z", says: "95 %"
        ).check(decoded.events[0], #_sourceLocation)
        Facts(.resolved, "db-2: load", key: "db-2/8", links: ["https://monitor.example.com/"])
            .check(decoded.events[1], #_sourceLocation)
        #expect(decoded.events[0].labels == ["host": "db-1", "id": "7", "site": "Zagreb"])
        #expect(decoded.notes.contains("severity: the path level found nothing."))
        #expect(decoded.notes.contains("text: the path check.output found nothing."))
    }

    @Test(arguments: [
        (#"{"name": "x"}"#, 1, false), (#"[{"name": "x"}, {"name": "y"}]"#, 2, true),
    ])
    func `without items it is one alert, or an array of them`(body: String, count: Int, isList: Bool) throws {
        let decoded = try decode("mapping", body, options: SourceOptions(mapping: Mapping(title: "name")))
        #expect(decoded.events.count == count && decoded.isList == isList)
    }

    @Test func `a path that finds nothing is named`() throws {
        let noTitle = try decode("mapping", #"{"b": 1}"#, options: SourceOptions(mapping: Mapping(title: "a.name")))
        guard case .rejected(let faults) = noTitle.entries[0] else { throw PayloadError.malformed("\(noTitle)") }
        #expect(faults == [FieldFault("title", "The path a.name found nothing, and an alert needs a title.")])
        let error = #expect(throws: PayloadError.self) {
            try decode("mapping", "{}", options: SourceOptions(mapping: Mapping(items: "list", title: "a")))
        }
        #expect(
            error
                == .unprocessable([
                    FieldFault("items", "The path list found nothing; it should find the list of alerts.")
                ]))
    }

    @Test func `unknown words are noted and change nothing`() throws {
        let mapping = Mapping(title: "t", severity: "s", status: "u")
        let decoded = try decode(
            "mapping", #"{"t": "x", "s": "plaid", "u": "odd"}"#, options: SourceOptions(mapping: mapping))
        #expect(decoded.events.first?.severity == nil && decoded.events.first?.status == .firing)
        #expect(decoded.notes.count == 2 && decoded.notes[0].contains("plaid") && decoded.notes[1].contains("odd"))
    }

    @Test func `a source without a mapping says so`() {
        let error = #expect(throws: PayloadError.self) { try decode("mapping", "{}") }
        guard case .unprocessable(let faults) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(faults.map(\.field) == ["mapping"])
    }

    @Test(arguments: [
        (#"{"mapping": {"text": "a"}}"#, "mapping.title"), (#"{"mapping": {"title": "a..b"}}"#, "mapping.title"),
        (#"{"mapping": {"title": "a", "titel": "b"}}"#, "mapping.titel"), (#"{"mapping": 7}"#, "mapping"),
        (#"{"mapping": {"title": "a", "labels": [1]}}"#, "mapping.labels"), (#"{"secret": 7}"#, "secret"),
    ])
    func `wrong options are reported with their path`(json: String, field: String) {
        let error = #expect(throws: PayloadError.self) { try SourceOptions(json: json) }
        guard case .unprocessable(let faults) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(faults.map(\.field).contains(field))
    }

    @Test func `trying a mapping explains what each path found`() throws {
        let options = try SourceOptions(json: Self.options)
        let payload = Payload(body: Array(Self.payload.utf8), receivedAt: Timestamp(seconds: 0))
        let trial = Trial(payload, sender: try #require(Integrations.integration(for: "mapping")), options: options)
        let first = try #require(trial.findings.first)
        #expect(first.part == "title" && first.path == "host" && first.found == "db-1")
        #expect(trial.lines.contains("severity: level → warn"))
        #expect(trial.lines.contains("firing, warning: db-1: disk (key db-1/7)"))
        #expect(trial.lines.contains("resolved, default severity: db-2: load (key db-2/8)"))
    }

    @Test func `trying a broken sample says where it is broken`() throws {
        let sender = try #require(Integrations.integration(for: "mapping"))
        let payload = Payload(body: Array("{".utf8), receivedAt: Timestamp(seconds: 0))
        let trial = Trial(payload, sender: sender, options: SourceOptions(mapping: Mapping(title: "a")))
        #expect(trial.findings.isEmpty && trial.lines.first?.contains("line 1, column 2") == true)
    }

    @Test func `trying a mapping ignores signatures and stores nothing`() throws {
        let sender = try #require(Integrations.integration(for: "sentry"))
        let payload = Payload(body: Array(SignedIntegrationTests.issue.utf8), receivedAt: Timestamp(seconds: 0))
        let trial = Trial(payload, sender: sender, options: SourceOptions(secret: Secret("s")))
        #expect(trial.lines == ["firing, critical: Error: no stock (key 77)"])
    }
}
