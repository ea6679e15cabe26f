internal import Domain
package import Formats

/// Amazon SNS, and through it CloudWatch, EventBridge, GuardDuty, RDS, Health, Budgets, SES, Backup and any other
/// service that publishes to a topic.
///
/// Messages in SNS's envelope are signed, and only `SNSReceiver`, which checks the signature, accepts them. This
/// integration itself reads unsigned payloads: raw deliveries, and AWS events that arrive without SNS.
package struct SNSIntegration: Integration {
    package static let kind = "cloudwatch"
    package static let title = "AWS (SNS, CloudWatch)"
    package static let fields = FieldGuide(
        status: "`NewStateValue`: ALARM fires, OK resolves, INSUFFICIENT_DATA fires as a warning; "
            + "EventBridge `detail.state`; Health `detail.statusCode`; everything else fires",
        key: "`AlarmArn`, else account, region and name; EventBridge `resources[0]`, Health `detail.eventArn`, "
            + "GuardDuty `detail.id`; else topic and `Subject`",
        title: "`AlarmName`, `detail.alarmName`, `detail.title`, else `Subject`, else the first line",
        text: "`AlarmDescription`, `NewStateReason`, the metric; `Event Message`; the text itself",
        severity: "GuardDuty `detail.severity`, SES and Backup by outcome, message attribute `severity`",
        links: "the alarm's console page, `Identifier Link`, links in the text")

    /// Raw deliveries are not signed. A source takes them only if it is told to.
    package static let protections = ["require_signature"]

    package static func setup(url: String, key: String) -> [SetupStep] {
        [
            .address(
                "In the SNS console, create a subscription to your topic: protocol HTTPS, and this endpoint. "
                    + "Leave raw message delivery off, so that messages are signed; others are refused unless the source's "
                    + "option require_signature is false. PagerPal confirms the subscription by itself.",
                url: url, key: key),
            SetupStep(
                "Give the alarm an action for the state OK as well, to the same topic: without it nothing resolves.",
                code: "aws cloudwatch put-metric-alarm … --alarm-actions TOPIC_ARN --ok-actions TOPIC_ARN"),
        ]
    }

    package static func recognises(_ json: JSON) -> Bool {
        SNSEnvelope.isEnvelope(json) || CloudWatchAlarm(json) != nil || EventBridgeEvent(json) != nil
    }

    package init() {}

    package func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        guard let envelope = try SNSEnvelope(payload) else { return try raw(payload, options) }
        throw .unauthentic(
            "A message of the topic \(envelope.topic) must be sent to the route of AWS, where its signature is checked."
        )
    }

    /// Reads an envelope without checking its signature. Use it to try out a sample, never to accept an alert.
    package func decodeUnverified(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        guard let envelope = try SNSEnvelope(payload) else { return try raw(payload, options) }
        return try envelope.decoded(payload, options)
    }

    /// Raw delivery posts only the message. It is not signed, so the source's key is its only authentication.
    func raw(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        let topic = payload.headers["x-amz-sns-topic-arn"]
        if options.requiresSignature {
            throw .unauthentic(
                "The source takes signed messages only. Switch raw message delivery off, or set the source's option "
                    + "require_signature to false.")
        }
        if let topic { try SNSEnvelope.checkTopic(topic, options) }
        var body = payload.body[...]
        if body.starts(with: [0xef, 0xbb, 0xbf]) { body = body.dropFirst(3) }
        let text = String(decoding: body, as: UTF8.self)
        guard text.contains(where: { !$0.isWhitespace }) else { throw .malformed("The body is empty.") }
        let message = SNSMessage(
            text: text, subject: nil, topic: topic, attributes: [],
            id: payload.headers["x-amz-sns-message-id"] ?? payload.uniqueKey.rawValue, sentAt: nil)
        var decoded = try message.decoded(payload, options)
        decoded.messageID = payload.headers["x-amz-sns-message-id"]
        return decoded
    }
}
