internal import Crypto
package import Domain
internal import Foundation

/// Short proofs made with `SECRET_KEY`: that a form came from PagerPal, and that a browser has signed in before.
package struct RequestTokens: Sendable {
    /// The one that makes proofs first.
    private let keys: [SymmetricKey]

    package init(secrets: SecretKeys) {
        keys = secrets.all.map { SymmetricKey(data: SHA256.hash(data: Data("proofs:\($0.reveal())".utf8))) }
    }

    /// The token in forms, bound to the key in the browser's cookie. Other sites can't read that cookie.
    package func formToken(for cookie: String) -> String { formTokens(for: cookie)[0] }

    /// The tokens that are accepted, the one in new forms first.
    package func formTokens(for cookie: String) -> [String] { proofs("form:\(cookie)") }

    /// The token that a browser keeps for each account to which it has signed in.
    ///
    /// - Parameter version: changes when everything is revoked.
    package func browserToken(for user: UserID, _ version: Int64) -> String {
        browserTokens(for: user, version)[0]
    }

    /// The tokens that are accepted, the one that browsers get first.
    package func browserTokens(for user: UserID, _ version: Int64) -> [String] {
        proofs("browser:\(user):\(version)")
    }

    /// What a stranger must know to become the first administrator: `k7qd-…`, in the log of the start. All processes with the
    /// same `SECRET_KEY` have the same code.
    package var setUpCode: String {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
        let code = HMAC<SHA256>.authenticationCode(for: Data("set-up".utf8), using: keys[0])
        let letters = code.prefix(16).map { alphabet[Int($0) % alphabet.count] }
        return stride(from: 0, to: 16, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
    }

    private func proofs(_ text: String) -> [String] {
        keys.map { key in
            let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
            return Data(code.prefix(18)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        }
    }
}
