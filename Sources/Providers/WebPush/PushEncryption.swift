internal import Crypto
internal import Domain
internal import Foundation

/// Encrypts a push message for one browser (RFC 8291, with the content coding aes128gcm of RFC 8188).
enum PushEncryption {
    /// The most that fits into one record of 4,096 bytes.
    static let longest = 3_993

    /// Nil if the subscription's key is not a point of the curve.
    static func encrypt(_ text: [UInt8], for subscription: PushSubscription) -> [UInt8]? {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        return encrypt(text, for: subscription, sender: P256.KeyAgreement.PrivateKey(), salt: salt)
    }

    /// - Parameters:
    /// - sender: a key that is used for this message only.
    /// - salt: 16 random bytes.
    static func encrypt(
        _ text: [UInt8], for subscription: PushSubscription, sender: P256.KeyAgreement.PrivateKey, salt: Data
    ) -> [UInt8]? {
        guard let point = Data(base64URL: subscription.key), let secret = Data(base64URL: subscription.secret),
            let browser = try? P256.KeyAgreement.PublicKey(x963Representation: point),
            let shared = try? sender.sharedSecretFromKeyAgreement(with: browser)
        else { return nil }
        let own = sender.publicKey.x963Representation
        let input = shared.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: secret, sharedInfo: Data("WebPush: info\0".utf8) + point + own,
            outputByteCount: 32)
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: input, salt: salt, info: Data("Content-Encoding: aes128gcm\0".utf8), outputByteCount: 16)
        let nonce = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: input, salt: salt, info: Data("Content-Encoding: nonce\0".utf8), outputByteCount: 12
        ).withUnsafeBytes { Data($0) }
        // The byte 2 ends the last record.
        guard let sealed = try? AES.GCM.seal(Data(text) + [2], using: key, nonce: AES.GCM.Nonce(data: nonce)) else {
            return nil
        }
        let header = salt + [0, 0, 16, 0, UInt8(own.count)] + own
        return Array(header + sealed.ciphertext + sealed.tag)
    }
}

extension Data {
    /// Reads base64url without padding.
    init?(base64URL text: String) {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }

    /// Base64url without padding.
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
