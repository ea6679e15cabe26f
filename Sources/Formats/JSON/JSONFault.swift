/// Why a text is not valid JSON, and where the fault is.
package struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let explanation: String
    /// Starts at 1.
    package let line: Int
    /// In bytes, starts at 1.
    package let column: Int

    package var description: String { "\(explanation) at line \(line), column \(column)" }

    /// Creates a fault at a byte position in a body.
    package init(_ explanation: String, at position: Int, in bytes: [UInt8]) {
        let read = bytes.prefix(position)
        self.explanation = explanation
        line = read.count { $0 == 10 } + 1
        column = position - (read.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
    }
}
