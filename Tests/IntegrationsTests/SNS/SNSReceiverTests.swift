import Domain
import Formats
import Foundation
import Integrations
import TestSupport
import Testing

@Suite struct SNSReceiverTests {
    let surroundings = TestSurroundings()
    let now = Timestamp(seconds: 1_772_334_000)
    let topic = "arn:aws:sns:eu-west-1:111122223333:alarms"

    func notification(_ changes: [String: String?] = [:]) -> [String: String] {
        let fields: [String: String?] = [
            "Type": "Notification", "MessageId": "m-1", "TopicArn": topic, "Subject": "Disk \"full\"\n",
            "Message": "The disk of db-1 is full.\n😀", "Timestamp": "2026-03-01T03:00:00.000Z",
        ]
        return fields.merging(changes) { _, new in new }.compactMapValues(\.self)
    }

    func payload(_ fields: [String: String], headers: [String: String] = [:], at now: Timestamp? = nil) throws
        -> Payload
    {
        Payload(
            body: Array(try JSONSerialization.data(withJSONObject: fields)), contentType: "text/plain; charset=UTF-8",
            headers: headers, receivedAt: now ?? self.now)
    }

    func receive(_ fields: [String: String], _ options: SourceOptions = SourceOptions()) async throws -> Decoded {
        try await SNSReceiver(surroundings).receive(try payload(fields), options: options, source: "source-1")
    }

    /// Returns why the message was refused. The test fails if it was not.
    func refusal(of fields: [String: String], _ options: SourceOptions = SourceOptions()) async -> String {
        do {
            _ = try await receive(fields, options)
            Issue.record("It was taken.")
        } catch SNSFailure.refused(.unauthentic(let why)) {
            return why
        } catch {
            Issue.record("\(error)")
        }
        return ""
    }

    @Test(arguments: ["1", "2"])
    func `a right signature is taken`(version: String) async throws {
        let decoded = try await receive(try TestSigner.shared.get().sign(notification(), version: version))
        #expect(decoded.events.map(\.title) == ["Disk \"full\""])
        #expect(decoded.messageID == "m-1" && decoded.request == nil)
        #expect(surroundings.fetched == [TestSigner.certificateURL])
    }

