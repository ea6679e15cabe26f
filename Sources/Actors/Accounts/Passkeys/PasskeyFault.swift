/// Why what a browser brought is no proof. The text is for the log and contains nothing secret.
package struct PasskeyFault: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
