import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// Signs messages as SNS does, with its own certificate, which is valid in 2026.
package struct TestSigner: Sendable {
    package static let certificateURL =
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-00112233445566778899aabbccddeeff.pem"

    package let pem: [UInt8]
    private let key: _RSA.Signing.PrivateKey

    /// Creating an RSA key is slow, so all tests share one.
    package static let shared = Result { try TestSigner() }

    package init() throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let name = try DistinguishedName { CommonName("sns.amazonaws.com") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 1_767_225_600),
            notValidAfter: Date(timeIntervalSince1970: 1_798_761_600), issuer: name, subject: name,
            signatureAlgorithm: .sha256WithRSAEncryption, extensions: Certificate.Extensions(),
            issuerPrivateKey: .init(key))
        pem = Array(try certificate.serializeAsPEM().pemString.utf8)
    }

    /// Adds a signature to a message's fields, computed over the fields that SNS signs.
    package func sign(_ fields: [String: String], version: String = "2", leavingOut: Set<String> = []) throws
        -> [String:
        String]
    {
        let names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        let text = names.filter { !leavingOut.contains($0) }.compactMap { name in
            fields[name].map { "\(name)\n\($0)\n" }
        }.joined()
        let data = Data(text.utf8)
        let signature =
            version == "2"
            ? try key.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5)
            : try key.signature(for: Insecure.SHA1.hash(data: data), padding: .insecurePKCS1v1_5)
        return fields.merging([
            "SignatureVersion": version, "Signature": signature.rawRepresentation.base64EncodedString(),
            "SigningCertURL": Self.certificateURL,
        ]) { _, new in new }
    }
}