    @Test func `without a subject none is signed, and an empty one is signed or not`() async throws {
        let signer = try TestSigner.shared.get()
        #expect(
            try await receive(try signer.sign(notification(["Subject": nil]))).events.first?.title.contains("db-1")
                == true)
        let empty = notification(["Subject": ""])
        #expect(try await receive(try signer.sign(empty)).events.count == 1)
        #expect(try await receive(try signer.sign(empty, leavingOut: ["Subject"])).events.count == 1)
        #expect(await refusal(of: try signer.sign(notification(), leavingOut: ["Subject"])).contains("signature"))
    }

    @Test func `Lambda's member names and its event are read`() async throws {
        var fields = try TestSigner.shared.get().sign(notification())
        fields["SigningCertUrl"] = fields.removeValue(forKey: "SigningCertURL")
        #expect(try await receive(fields).events.count == 1)
        let event = try JSONSerialization.data(
            withJSONObject: ["Records": [["EventSource": "aws:sns", "Sns": fields] as [String: Any]]])
        let payload = Payload(body: Array(event), receivedAt: now)
        let decoded = try await SNSReceiver(surroundings).receive(payload, options: SourceOptions(), source: "source-1")
        #expect(decoded.events.count == 1)
    }

    @Test(arguments: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Signature", "SignatureVersion"])
    func `a changed field is refused`(name: String) async throws {
        var fields = try TestSigner.shared.get().sign(notification())
        fields[name] =
            switch name {
            case "Timestamp": "2026-03-01T03:00:01.000Z"
            case "Signature": "!" + (fields[name] ?? "")
            case "SignatureVersion": "1"
            default: (fields[name] ?? "") + "x"
            }
        #expect(await refusal(of: fields).contains("signature"))
    }

    @Test func `unknown versions of the signature are refused without a request`() async throws {
        var fields = try TestSigner.shared.get().sign(notification())
        fields["SignatureVersion"] = "3"
        #expect(await refusal(of: fields).contains("version"))
        #expect(surroundings.fetched.isEmpty)
    }

    @Test(arguments: [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-ab.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com:444/SimpleNotificationService-ab.pem",
        "https://sns.eu.west.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.s3.amazonaws.com/bucket/SimpleNotificationService-ab.pem",
        "https://s3.amazonaws.com/sns/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-../x.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem?x",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.key",
        "https://SNS.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com.cn.example/SimpleNotificationService-ab.pem",
    ])
    func `certificates come from SNS itself or not at all`(url: String) async throws {
        var fields = try TestSigner.shared.get().sign(notification())
        fields["SigningCertURL"] = url
        #expect(await refusal(of: fields).contains("address"))
        #expect(surroundings.fetched.isEmpty)
    }

    @Test(arguments: ["us-gov-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn", "ap-southeast-2.amazonaws.com"])
    func `every region's address is known`(host: String) async throws {
        var fields = try TestSigner.shared.get().sign(notification())
        fields["SigningCertURL"] = "https://sns.\(host)/SimpleNotificationService-00ff.pem"
        #expect(try await receive(fields).events.count == 1)
    }

    @Test func `only the source's topics are taken`() async throws {
        let fields = try TestSigner.shared.get().sign(notification())
        #expect(try await receive(fields, SourceOptions(topics: [topic])).events.count == 1)
        #expect(await refusal(of: fields, SourceOptions(topics: [topic + "-2"])).contains("topic"))
    }

    @Test(arguments: [(-3_901, "too long ago"), (301, "yet to come")])
    func `old and future messages are refused`(seconds: Int64, why: String) async throws {
        let sent = Timestamp(seconds: now.seconds + seconds).rfc3339
        let fields = try TestSigner.shared.get().sign(notification(["Timestamp": sent]))
        #expect(await refusal(of: fields).contains(why))
    }

    @Test func `the last retry within the hour is still taken`() async throws {
        let sent = Timestamp(seconds: now.seconds - 3_600).rfc3339
        #expect(
            try await receive(try TestSigner.shared.get().sign(notification(["Timestamp": sent]))).events.count == 1)
    }

    @Test func `a source accepts a remembered message only once`() async throws {
        let receiver = SNSReceiver(surroundings)
        let payload = try payload(try TestSigner.shared.get().sign(notification()))
        let first = try await receiver.receive(payload, options: SourceOptions(), source: "source-1")
        // Nothing was committed yet, so the sender's retry must count.
        let second = try await receiver.receive(payload, options: SourceOptions(), source: "source-1")
        #expect(first.events.count == 1 && second.events.count == 1)
        try await receiver.remember(try #require(first.messageID), source: "source-1", at: now)
        let third = try await receiver.receive(payload, options: SourceOptions(), source: "source-1")
        #expect(third.entries.isEmpty && third.notes.first?.contains("before") == true)
        #expect(try await receiver.receive(payload, options: SourceOptions(), source: "source-2").events.count == 1)
        #expect(surroundings.until == Timestamp(seconds: now.seconds + 70 * 60))
    }

    @Test func `a certificate is fetched once, and only so many are kept`() async throws {
        let receiver = SNSReceiver(surroundings)
        var fields = try TestSigner.shared.get().sign(notification())
        for number in [0, 0] + Array(1...SNSReceiver.Limits.certificates) + [0] {
            fields["SigningCertURL"] =
                "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-\(String(number, radix: 16)).pem"
            _ = try await receiver.receive(try payload(fields), options: SourceOptions(), source: "source-1")
        }
        #expect(surroundings.fetched.count == SNSReceiver.Limits.certificates + 2)
    }

    @Test func `without the certificate nothing is decided, and the sender should retry`() async throws {
        surroundings.failure = TestSurroundings.Failure()
        let fields = try TestSigner.shared.get().sign(notification())
        await #expect {
            try await receive(fields)
        } throws: { error in
            if case SNSFailure.unavailable = error { true } else { false }
        }
    }

    @Test func `invalid certificates are refused`() async throws {
        surroundings.pem = Array("<html>".utf8)
        #expect(await refusal(of: try TestSigner.shared.get().sign(notification())).contains("certificate"))
    }

    @Test func `a certificate that was not valid at that time is refused`() async throws {
        let fields = try TestSigner.shared.get().sign(notification(["Timestamp": "2025-06-01T00:00:00Z"]))
        let payload = try payload(fields, at: Timestamp(rfc3339: "2025-06-01T00:00:10Z"))
        await #expect {
            try await SNSReceiver(surroundings).receive(payload, options: SourceOptions(), source: "source-1")
        } throws: { error in
            if case SNSFailure.refused(.unauthentic(let why)) = error { why.contains("not valid") } else { false }
        }
    }
}
