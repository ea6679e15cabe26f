import Domain
import Formats
import Integrations
import TestSupport
import Testing

extension SNSReceiverTests {
    func confirmation(_ type: String, url: String) -> [String: String] {
        [
            "Type": type, "MessageId": "m-2", "TopicArn": topic, "Token": "t", "SubscribeURL": url,
            "Message": "You have chosen to subscribe.\nVisit the address.", "Timestamp": "2026-03-01T03:00:00.000Z",
        ]
    }

    @Test func `a subscription is to be confirmed at SNS's own address`() async throws {
        let url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=t"
        let decoded = try await receive(
            try TestSigner.shared.get().sign(confirmation("SubscriptionConfirmation", url: url)))
        #expect(decoded.request == .confirm(url: url, topic: topic))
        #expect(decoded.entries.isEmpty && decoded.messageID == "m-2")
    }

    @Test(arguments: [
        "https://evil.example/?Action=ConfirmSubscription",
        "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic", "https://sns.eu-west-1.amazonaws.com/other",
    ])
    func `another address is never requested`(url: String) async throws {
        let fields = try TestSigner.shared.get().sign(confirmation("SubscriptionConfirmation", url: url))
        #expect(await refusal(of: fields).contains("confirm"))
    }

    @Test func `an unsubscription is reported and its address never requested`() async throws {
        let url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=t"
        let decoded = try await receive(
            try TestSigner.shared.get().sign(confirmation("UnsubscribeConfirmation", url: url)))
        #expect(decoded.request == .unsubscribed(topic: topic))
        #expect(decoded.notes.first?.contains("unsubscribed") == true)
    }

    @Test func `raw deliveries are accepted by key, unless the source requires signatures`() async throws {
        let headers = ["x-amz-sns-rawdelivery": "true", "x-amz-sns-topic-arn": topic, "x-amz-sns-message-id": "m-3"]
        let raw = Payload(body: Array("Disk full\non db-1".utf8), headers: headers, receivedAt: now)
        let receiver = SNSReceiver(surroundings)
        let decoded = try await receiver.receive(raw, options: SourceOptions(), source: "source-1")
        #expect(decoded.events.first?.title == "Disk full" && decoded.messageID == "m-3")
        for options in [SourceOptions(requiresSignature: true), SourceOptions(topics: ["arn:other"])] {
            await #expect {
                try await receiver.receive(raw, options: options, source: "source-1")
            } throws: { error in
                if case SNSFailure.refused(.unauthentic) = error { true } else { false }
            }
        }
    }

    @Test func `only the receiver accepts an envelope`() throws {
        let payload = try payload(try TestSigner.shared.get().sign(notification()))
        let sender = try #require(Integrations.integration(for: "sns"))
        #expect(throws: PayloadError.self) { try sender.decode(payload, options: SourceOptions()) }
        #expect(throws: PayloadError.self) { try GenericIntegration.decode(payload) }
        #expect(try SNSIntegration().decodeUnverified(payload, options: SourceOptions()).events.count == 1)
    }
}
