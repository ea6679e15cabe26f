internal import Crypto

/// The SHA-256 of a key as lower-case hex: all that is kept of it. Keys are random and long, so no salt is needed.
package func sha256(_ key: String) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * SHA256.byteCount)
    for byte in SHA256.hash(data: Array(key.utf8)) { text += [hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
}

private let hexDigits = Array("0123456789abcdef".utf8)
