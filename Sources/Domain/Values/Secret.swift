/// A text that must not be shown. It prints as dots wherever it is written by mistake: logs, errors, dumps, JSON.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) { self.value = value }

    /// The text itself, for the one place that needs it.
    package func reveal() -> String { value }

    /// What is shown instead of a secret.
    package static let shown = "••••"

    package var isEmpty: Bool { value.isEmpty }
    package var description: String { Secret.shown }
    package var debugDescription: String { Secret.shown }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
