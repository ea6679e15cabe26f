internal import Crypto
internal import Foundation

/// Passwords that an app computes from a shared secret and the time (RFC 6238): SHA-1, 30 seconds, 6 digits, which is what
/// every such app understands.
package enum OneTimePassword {
    /// The length of a step in seconds.
    package static let step: Int64 = 30
    /// A password of the step before and of the step after also counts, because clocks differ and typing takes time.
    static let tolerance: Int64 = 1
    /// RFC 4226, 4: at least 128 bits, better 160.
    package static let secretLength = 20

    /// Returns the password of a step.
    package static func password(secret: [UInt8], step: Int64, digits: Int = 6) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let code = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(code[code.count - 1] & 0x0F)
        let number = code[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let limit = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String(number % limit)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// Returns the step whose password this is, the newest first, or nil if it is wrong.
    ///
    /// - Parameter last: the step whose password was used last. It and earlier ones don't count again.
    package static func step(of typed: String, secret: [UInt8], seconds: Int64, after last: Int64) -> Int64? {
        let now = seconds / step
        let steps = (now - tolerance...now + tolerance).reversed().filter { $0 > last }
        // All are compared, so that the time does not tell which one it was.
        let right = steps.filter { isEqual(password(secret: secret, step: $0), typed) }
        return right.first
    }

    /// Base32 without padding (RFC 4648, 6), as apps take the secret.
    package static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var (buffer, bits) = (0, 0)
        for byte in bytes {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[buffer >> bits & 31])
            }
            buffer &= 1 << bits - 1
        }
        if bits > 0 { text.append(alphabet[buffer << (5 - bits) & 31]) }
        return text
    }

    /// The address that apps read as a QR code or open on a phone.
    package static func address(secret: [UInt8], account: String) -> String {
        let name = account.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "otpauth://totp/PagerPal:\(name)?secret=\(base32(secret))&issuer=PagerPal"
    }
}

/// Compares in a time that depends on the lengths alone.
private func isEqual(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    return left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
