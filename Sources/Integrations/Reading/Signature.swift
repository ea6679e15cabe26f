internal import Crypto
internal import Domain
internal import Formats

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
            Self.bytes(ofHex: digits).map {
                HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: bytes, using: key)
            } ?? false
        }
        guard isRight else { throw .unauthentic("The signature does not match the payload. Compare the secrets.") }
    }

    /// The code of a text, for senders that ask for one.
    func code(of text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    private static func bytes(ofHex digits: String) -> [UInt8]? {
        let values = digits.trimmingBlanks().utf8.map(hexDigit)
        guard values.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: values.count, by: 2) {
            guard let high = values[index], let low = values[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
