internal import Crypto
package import Domain
internal import Foundation

/// Short proofs made with `SECRET_KEY`: that a form is PagerPal's own, and that a browser has signed in before.
package struct RequestTokens: Sendable {
    private let key: SymmetricKey

    package init(secret: Secret) {
        key = SymmetricKey(data: SHA256.hash(data: Data("proofs:\(secret.reveal())".utf8)))
    }

    /// What forms carry: bound to the key in the browser's cookie, which other sites can't read.
    package func formToken(for cookie: String) -> String { proof("form:\(cookie)") }

    /// Kept by a browser for each account that it has signed in to.
    package func browserToken(for user: UserID) -> String { proof("browser:\(user)") }

    private func proof(_ text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
        return Data(code.prefix(18)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }
}
