internal import Domain
internal import Foundation
internal import SwiftASN1
internal import X509

/// A certificate with which SNS signs.
///
/// It is trusted because it came over TLS from SNS's own host. Its chain is not checked. Keys under 2,048 bits, which
/// SNS abandoned in 2013, are refused.
struct SNSCertificate: Sendable {
    private let certificate: Certificate

    /// - Parameter pem: the answer from the certificate's address.
    init(pem: [UInt8]) throws(PayloadError) {
        do {
            certificate = try Certificate(pemEncoded: String(decoding: pem, as: UTF8.self))
        } catch {
            throw .unauthentic("The certificate's address did not return a usable certificate.")
        }
    }

    /// - Throws: the reason why the message is refused.
    func verify(_ envelope: SNSEnvelope) throws(PayloadError) {
        // The message's own time counts, so that a late delivery may outlive the certificate.
        guard let sent = envelope.sentAt, holds(at: sent) else {
            throw .unauthentic("The certificate was not valid when the message was sent.")
        }
        guard let signature = Data(base64Encoded: envelope.signature) else {
            throw .unauthentic("The signature is not in base64.")
        }
        // Version 1 is SHA-1, still the default for new topics. Forging it needs a second preimage, not just a
        // collision.
        let algorithm: Certificate.SignatureAlgorithm =
            envelope.signatureVersion == "2" ? .sha256WithRSAEncryption : .sha1WithRSAEncryption
        let isRight = envelope.signedTexts.contains { text in
            certificate.publicKey.isValidSignature(signature, for: Data(text.utf8), signatureAlgorithm: algorithm)
        }
        guard isRight else { throw .unauthentic("The signature does not match the message.") }
    }

    private func holds(at instant: Timestamp) -> Bool {
        let seconds = Double(instant.microseconds) / 1_000_000
        return certificate.notValidBefore.timeIntervalSince1970 <= seconds
            && seconds <= certificate.notValidAfter.timeIntervalSince1970
    }
}
