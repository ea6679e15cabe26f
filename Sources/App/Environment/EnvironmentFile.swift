internal import Foundation

/// The variables of an `.env` file.
///
/// Reads what shells, Docker and editors write: comments, blank lines, `export`, quotes, CRLF, and the byte order marks
/// of UTF-8 and UTF-16. It refuses anything else with its line, so that no setting is ever ignored in silence.
struct EnvironmentFile: Sendable {
    /// Why a file can't be read.
    struct Fault: Error, Hashable, CustomStringConvertible {
        /// Nil if the fault concerns the whole file.
        var line: Int?
        var advice: String

        var description: String { line.map { ".env, line \($0): \(advice)" } ?? ".env: \(advice)" }
    }

    /// More than this is no settings file.
    static let limit = 1 << 20

    private(set) var variables: [String: String] = [:]
    /// The line of each variable.
    private(set) var lines: [String: Int] = [:]
    private(set) var faults: [Fault] = []
    /// What is suspicious, but can be read.
    private(set) var warnings: [Fault] = []

    init(_ bytes: some Collection<UInt8>) {
        guard bytes.count <= EnvironmentFile.limit else {
            faults.append(Fault(line: nil, advice: "it has more than \(EnvironmentFile.limit) bytes"))
            return
        }
        do {
            let text = try EnvironmentFile.text(of: Array(bytes))
            for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            {
                read(line.drop(while: \.isWhitespace), number: index + 1)
            }
        } catch {
            faults.append(error)
        }
    }

    /// Decodes UTF-8, or UTF-16 if it has a byte order mark.
    private static func text(of bytes: [UInt8]) throws(Fault) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            guard let text = String(data: Data(bytes), encoding: .utf16) else {
                throw Fault(line: nil, advice: "it is not valid UTF-16; save it as UTF-8")
            }
            return text
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.contains(0) {
                throw Fault(line: index + 1, advice: "it contains a zero byte; save the file as UTF-8")
            }
            if String(validating: line, as: UTF8.self) == nil {
                throw Fault(line: index + 1, advice: "it is not valid UTF-8; save the file as UTF-8")
            }
        }
        return String(decoding: body, as: UTF8.self)
    }

    private mutating func read(_ line: Substring, number: Int) {
        guard let first = line.first, first != "#" else { return }
        guard let equals = line.firstIndex(of: "=") else {
            // The text may be a secret in the wrong place, so it is not repeated.
            return faults.append(Fault(line: number, advice: "write NAME=value, or # before a comment"))
        }
        var words = line[..<equals].split(whereSeparator: \.isWhitespace)
        if words.count == 2 && words[0] == "export" { words.removeFirst() }
        guard words.count == 1, let name = words.first, isName(name) else {
            let advice = "the text before = must be the name of a variable, such as SMTP_HOST"
            return faults.append(Fault(line: number, advice: advice))
        }
        do {
            let value = try EnvironmentFile.value(line[line.index(after: equals)...], line: number)
            if let other = lines[String(name)] {
                let advice = "\(name) is also set in line \(other); this line takes precedence"
                warnings.append(Fault(line: number, advice: advice))
            }
            variables[String(name)] = value
            lines[String(name)] = number
        } catch {
            faults.append(error)
        }
    }

    private func isName(_ text: Substring) -> Bool {
        guard let first = text.first, first == "_" || first.isLetter else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// Reads what follows the equals sign. Quotes keep everything between them. Without quotes, a value ends before
    /// blanks with a `#` behind them. No variables are expanded.
    private static func value(_ text: Substring, line: Int) throws(Fault) -> String {
        let rest = text.drop(while: \.isWhitespace)
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            return unquoted(text)
        }
        var value = ""
        var index = rest.index(after: rest.startIndex)
        while index < rest.endIndex, rest[index] != quote {
            let next = rest.index(after: index)
            if quote == "\"", rest[index] == "\\", next < rest.endIndex, "\"\\$`".contains(rest[next]) {
                value.append(rest[next])
                index = rest.index(after: next)
            } else {
                value.append(rest[index])
                index = next
            }
        }
        guard index < rest.endIndex else {
            throw Fault(line: line, advice: "the closing \(quote) is missing; a value is one line")
        }
        let behind = rest[rest.index(after: index)...].drop(while: \.isWhitespace)
        guard behind.isEmpty || behind.first == "#" else {
            throw Fault(line: line, advice: "there is text behind the closing \(quote)")
        }
        return value
    }

    private static func unquoted(_ text: Substring) -> String {
        var end = text.startIndex
        var isBlank = true
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if character == "#" && isBlank { break }
            isBlank = character.isWhitespace
            index = text.index(after: index)
            if !isBlank { end = index }
        }
        return String(text[..<end].drop(while: \.isWhitespace))
    }
}
