internal import Foundation

/// The result of one check of `pagerpal doctor`.
struct Finding: Sendable, Hashable, Encodable {
    enum Status: String, Sendable, Encodable { case ok, warning, failed }

    /// What was checked, in a word: `database`.
    let check: String
    let status: Status
    let text: String
    /// What to do. Nil if nothing is wrong.
    let remedy: String?

    static func ok(_ check: String, _ text: String) -> Finding {
        Finding(check: check, status: .ok, text: text, remedy: nil)
    }

    static func warning(_ check: String, _ text: String, _ remedy: String) -> Finding {
        Finding(check: check, status: .warning, text: text, remedy: remedy)
    }

    static func failed(_ check: String, _ text: String, _ remedy: String) -> Finding {
        Finding(check: check, status: .failed, text: text, remedy: remedy)
    }

    var line: String {
        let mark =
            switch status {
            case .ok: "ok     "
            case .warning: "warning"
            case .failed: "FAILED "
            }
        let name = check.padding(toLength: 10, withPad: " ", startingAt: 0)
        return "\(mark) \(name) \(text)" + (remedy.map { "\n                   \($0)" } ?? "")
    }
}
