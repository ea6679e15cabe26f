extension StringProtocol {
    /// Returns the text without leading and trailing white space and line ends.
    package func trimmingBlanks() -> String {
        var rest = Substring(self)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
