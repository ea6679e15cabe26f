/// A text that must not be shown. It prints as dots in logs, errors, dumps and JSON.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) { self.value = value }

    /// Returns the text itself, for the one place that needs it.
    package func reveal() -> String { value }

    /// What is shown instead of a secret.
    package static let shown = "••••"

    package var isEmpty: Bool { value.isEmpty }
    package var description: String { Secret.shown }
    package var debugDescription: String { Secret.shown }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
