import Domain
import Formats
import Foundation
import Integrations
import TestSupport
import Testing

/// Recorded SNS messages with their signing certificates.
@Suite(.enabled(if: Fixtures.folder != nil, Fixtures.missing)) struct AWSFixtureTests {
    /// Serves the stored certificates at their original addresses.
    struct Certificates: SNSContext {
        func certificate(at url: String) async throws -> [UInt8] {
            let name = try #require(url.split(separator: "/").last)
            return Array(try Data(contentsOf: try #require(Fixtures.folder).appending(path: "aws_sns/certs/\(name)")))
        }

        func hasTaken(_ messageID: String, from source: String) async throws -> Bool { false }
        func remember(_ messageID: String, from source: String, until: Timestamp) async throws {}
    }

    /// As if it arrived one second after it was sent.
    func receive(_ file: String) async throws -> Decoded {
        var payload = try Fixtures.payload("aws_sns/\(file)")
        let json = try JSONParser.parse(payload.body)
        payload.receivedAt = try #require(json.at("Timestamp")?.text.flatMap(Clean.instant)) + .seconds(1)
        return try await SNSReceiver(Certificates()).receive(payload, options: SourceOptions(), source: "source-1")
    }

    @Test(arguments: [
        "signed_v1_cloudwatch_alarm_metric", "signed_v1_cloudwatch_alarm_statuscheck", "signed_v1_escaped_quotes",
        "signed_v1_notification_no_subject", "signed_v2_lambda_style_null_subject", "signed_v2_notification_subject",
    ])
    func `real signatures are right`(name: String) async throws {
        #expect(try await receive(name + ".json").events.count == 1)
    }

    @Test func `a real confirmation is right`() async throws {
        let decoded = try await receive("signed_v1_subscription_confirmation.json")
        guard case .confirm(let url, let topic) = decoded.request else { throw Unexpected(decoded: decoded) }
        #expect(
            topic == "arn:aws:sns:us-west-2:769091347911:Emaily"
                && url.hasPrefix("https://sns.us-west-2.amazonaws.com/?"))
    }

    struct Unexpected: Error { let decoded: Decoded }

    @Test(arguments: [
        "bad_cert_url_http", "bad_signature_tampered_message", "bad_signature_truncated_2012",
        "bad_signature_version_swapped",
        // Keys of 1,024 bits, which SNS abandoned in 2013.
        "signed_v1_2012_manual", "signed_v1_2012_autoscaling_launch", "signed_v1_2012_autoscaling_terminate",
    ])
    func `wrong and weak signatures are refused`(name: String) async throws {
        await #expect {
            try await receive(name + ".json")
        } throws: { error in
            if case SNSFailure.refused(.unauthentic) = error { true } else { false }
        }
    }

    @Test(arguments: [("signing_cert_urls_good.txt", true), ("signing_cert_urls_bad.txt", false)])
    func `addresses of certificates`(file: String, areGood: Bool) async throws {
        let text = try String(
            contentsOf: try #require(Fixtures.folder).appending(path: "aws_sns/\(file)"), encoding: .utf8)
        let now = Timestamp(seconds: 1_772_334_000)
        for url in text.split(whereSeparator: \.isNewline) {
            var fields = try TestSigner.shared.get().sign([
                "Type": "Notification", "MessageId": "1", "TopicArn": "arn:t", "Message": "x", "Timestamp": now.rfc3339,
            ])
            fields["SigningCertURL"] = String(url)
            let surroundings = TestSurroundings()
            let payload = Payload(body: Array(try JSONSerialization.data(withJSONObject: fields)), receivedAt: now)
            let decoded = try? await SNSReceiver(surroundings).receive(payload, options: SourceOptions(), source: "s")
            #expect((decoded != nil) == areGood, "\(url)")
            #expect(surroundings.fetched.isEmpty != areGood, "\(url)")
        }
    }

    static let contents: [Fixture] = [
        Fixture(
            "aws_sns/cloudwatch_alarm_alerta.json", "sns",
            Facts(
                .firing, "bucketbytesAlarm", key: "1234567890/EU (Ireland)/bucketbytesAlarm", says: "bucket bytes size")
        ),
        Fixture(
            "aws_sns/cloudwatch_alarm_name_with_space.json", "sns",
            Facts(
                .firing, "Test alarm", key: "arn:aws:cloudwatch:ca-central-1:017790921725:alarm:Test alarm",
                links: [
                    "https://console.aws.amazon.com/cloudwatch/home?region=ca-central-1#alarmsV2:alarm/Test%20alarm"
                ])),
        Fixture(
            "aws_sns/cloudwatch_anomaly_ok_2023.json", "sns",
            Facts(
                .resolved, "RDS Prod - CPU Util",
                key: "arn:aws:cloudwatch:us-west-1:123456789012:alarm:RDS Prod - CPU Util",
                links: [
                    "https://console.aws.amazon.com/cloudwatch/home?region=us-west-1"
                        + "#alarmsV2:alarm/RDS%20Prod%20-%20CPU%20Util"
                ], ends: "2023-09-08T15:47:04.677Z", says: "ANOMALY_DETECTION_BAND")),
        Fixture(
            "aws_sns/cloudwatch_composite.json", "sns",
            Facts(
                .firing, "some-alarm-name", key: "arn:aws:cloudwatch:eu-west-1:123456:alarm:some-alarm-name",
                links: [
                    "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/some-alarm-name"
                ],
                says: "OR ALARM(")),
        Fixture(
            "aws_sns/cloudwatch_insufficient_data.json", "sns",
            Facts(.firing, "notificationCountAlarm", key: "1234567890/EU (Ireland)/notificationCountAlarm", .warning)),
        Fixture(
            "aws_sns/cloudwatch_ok_resolved.json", "sns",
            Facts(.resolved, "DBMigrationRequired", key: "735598076380/US (Virginia)/DBMigrationRequired")),
        Fixture(
            "aws_sns/eventbridge_alarm_metric_math.json", "sns",
            Facts(
                .firing, "TotalNetworkTrafficTooHigh",
                key: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:TotalNetworkTrafficTooHigh",
                links: [
                    "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/TotalNetworkTrafficTooHigh"
                ], says: "SUM(METRICS())")),
        Fixture(
            "aws_sns/eventbridge_alarm_single_metric.json", "sns",
            Facts(
                .firing, "ServerCpuTooHigh", key: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh",
                links: [
                    "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/ServerCpuTooHigh"
                ])),
        Fixture(
            "aws_sns/guardduty_finding.json", "sns",
            Facts(
                .firing, "SAMPLE Unprotected port on EC2 instance i-123123123 is being probed", key: "sample-id-2",
                .critical,
                links: [
                    "https://console.aws.amazon.com/guardduty/home?region=us-gov-east-1#/findings?search=id%3Dsample-id-2"
                ])),
        Fixture(
            "aws_sns/guardduty_malware_scan.json", "sns",
            Facts(
                .firing, "GuardDuty Malware Protection Object Scan Result: APKAEIBAERJR2EXAMPLE",
                key: "GuardDuty Malware Protection Object Scan Result: APKAEIBAERJR2EXAMPLE", .critical, says: "EICAR")),
        Fixture(
            "aws_sns/rds_event.json", "sns",
            Facts(
                .firing, "RDS Notification Message: example-postgres",
                key: "arn:aws:rds:us-east-1:123456789012:db:example-postgres#RDS-EVENT-0020",
                links: [
                    "https://console.aws.amazon.com/rds/home?region=us-east-1#dbinstance:id=example-postgres",
                    "http://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html#RDS-EVENT-0020",
                ], says: "Recovery of the DB instance")),
        Fixture(
            "aws_sns/dms_event.json", "sns",
            Facts(
                .firing, "DMS Notification Message: hello-world", key: "hello-world#DMS-EVENT-0079",
                links: [
                    "https://console.aws.amazon.com/dms/home?region=us-east-1#tasks:ids=hello-world",
                    "http://docs.aws.amazon.com/dms/latest/userguide/CHAP_Events.html#DMS-EVENT-0079",
                ])),
        Fixture(
            "aws_sns/aws_backup_failed.json", "sns",
            Facts(
                .firing, "Notification from AWS Backup", key: "BACKUP_JOB/1b2345b2-f22c-4dab-5eb6-bbc7890ed123", .error)
        ),
        Fixture(
            "aws_sns/aws_backup_completed.json", "sns",
            Facts(
                .firing, "Notification from AWS Backup", key: "BACKUP_JOB/1b2345b2-f22c-4dab-5eb6-bbc7890ed123", .info)),
    ]

    @Test(arguments: contents) func `message texts`(fixture: Fixture) throws { try fixture.check() }

    @Test(arguments: [
        ("budget_text", "AWS Budgets: Test Budget has exceeded your alert threshold"),
        ("text_iam_violation", "Violation - IAM User is out of compliance"), ("text_multiline", "All Fine"),
        ("health_abuse_empty_subject", "ABUSE: AWS_ABUSE_DOS_REPORT"),
        ("eventbridge_health_event", "EC2: AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED"),
        ("rds_event_2018", "RDS Notification Message: testdb02"), ("docs_notification_example", "My First Message"),
        ("signed_v1_2012_autoscaling_launch", "AWS Notification - autoscaling:EC2_INSTANCE_LAUNCH"),
    ])
    func `titles`(name: String, title: String) throws {
        let payload = try Fixtures.payload("aws_sns/\(name).json")
        let event = try #require(try SNSIntegration().decodeUnverified(payload, options: SourceOptions()).events.first)
        #expect(event.title == title && event.status == .firing)
    }

    @Test func `the same alarm in an envelope and raw is the same problem`() throws {
        let wrapped = try Fixtures.payload("aws_sns/signed_v1_cloudwatch_alarm_statuscheck.json")
        let raw = try Fixtures.payload("aws_sns/raw_delivery_cloudwatch_alarm.json")
        let events = try [wrapped, raw].map {
            try SNSIntegration().decodeUnverified($0, options: SourceOptions()).events
        }
        #expect(events[0] == events[1] && events[0].count == 1)
    }

    @Test func `an unsubscription's address is left alone`() throws {
        let payload = try Fixtures.payload("aws_sns/docs_unsubscribe_confirmation.json")
        let decoded = try SNSIntegration().decodeUnverified(payload, options: SourceOptions())
        #expect(decoded.request == .unsubscribed(topic: "arn:aws:sns:us-east-1:123456789012:MyTopic"))
    }
}
