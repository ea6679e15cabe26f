import Domain
import Formats
import Integrations
import Testing

/// Payloads on the generic route are recognized by their shape.
@Suite struct DetectionTests {
    static let all =
        samples + CloudIntegrationTests.datadog + CloudIntegrationTests.newRelic + CloudIntegrationTests.azure
        + CloudIntegrationTests.googleCloud + UptimeIntegrationTests.uptimeKuma + UptimeIntegrationTests.uptimeRobot
        + UptimeIntegrationTests.pingdom + UptimeIntegrationTests.updown + UptimeIntegrationTests.healthchecks
        + UptimeIntegrationTests.statuspage + ServerIntegrationTests.zabbix + ServerIntegrationTests.nagios
        + ServerIntegrationTests.graylog + ServerIntegrationTests.kapacitor + ServerIntegrationTests.homeAssistant
        + ServerIntegrationTests.ariaOperations + GroupIntegrationTests.alertmanager + GroupIntegrationTests.grafana

    static let samples =
        PagerDutyTests.samples + OpsgenieTests.samples + SignedIntegrationTests.sentry + SignedIntegrationTests.github
        + LogIntegrationTests.samples + AWSSampleTests.alarms
        + AWSSampleTests.events.filter { $0.body.contains("detail-type") }

    @Test(arguments: samples.filter { $0.body.hasPrefix("{") })
    func `payloads are detected by their shape alone`(sample: Sample) throws {
        let found = try #require(Integrations.detect(try JSONParser.parse(sample.body)), "\(sample.body)")
        #expect(found.kind == sample.kind)
        let payload = Payload(body: Array(sample.body.utf8), receivedAt: Timestamp(seconds: 1_800_000_000))
        let decoded = try GenericIntegration.decode(payload)
        #expect(decoded.events.count == sample.facts.count)
        #expect(decoded.notes.contains { $0.contains("/api/v1/alerts/\(sample.kind)") })
    }

    @Test func `unknown payloads are refused with the fields that were looked for`() {
        let error = #expect(throws: PayloadError.self) { try decode("generic", #"{"colour": "red"}"#) }
        guard case .unprocessable(let faults) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(faults.map(\.field) == ["title"])
        #expect(faults.first?.explanation.contains("Looked for title, summary, message and subject") == true)
    }
}
