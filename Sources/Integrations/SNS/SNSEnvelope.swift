internal import Domain
internal import Formats

/// The envelope in which SNS posts a message over HTTP or, with slightly different names, passes it to Lambda
/// (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html).
struct SNSEnvelope: Sendable {
    enum Kind: String, Sendable {
        case notification = "Notification"
        case subscription = "SubscriptionConfirmation"
        case unsubscription = "UnsubscribeConfirmation"
    }

    let kind: Kind
    let topic: String
    let messageID: String
    let message: String
    /// Signed if present, even when empty.
    let subject: String?
    /// The text exactly as it was signed.
    let timestamp: String
    let token: String?
    let subscribeURL: String?
    let signatureVersion: String
    let signature: String
    let certificateURL: String
    /// Not signed.
    let attributes: [(name: String, value: String)]

    /// Nil when the body is something else, whatever the header says.
    init?(_ payload: Payload) throws(PayloadError) {
        guard Body.firstByte(of: payload.body) == UInt8(ascii: "{"),
            let json = try? JSONParser.parse(payload.body), let own = try Self.unwrapped(json)
        else { return nil }
        try self.init(own)
    }

    static func isEnvelope(_ json: JSON) -> Bool {
        json.has("Type", "MessageId", "TopicArn") || json.at("Records[0].Sns") != nil
    }

    /// Returns the envelope, or the one inside an event that a Lambda function forwarded.
    private static func unwrapped(_ json: JSON) throws(PayloadError) -> JSON? {
        if json.has("Type", "MessageId", "TopicArn") { return json }
        guard let sns = json.at("Records[0].Sns"), let records = json["Records"]?.array else { return nil }
        guard records.count == 1 else {
            throw .unprocessable([FieldFault("Records", "Send one record at a time, since each is signed by itself.")])
        }
        return sns
    }

    private init(_ json: JSON) throws(PayloadError) {
        var missing: [FieldFault] = []
        func required(_ names: String...) -> String {
            if let value = names.lazy.compactMap({ json[$0]?.text }).first { return value }
            missing.append(FieldFault(names[0], "An SNS message must have this field."))
            return ""
        }
        let type = required("Type")
        guard let kind = Kind(rawValue: type) else {
            throw .unprocessable([FieldFault("Type", "SNS sends no messages of the type “\(Clean.name(type))”.")])
        }
        self.kind = kind
        (topic, messageID, message) = (required("TopicArn"), required("MessageId"), required("Message"))
        subject = json["Subject"]?.text
        timestamp = required("Timestamp")
        (signatureVersion, signature) = (required("SignatureVersion"), required("Signature"))
        certificateURL = required("SigningCertURL", "SigningCertUrl")
        switch kind {
        case .notification: (token, subscribeURL) = (nil, nil)
        case .subscription, .unsubscription:
            (token, subscribeURL) = (required("Token"), required("SubscribeURL", "SubscribeUrl"))
        }
        attributes = (json["MessageAttributes"]?.object?.members ?? []).prefix(AlertEvent.Limits.labels).compactMap {
            guard let value = $0.value.text("Value", "value", "StringValue") else { return nil }
            return (name: $0.name, value: value)
        }
        guard missing.isEmpty else { throw .unprocessable(missing) }
    }
}

extension SNSEnvelope {
    /// The possible forms of the signed text. Signers and libraries disagree on whether an empty subject is omitted
    /// (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html).
    var signedTexts: [String] {
        switch kind {
        case .notification:
            let full = signedText(withSubject: true)
            return subject?.isEmpty == true ? [full, signedText(withSubject: false)] : [full]
        case .subscription, .unsubscription: return [signedText(withSubject: false)]
        }
    }

    /// Names and values, sorted by name, each on its own line.
    private func signedText(withSubject: Bool) -> String {
        let fields: [(name: String, value: String?)] = [
            ("Message", message), ("MessageId", messageID), ("Subject", withSubject ? subject : nil),
            ("SubscribeURL", subscribeURL), ("Timestamp", timestamp), ("Token", token), ("TopicArn", topic),
            ("Type", kind.rawValue),
        ]
        return fields.map { field in field.value.map { "\(field.name)\n\($0)\n" } ?? "" }.joined()
    }

    /// Decodes the message without checking its signature.
    func decoded(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        switch kind {
        case .notification:
            let content = SNSMessage(
                text: message, subject: subject, topic: topic, attributes: attributes, id: messageID,
                sentAt: Clean.instant(timestamp))
            var decoded = try content.decoded(payload, options)
            decoded.messageID = messageID
            return decoded
        case .subscription:
            guard let subscribeURL, SNSAddress.isConfirmation(subscribeURL) else {
                throw .unauthentic("The address that would confirm the subscription is not one of SNS.")
            }
            return Decoded(
                entries: [], request: .confirm(url: subscribeURL, topic: topic),
                notes: ["The topic \(topic) asks to be confirmed."], messageID: messageID)
        case .unsubscription:
            // Its address would subscribe again, so it must not be fetched.
            return Decoded(
                entries: [], request: .unsubscribed(topic: topic),
                notes: ["The topic \(topic) was unsubscribed and sends no more."], messageID: messageID)
        }
    }
}
