internal import Crypto
package import Domain
internal import Foundation

/// URLs that let the recipient of a message acknowledge its incidents without signing in.
///
/// A URL contains a code of nine letters and digits, 53 bits that cannot be guessed without the secret. The message's pages
/// have it in a column. URLs in older messages contain the message's id and a proof that PagerPal created it.
package struct AcknowledgementLinks: Sendable {
    /// How long a link acknowledges.
    package static let lifetime: Duration = .hours(24 * 7)

    /// The one that makes links first.
    private let keys: [SymmetricKey]
    private let baseURL: String

    package init(secrets: SecretKeys, baseURL: String) {
        keys = secrets.all.map {
            SymmetricKey(data: SHA256.hash(data: Data("acknowledgement links:\($0.reveal())".utf8)))
        }
        self.baseURL = baseURL
    }

    package func address(ofMessage id: String) -> String { "\(baseURL)/a/\(code(for: id))" }

    /// Returns the code in the link of a message.
    package func code(for id: String) -> String {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        var number = HMAC<SHA256>.authenticationCode(for: Data("code:\(id)".utf8), using: keys[0]).prefix(8)
            .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var code = ""
        for _ in 0..<9 {
            code.append(digits[Int(number % UInt64(digits.count))])
            number /= UInt64(digits.count)
        }
        return code
    }

    /// Returns the message id in the token of an older message, or nil if the token was not created by PagerPal.
    package func message(for token: String) -> String? {
        guard let dot = token.lastIndex(of: ".") else { return nil }
        let id = String(token[..<dot])
        return keys.contains { isSame(self.token(for: id, $0), token) } ? id : nil
    }

    /// Returns the token of older messages, with 80 bits of proof.
    package func token(for id: String) -> String { token(for: id, keys[0]) }

    private func token(for id: String, _ key: SymmetricKey) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(id.utf8), using: key)
        let proof = Data(code.prefix(10)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return "\(id).\(proof)"
    }
}
