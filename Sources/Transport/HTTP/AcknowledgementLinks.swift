internal import Crypto
package import Domain
internal import Foundation

/// URLs that let the recipient of a message acknowledge its incidents without signing in. A URL contains the
/// message's id and a proof that PagerPal created it.
package struct AcknowledgementLinks: Sendable {
    /// How long a link acknowledges.
    package static let lifetime: Duration = .hours(24 * 7)

    private let key: SymmetricKey
    private let baseURL: String

    /// - Parameter secret: `SECRET_KEY`.
    package init(secret: Secret, baseURL: String) {
        key = SymmetricKey(data: SHA256.hash(data: Data("acknowledgement links:\(secret.reveal())".utf8)))
        self.baseURL = baseURL
    }

    package func address(ofMessage id: String) -> String { "\(baseURL)/a/\(token(for: id))" }

    /// Returns the message id in a token, or nil if the token was not created by PagerPal.
    package func message(for token: String) -> String? {
        guard let dot = token.lastIndex(of: ".") else { return nil }
        let id = String(token[..<dot])
        return isSame(self.token(for: id), token) ? id : nil
    }

    /// Creates a token with 80 bits of proof: short enough for an SMS, too long to guess.
    private func token(for id: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(id.utf8), using: key)
        let proof = Data(code.prefix(10)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return "\(id).\(proof)"
    }
}
