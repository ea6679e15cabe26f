internal import Domain
internal import Formats

/// The checks of a message that do not need its certificate.
extension SNSEnvelope {
    /// The maximum age of a message. SNS retries for at most an hour (section "Message delivery retries" of its guide).
    /// The rest allows for differing clocks.
    static let oldest = Duration.seconds(65 * 60)
    /// How far a message's clock may be ahead of PagerPal's.
    static let newest = Duration.seconds(5 * 60)

    /// - Throws: the reason why the message is refused.
    func check(_ options: SourceOptions, at now: Timestamp) throws(PayloadError) {
        guard signatureVersion == "1" || signatureVersion == "2" else {
            throw .unauthentic(
                "Signatures of version “\(Clean.name(signatureVersion))” are unknown; 1 and 2 are known.")
        }
        guard SNSAddress.isCertificate(certificateURL) else {
            throw .unauthentic("The certificate's address is not one of SNS: \(Clean.name(certificateURL))")
        }
        try Self.checkTopic(topic, options)
        guard let sent = sentAt else { throw .unauthentic("The message's Timestamp can't be read.") }
        guard now - sent <= Self.oldest else {
            throw .unauthentic("The message was sent at \(sent.rfc3339), too long ago to be accepted.")
        }
        guard sent - now <= Self.newest else {
            throw .unauthentic("The message was sent at \(sent.rfc3339), which is yet to come. Check this clock.")
        }
    }

    /// When SNS sent the message, according to the message.
    var sentAt: Timestamp? { Clean.instant(timestamp) }

    /// A valid signature only proves that some AWS customer sent the message. The topic tells which one.
    static func checkTopic(_ topic: String, _ options: SourceOptions) throws(PayloadError) {
        guard options.topics.isEmpty || options.topics.contains(topic) else {
            throw .unauthentic("The topic \(Clean.name(topic)) is not allowed to send to this source.")
        }
    }
}

/// The addresses of SNS itself. No other address is fetched, because an attacker who makes PagerPal fetch their
/// certificate could sign anything.
enum SNSAddress {
    /// `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem`
    static func isCertificate(_ url: String) -> Bool {
        guard let path = path(of: url) else { return false }
        let (before, after) = ("/SimpleNotificationService-", ".pem")
        guard path.hasPrefix(before), path.hasSuffix(after) else { return false }
        let hash = path.utf8.dropFirst(before.utf8.count).dropLast(after.utf8.count)
        return (1...64).contains(hash.count) && hash.allSatisfy { hexDigit($0) != nil }
    }

    /// `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=…&Token=…`
    static func isConfirmation(_ url: String) -> Bool {
        guard let path = path(of: url), path.hasPrefix("/?") else { return false }
        return path.dropFirst(2).split(separator: "&").contains("Action=ConfirmSubscription")
    }

    /// Returns what follows the host. Nil unless the host is exactly `sns.<region>.amazonaws.com` or its counterpart in
    /// China.
    private static func path(of url: String) -> Substring? {
        guard url.hasPrefix("https://"), url.utf8.count <= 2_000, url.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            return nil
        }
        let rest = url.dropFirst("https://".count)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        let labels = rest[..<slash].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 4, labels[0] == "sns", isRegion(labels[1]),
            labels[2...] == ["amazonaws", "com"] || labels[2...] == ["amazonaws", "com", "cn"]
        else { return nil }
        return rest[slash...]
    }

    private static func isRegion(_ label: Substring) -> Bool {
        label.utf8.count >= 3
            && label.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
