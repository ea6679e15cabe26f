internal import Crypto
package import Domain
internal import Foundation

/// Addresses at which whoever got a message can acknowledge its incidents without signing in: the message's id and
/// a proof that PagerPal wrote it.
package struct AcknowledgementLinks: Sendable {
    private let key: SymmetricKey
    private let baseURL: String

    /// - Parameter secret: `SECRET_KEY`.
    package init(secret: Secret, baseURL: String) {
        key = SymmetricKey(data: SHA256.hash(data: Data("acknowledgement links:\(secret.reveal())".utf8)))
        self.baseURL = baseURL
    }

    package func address(ofMessage id: String) -> String { "\(baseURL)/a/\(token(for: id))" }

    /// The message that a token stands for; nil for one that is not ours.
    package func message(for token: String) -> String? {
        guard let dot = token.lastIndex(of: ".") else { return nil }
        let id = String(token[..<dot])
        return isSame(self.token(for: id), token) ? id : nil
    }

    /// 80 bits of proof, so that a link fits into an SMS and can't be guessed.
    private func token(for id: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(id.utf8), using: key)
        let proof = Data(code.prefix(10)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return "\(id).\(proof)"
    }
}
