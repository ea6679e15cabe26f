internal import Crypto
package import Domain
internal import Foundation

/// Short proofs made with `SECRET_KEY`: that a form came from PagerPal, and that a browser has signed in before.
package struct RequestTokens: Sendable {
    private let key: SymmetricKey

    package init(secret: Secret) {
        key = SymmetricKey(data: SHA256.hash(data: Data("proofs:\(secret.reveal())".utf8)))
    }

    /// The token in forms, bound to the key in the browser's cookie. Other sites can't read that cookie.
    package func formToken(for cookie: String) -> String { proof("form:\(cookie)") }

    /// The token that a browser keeps for each account to which it has signed in.
    ///
    /// - Parameter version: changes when everything is revoked.
    package func browserToken(for user: UserID, _ version: Int64) -> String { proof("browser:\(user):\(version)") }

    private func proof(_ text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
        return Data(code.prefix(18)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }
}
