import Crypto

/// HMAC-SHA256 in hex digits, the most common form of signature.
func hmac(_ text: String, _ secret: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: Array(secret.utf8)))
    return code.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
