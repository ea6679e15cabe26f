/// Why a text is not JSON, and where.
package struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let explanation: String
    /// Counts from 1.
    package let line: Int
    /// Counts bytes from 1.
    package let column: Int

    package var description: String { "\(explanation) at line \(line), column \(column)" }

    /// The fault at a place in a body.
    package init(_ explanation: String, at position: Int, in bytes: [UInt8]) {
        let read = bytes.prefix(position)
        self.explanation = explanation
        line = read.count { $0 == 10 } + 1
        column = position - (read.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
    }
}
