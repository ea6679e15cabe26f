internal import Domain
internal import Foundation
internal import SwiftASN1
internal import X509

/// A certificate that SNS signs with.
///
/// It is trusted because it came over TLS from SNS's own host; its chain is not looked at. Keys of fewer than 2,048
/// bits, which SNS gave up in 2013, are refused.
struct SNSCertificate: Sendable {
    private let certificate: Certificate

    /// - Parameter pem: what the certificate's address answered.
    init(pem: [UInt8]) throws(PayloadError) {
        do {
            certificate = try Certificate(pemEncoded: String(decoding: pem, as: UTF8.self))
        } catch {
            throw .unauthentic("What the certificate's address answered is no certificate that can be used.")
        }
    }

    /// - Throws: why the message is refused.
    func verify(_ envelope: SNSEnvelope) throws(PayloadError) {
        // The message's own time decides, so that a late delivery outlives the certificate.
        guard let sent = envelope.sentAt, holds(at: sent) else {
            throw .unauthentic("The certificate was not valid when the message was sent.")
        }
        guard let signature = Data(base64Encoded: envelope.signature) else {
            throw .unauthentic("The signature is not in base64.")
        }
        // Version 1 is SHA-1 and still what new topics begin with; forging it needs a second preimage, not a collision.
        let algorithm: Certificate.SignatureAlgorithm =
            envelope.signatureVersion == "2" ? .sha256WithRSAEncryption : .sha1WithRSAEncryption
        let isRight = envelope.signedTexts.contains { text in
            certificate.publicKey.isValidSignature(signature, for: Data(text.utf8), signatureAlgorithm: algorithm)
        }
        guard isRight else { throw .unauthentic("The signature is not the message's.") }
    }

    private func holds(at instant: Timestamp) -> Bool {
        let seconds = Double(instant.microseconds) / 1_000_000
        return certificate.notValidBefore.timeIntervalSince1970 <= seconds
            && seconds <= certificate.notValidAfter.timeIntervalSince1970
    }
}
