import Crypto
import Domain
import Foundation
import TestSupport

@testable import Providers

/// A push service with one browser behind it. It checks what a push service checks, and decrypts as a browser does.
enum PushServer {
    /// The keys of RFC 8291, section 5.
    static let browser = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
    static let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    static let secret = "BTBZMqHH6r4Tts7J_aSIgg"
    static let address = "https://push.example.com/send/abc#\(key).\(secret)"

    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    /// Decrypts one record (RFC 8188) with the browser's private key.
    static func decrypt(_ body: [UInt8]) throws -> String {
        guard body.count >= 86 + 17, body.count <= 4_096, body[16..<20] == [0, 0, 16, 0], body[20] == 65 else {
            throw Refused(description: "not one record of aes128gcm")
        }
        let (salt, sender, sealed) = (Data(body[0..<16]), Data(body[21..<86]), Data(body[86...]))
        guard let own = Data(base64URL: browser), let auth = Data(base64URL: secret), let point = Data(base64URL: key)
        else { throw Refused(description: "no keys") }
        let shared = try P256.KeyAgreement.PrivateKey(rawRepresentation: own)
            .sharedSecretFromKeyAgreement(with: P256.KeyAgreement.PublicKey(x963Representation: sender))
        let first = shared.withUnsafeBytes { HMAC<SHA256>.authenticationCode(for: Data($0), using: .init(data: auth)) }
        func expand(_ key: some Sequence<UInt8>, _ info: Data) -> Data {
            Data(HMAC<SHA256>.authenticationCode(for: info + [1], using: SymmetricKey(data: Data(key))))
        }
        let input = expand(first, Data("WebPush: info\0".utf8) + point + sender)
        let random = HMAC<SHA256>.authenticationCode(for: input, using: SymmetricKey(data: salt))
        let cipher = expand(random, Data("Content-Encoding: aes128gcm\0".utf8)).prefix(16)
        let nonce = expand(random, Data("Content-Encoding: nonce\0".utf8)).prefix(12)
        let box = try AES.GCM.SealedBox(combined: nonce + sealed)
        let text = try AES.GCM.open(box, using: SymmetricKey(data: cipher))
        guard text.last == 2 else { throw Refused(description: "no end of the last record") }
        return String(decoding: text.dropLast(), as: UTF8.self)
    }

    /// Checks the header of RFC 8292 and returns the claims.
    static func claims(_ header: String) throws -> [String: Any] {
        let match = try #/vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)/#.wholeMatch(in: header)
        guard let match, let point = Data(base64URL: String(match.4)), let proof = Data(base64URL: String(match.3)),
            let claims = Data(base64URL: String(match.2))
        else { throw Refused(description: "not a VAPID header: \(header)") }
        let key = try P256.Signing.PublicKey(x963Representation: point)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: proof)
        guard key.isValidSignature(signature, for: Data("\(match.1).\(match.2)".utf8)) else {
            throw Refused(description: "a wrong signature")
        }
        return try JSONSerialization.jsonObject(with: claims) as? [String: Any] ?? [:]
    }
}
