internal import Crypto
package import Domain
internal import Foundation

/// Proves that a call comes from Slack (https://docs.slack.dev/authentication/verifying-requests-from-slack).
package struct SlackSignature: Sendable {
    package static let header = "X-Slack-Signature"
    package static let timeHeader = "X-Slack-Request-Timestamp"
    /// How old a call may be, and how far ahead its clock.
    package static let tolerance: Duration = .seconds(300)

    private let key: SymmetricKey

    package init(secret: Secret) { key = SymmetricKey(data: Data(secret.reveal().utf8)) }

    /// Whether a time in seconds is near enough to the present. It is worth nothing before the signature is checked.
    package func isRecent(_ time: String, at now: Timestamp) -> Bool {
        guard (1...12).contains(time.utf8.count), time.utf8.allSatisfy({ (48...57).contains($0) }),
            let seconds = Int64(time)
        else { return false }
        return now.seconds - seconds <= SlackSignature.tolerance.components.seconds
            && seconds - now.seconds <= SlackSignature.tolerance.components.seconds
    }

    /// Whether `v0=` and the HMAC-SHA-256 of the time and the body in hex are right. Takes the same time for each wrong one.
    package func isRight(_ signature: String, time: String, body: [UInt8]) -> Bool {
        guard signature.hasPrefix("v0="), let code = digest(ofHex: signature.dropFirst(3)) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Data("v0:\(time):".utf8) + Data(body), using: key)
    }
}
