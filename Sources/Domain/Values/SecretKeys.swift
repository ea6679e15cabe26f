/// `SECRET_KEY`, and the one before it as long as that still counts. Everything is made with the present one and read with either.
package struct SecretKeys: Sendable {
    package let current: Secret
    package let previous: Secret?

    package init(_ current: Secret, previous: Secret? = nil) {
        self.current = current
        self.previous = previous
    }

    /// The present one first.
    package var all: [Secret] { [current] + [previous].compactMap(\.self) }
}
