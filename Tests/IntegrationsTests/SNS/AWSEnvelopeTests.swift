import Domain
import Formats
import Foundation
import Integrations
import TestSupport
import Testing

/// What a message's subject and attributes add to its content.
@Suite struct AWSEnvelopeTests {
    let topic = "arn:aws:sns:eu-west-1:111122223333:ops"

    func event(_ message: String, subject: String?, attributes: [String: String] = [:]) throws -> AlertEvent {
        var fields: [String: Any] = [
            "Type": "Notification", "MessageId": "m-1", "TopicArn": topic, "Message": message,
            "Timestamp": "2026-03-01T03:00:00.000Z", "SignatureVersion": "1", "Signature": "eA==",
            "SigningCertURL": TestSigner.certificateURL,
        ]
        if let subject { fields["Subject"] = subject }
        if !attributes.isEmpty {
            fields["MessageAttributes"] = attributes.mapValues { ["Type": "String", "Value": $0] }
        }
        let payload = Payload(
            body: Array(try JSONSerialization.data(withJSONObject: fields)),
            receivedAt: Timestamp(seconds: 1_772_334_000))
        let events = try SNSIntegration().decodeUnverified(payload, options: SourceOptions()).events
        #expect(events.count == 1)
        return try #require(events.first)
    }

    @Test func `a text has its subject as title, and one subject is one problem`() throws {
        let budget = try event(
            "Dear customer,\nspent: 9 USD [1].\n\n[1] https://aws.example/budgets\n", subject: "Budget: 9 USD")
        #expect(budget.title == "Budget: 9 USD" && budget.links.map(\.url) == ["https://aws.example/budgets"])
        #expect(budget.text.hasPrefix("Dear customer") && budget.startsAt?.rfc3339 == "2026-03-01T03:00:00Z")
        #expect(try event("Another text", subject: "Budget: 9 USD").dedupKey == budget.dedupKey)
        #expect(try event("Another text", subject: "Budget: 10 USD").dedupKey != budget.dedupKey)
        #expect(budget.labels["topic"] == topic)
    }

    @Test func `an empty subject counts as missing`() throws {
        #expect(try event("\n First line\nsecond", subject: "").title == "First line")
    }

    @Test(arguments: [("FAILED", Severity.error), ("COMPLETED", .info)])
    func `a backup's outcome decides its severity`(state: String, severity: Severity) throws {
        let job = try event(
            "A backup job ended.", subject: "Notification from AWS Backup",
            attributes: ["EventType": "BACKUP_JOB", "State": state, "Id": "job-7"])
        #expect(
            job.severity == severity && job.dedupKey == DedupKey("BACKUP_JOB/job-7") && job.labels["State"] == state)
    }

    @Test func `attributes can set severity and status`() throws {
        let over = try event("x", subject: "Queue", attributes: ["severity": "warning", "status": "resolved"])
        #expect(over.severity == .warning && over.status == .resolved && over.startsAt == nil)
    }

    @Test func `unknown JSON is titled by its subject`() throws {
        let unknown = try event(#"{"Description": "A thing happened", "Code": 7}"#, subject: "Things")
        #expect(unknown.title == "Things" && unknown.text == "A thing happened")
    }

    @Test func `without a subject the only text is the title, otherwise the topic`() throws {
        #expect(
            try event(#"{"ElastiCache:FailoverComplete": "c-1"}"#, subject: nil).title
                == "ElastiCache:FailoverComplete: c-1")
        let unknown = try event("{\n\"a\": 1,\n\"b\": 2}", subject: nil)
        #expect(unknown.title == "Message of the topic ops" && unknown.text == #"{"a":1,"b":2}"#)
    }

    @Test func `an event without findings is accepted and noted`() throws {
        let decoded = try decode(
            "cloudwatch", AWSSampleTests.event("Security Hub Findings - Imported", #"{"findings": []}"#))
        #expect(decoded.entries.isEmpty && decoded.notes == ["The event holds no findings."])
    }

    @Test func `a cost anomaly`() throws {
        let anomaly = try event(
            """
            {"accountId": "1", "anomalyId": "a-1", "anomalyStartDate": "2026-03-01T00:00:00Z", "impact": {"totalImpact": 99.5},
             "rootCauses": [{"service": "Amazon EC2", "region": "eu-west-1"}], "anomalyDetailsLink": "https://aws.example/a-1"}
            """, subject: "AWS Cost Management: Cost anomaly(s) summary")
        #expect(anomaly.title == "Cost anomaly: Amazon EC2" && anomaly.dedupKey == DedupKey("a-1"))
        #expect(anomaly.severity == .warning && anomaly.links.map(\.url) == ["https://aws.example/a-1"])
        #expect(anomaly.text == "Impact: 99.5 USD\n\nCauses:\nAmazon EC2, eu-west-1")
    }

    @Test func `alerts of other products may arrive through a topic`() throws {
        let own = try event(#"{"title": "Disk full", "external_id": "disk-1", "status": "resolved"}"#, subject: "x")
        #expect(own.title == "Disk full" && own.dedupKey == DedupKey("disk-1") && own.status == .resolved)
        let other = try event(
            #"{"alerts": [{"labels": {"alertname": "Down"}, "fingerprint": "ab", "status": "firing"}]}"#, subject: nil)
        #expect(other.title == "Down" && other.dedupKey == DedupKey("ab"))
    }

    @Test func `an auto scaling event is one per group and kind`() throws {
        let launch = try event(
            #"{"AutoScalingGroupName": "web", "Event": "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "Description": "No room."}"#,
            subject: "Auto Scaling: failed launch")
        #expect(launch.title == "Auto Scaling: failed launch" && launch.severity == .error && launch.text == "No room.")
        #expect(launch.dedupKey == DedupKey("web/autoscaling:EC2_INSTANCE_LAUNCH_ERROR"))
    }

    @Test func `an incomplete envelope names its missing fields`() throws {
        let payload = Payload(
            body: Array(#"{"Type": "Notification", "MessageId": "1", "TopicArn": "t"}"#.utf8),
            receivedAt: Timestamp(seconds: 1))
        let error = #expect(throws: PayloadError.self) {
            try SNSIntegration().decodeUnverified(payload, options: SourceOptions())
        }
        guard case .unprocessable(let faults) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(faults.map(\.field) == ["Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL"])
    }
}
