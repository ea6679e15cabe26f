internal import Crypto
internal import Domain

/// HMAC-SHA256 with a secret that the sender and the source share.
struct Signature {
    private let key: SymmetricKey

    init(_ secret: Secret) { key = SymmetricKey(data: Array(secret.reveal().utf8)) }

    /// - Parameters:
    /// - sent: hex digits of the signatures. One valid signature is enough, because a secret may change while messages
    ///   are in transit.
    /// - bytes: the signed bytes.
    func check(_ sent: [String?], of bytes: [UInt8]) throws(PayloadError) {
        let sent = sent.compactMap(\.self)
        guard !sent.isEmpty else {
            throw .unauthentic("The payload is not signed, but the source has a secret and requires a signature.")
        }
        let isRight = sent.contains { digits in
            digest(ofHex: digits.trimmingBlanks()).map {
                HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: bytes, using: key)
            } ?? false
        }
        guard isRight else { throw .unauthentic("The signature does not match the payload. Compare the secrets.") }
    }

    /// The code of a text, for senders that ask for one.
    func code(of text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}
