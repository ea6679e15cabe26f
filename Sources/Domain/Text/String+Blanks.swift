extension StringProtocol {
    /// Returns the text without leading and trailing white space and line ends.
    package func trimmingBlanks() -> String {
        // Where both ends are ASCII and no blank, no character needs to be looked at.
        if let first = unicodeScalars.first?.value, let last = unicodeScalars.last?.value,
            (0x21..<0x7F).contains(first), (0x21..<0x7F).contains(last)
        {
            return String(self)
        }
        var rest = Substring(self)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
