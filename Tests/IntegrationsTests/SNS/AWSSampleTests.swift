import Domain
import Formats
import Foundation
import Integrations
import Testing

@Suite struct AWSSampleTests {
    static let console = "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/"

    static func alarm(_ state: String, _ rest: String) -> String {
        """
        {"AlarmName": "Queue too long", "AlarmDescription": "Orders wait.", "AWSAccountId": "111122223333",
         "NewStateValue": "\(state)", "NewStateReason": "1 datapoint [9.0] was greater than the threshold (5.0).",
         "StateChangeTime": "2026-03-01T03:00:00.500+0000", "Region": "EU (Ireland)", "OldStateValue": "OK"\(rest)}
        """
    }

    static let arn = #", "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Queue too long""#

    static let alarms = [
        Sample(
            "a metric alarm", "cloudwatch",
            alarm(
                "ALARM",
                arn + """
                    , "Trigger": {"MetricName": "Visible", "Namespace": "AWS/SQS", "Statistic": "MAXIMUM", "Period": 60,
                     "EvaluationPeriods": 5, "DatapointsToAlarm": 3, "ComparisonOperator": "GreaterThanThreshold",
                     "Threshold": 5.0, "Dimensions": [{"name": "QueueName", "value": "orders"}]}
                    """),
            Facts(
                .firing, "Queue too long", key: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Queue too long",
                links: [console + "Queue%20too%20long"], starts: "2026-03-01T03:00:00.500Z",
                says: "AWS/SQS Visible: MAXIMUM GreaterThanThreshold 5.0, 3 of 5 periods of 60 s")),
        Sample(
            "recovered, of before alarms had addresses", "cloudwatch", alarm("OK", ""),
            Facts(
                .resolved, "Queue too long", key: "111122223333/EU (Ireland)/Queue too long",
                ends: "2026-03-01T03:00:00.500Z", says: "Orders wait.")),
        Sample(
            "too little data neither recovers nor is critical", "cloudwatch", alarm("INSUFFICIENT_DATA", arn),
            Facts(
                .firing, "Queue too long", key: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Queue too long",
                .warning, links: [console + "Queue%20too%20long"])),
        Sample(
            "a composite alarm", "cloudwatch",
            alarm(
                "ALARM",
                arn + #", "AlarmRule": "ALARM(a) AND ALARM(b)", "TriggeringChildren": "#
                    + #"[{"Arn": "arn:aws:cloudwatch:eu-west-1:1:alarm:a", "State": {"Value": "ALARM"}}]"#),
            Facts(
                .firing, "Queue too long", key: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Queue too long",
                links: [console + "Queue%20too%20long"],
                says: "Set off by:\narn:aws:cloudwatch:eu-west-1:1:alarm:a: ALARM")),
        Sample(
            "metric math", "cloudwatch",
            alarm(
                "ALARM",
                arn + """
                    , "Trigger": {"Period": 60, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold",
                     "Threshold": 1.0, "Metrics": [{"Id": "e1", "Expression": "m1/m2*100"}, {"Id": "m1", "MetricStat":
                      {"Metric": {"MetricName": "5xx", "Namespace": "AWS/ELB", "Dimensions": []}}}]}
                    """),
            Facts(
                .firing, "Queue too long", key: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Queue too long",
                links: [console + "Queue%20too%20long"], says: "m1/m2*100: GreaterThanThreshold 1.0, 1 of 1 periods")),
    ]

    @Test(arguments: alarms) func `alarms of CloudWatch`(sample: Sample) throws { try sample.check() }

    @Test func `dimensions and states are labels`() throws {
        let labels = try #require(try decode("cloudwatch", Self.alarms[0].body).events.first?.labels)
        #expect(labels["QueueName"] == "orders" && labels["metric"] == "Visible" && labels["region"] == "eu-west-1")
        #expect(labels["account"] == "111122223333" && labels["state"] == "ALARM")
    }

    @Test(arguments: [("us-gov-west-1", "console.amazonaws-us-gov.com"), ("cn-north-1", "console.amazonaws.cn")])
    func `other partitions have other consoles`(region: String, host: String) throws {
        let body = Self.alarm("ALARM", #", "AlarmArn": "arn:aws:cloudwatch:\#(region):1:alarm:x""#)
        #expect(try decode("cloudwatch", body).events.first?.links.first?.url.hasPrefix("https://\(host)/") == true)
    }
}

extension AWSSampleTests {
    static func event(_ type: String, _ detail: String, resources: String = "") -> String {
        """
        {"version": "0", "id": "e-1", "detail-type": "\(type)", "source": "aws.test", "account": "111122223333",
         "time": "2026-03-01T03:00:00Z", "region": "eu-west-1", "resources": [\(resources)], "detail": \(detail)}
        """
    }

    static let events = [
        Sample(
            "an alarm, with the key that the same alarm has without EventBridge", "cloudwatch",
            event(
                "CloudWatch Alarm State Change",
                """
                {"alarmName": "CPU", "state": {"value": "OK", "reason": "Calm.", "timestamp": "2026-03-01T03:00:01.000+0000"},
                 "previousState": {"value": "ALARM"}, "configuration": {"metrics": [{"expression": "SUM(METRICS())"}]}}
                """, resources: #""arn:aws:cloudwatch:eu-west-1:1:alarm:CPU""#),
            Facts(
                .resolved, "CPU", key: "arn:aws:cloudwatch:eu-west-1:1:alarm:CPU", links: [console + "CPU"],
                ends: "2026-03-01T03:00:01Z", says: "Calm.\n\nMetric: SUM(METRICS())")),
        Sample(
            "a changed configuration pages nobody", "cloudwatch",
            event("CloudWatch Alarm Configuration Change", #"{"alarmName": "CPU"}"#, resources: #""arn:alarm""#),
            Facts(.informational, "Alarm changed: CPU", key: "arn:alarm")),
        Sample(
            "health", "cloudwatch",
            event(
                "AWS Health Event",
                """
                {"eventArn": "arn:aws:health:1", "service": "RDS", "eventTypeCode": "AWS_RDS_MAINTENANCE",
                 "eventTypeCategory": "scheduledChange", "startTime": "Sun, 01 Mar 2026 05:00:00 GMT",
                 "eventDescription": [{"language": "de", "latestDescription": "x"}, {"language": "en_US",
                  "latestDescription": "It will restart."}], "affectedEntities": [{"entityValue": "db-1"}]}
                """),
            Facts(
                .firing, "RDS: AWS_RDS_MAINTENANCE", key: "arn:aws:health:1", .warning,
                links: ["https://health.aws.amazon.com/health/home#/account/event-log?eventID=arn%3Aaws%3Ahealth%3A1"],
                starts: "2026-03-01T05:00:00Z", says: "It will restart.\n\nAffected:\ndb-1")),
        Sample(
            "health, over", "cloudwatch",
            event(
                "AWS Health Event",
                #"{"eventArn": "a", "service": "EC2", "eventTypeCode": "X", "statusCode": "closed"}"#),
            Facts(
                .resolved, "EC2: X", key: "a",
                links: ["https://health.aws.amazon.com/health/home#/account/event-log?eventID=a"])),
        Sample(
            "a finding", "cloudwatch",
            event(
                "GuardDuty Finding",
                #"{"id": "f-1", "title": "Odd login", "severity": 7.2, "description": "From afar."}"#),
            Facts(
                .firing, "Odd login", key: "f-1", .error,
                links: ["https://console.aws.amazon.com/guardduty/home?region=eu-west-1#/findings?search=id%3Df-1"],
                says: "From afar.")),
        Sample(
            "several findings", "cloudwatch",
            event(
                "Security Hub Findings - Imported",
                """
                {"findings": [{"Id": "s-1", "Title": "Open bucket", "Severity": {"Label": "HIGH"}},
                 {"Id": "s-2", "Title": "Old key", "Severity": {"Label": "LOW"}, "Workflow": {"Status": "RESOLVED"}}]}
                """),
            Facts(.firing, "Open bucket", key: "s-1", .error), Facts(.resolved, "Old key", key: "s-2", .warning)),
        Sample(
            "a failed pipeline", "cloudwatch",
            event("CodePipeline Pipeline Execution State Change", #"{"pipeline": "shop", "state": "FAILED"}"#),
            Facts(
                .firing, "CodePipeline Pipeline Execution State Change: shop",
                key: "CodePipeline Pipeline Execution State Change: shop", starts: "2026-03-01T03:00:00Z")),
        Sample(
            "the pipeline's next success", "cloudwatch",
            event("CodePipeline Pipeline Execution State Change", #"{"pipeline": "shop", "state": "SUCCEEDED"}"#),
            Facts(
                .resolved, "CodePipeline Pipeline Execution State Change: shop",
                key: "CodePipeline Pipeline Execution State Change: shop")),
        Sample(
            "a database's event", "cloudwatch",
            """
            {"Event Source": "db-instance", "Event Time": "2026-03-01 03:00:00.123", "Source ID": "db-1",
             "Identifier Link": "https://console.aws.amazon.com/rds/home#id=db-1", "Event Message": "Failover started.",
             "Event ID": "https://docs.aws.amazon.com/rds/events.html#RDS-EVENT-0013 "}
            """,
            Facts(
                .firing, "Database event: db-1", key: "db-1#RDS-EVENT-0013",
                links: [
                    "https://console.aws.amazon.com/rds/home#id=db-1",
                    "https://docs.aws.amazon.com/rds/events.html#RDS-EVENT-0013",
                ], starts: "2026-03-01T03:00:00.123Z", says: "Failover started.")),
        Sample(
            "a bounced mail", "cloudwatch",
            """
            {"notificationType": "Bounce", "mail": {"source": "shop@example.com", "timestamp": "2026-03-01T02:59:00Z"},
             "bounce": {"bounceType": "Permanent", "timestamp": "2026-03-01T03:00:00Z",
              "bouncedRecipients": [{"emailAddress": "ada@example.com", "diagnosticCode": "550 unknown"}]}}
            """,
            Facts(
                .firing, "SES Bounce (Permanent): ada@example.com", key: "ses/shop@example.com/Bounce", .warning,
                starts: "2026-03-01T03:00:00Z", says: "550 unknown")),
        Sample(
            "a delivered mail is no problem", "cloudwatch",
            #"{"eventType": "Delivery", "mail": {"source": "shop@example.com", "destination": ["bob@example.com"]}}"#,
            Facts(.informational, "SES Delivery: bob@example.com", key: "ses/shop@example.com/Delivery")),
        Sample(
            "text alone", "cloudwatch", "Backups are late.\nSee https://wiki.example.com/backups.",
            Facts(
                .firing, "Backups are late.", key: DedupKey(derivedFrom: ["", "Backups are late."]).rawValue,
                links: ["https://wiki.example.com/backups"])),
    ]

    @Test(arguments: events) func `events of other services`(sample: Sample) throws { try sample.check() }
}
