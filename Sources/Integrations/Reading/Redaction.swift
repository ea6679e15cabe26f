internal import Formats

/// Removes secrets from a payload that is kept for people to look at.
package enum Redaction {
    /// The text that replaces a secret.
    package static let mark = "•••"

    /// Returns the text of a body, JSON or form, without the given secrets and without the values of members with
    /// secret names.
    package static func text(of body: [UInt8], without secrets: [String] = []) -> String {
        var text = String(decoding: body, as: UTF8.self)
        for secret in secrets where secret.utf8.count >= 8 { text = text.replacing(secret, with: mark) }
        return blotted(Array(text.utf8))
    }

    private static let words = [
        "password", "passwd", "secret", "token", "apikey", "authorization", "credential", "privatekey", "accesskey",
        "routingkey", "servicekey", "integrationkey", "subscribeurl", "unsubscribeurl", "signature",
    ]

    /// Whether a member's name, without case and punctuation, marks its value as secret.
    static func isSecret(_ name: some StringProtocol) -> Bool {
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        return words.contains { plain.contains($0) }
    }

    /// Scans the bytes twice: first for `"name": value`, then for `name=value` anywhere. It does not parse, because
    /// people mostly look at payloads that could not be parsed.
    private static func blotted(_ bytes: [UInt8]) -> String {
        String(decoding: assignmentsBlotted(membersBlotted(bytes)), as: UTF8.self)
    }

    private static func membersBlotted(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\"") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            let end = endOfText(bytes, from: index + 1)
            output += bytes[index..<end]
            let name = bytes[min(index + 1, end)..<max(index + 1, end - 1)]
            index = end
            if let value = startOfValue(bytes, after: end), isSecret(String(decoding: name, as: UTF8.self)) {
                output += bytes[end..<value]
                output += Array("\"\(mark)\"".utf8)
                index = endOfValue(bytes, from: value)
            }
        }
        return output
    }

    private static func assignmentsBlotted(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var (index, nameStart) = (0, 0)
        while index < bytes.count {
            output.append(bytes[index])
            if isBorder(bytes[index]) { nameStart = index + 1 }
            let isAssignment = bytes[index] == UInt8(ascii: "=") && index - nameStart <= 100
            index += 1
            if isAssignment, isSecret(String(decoding: bytes[nameStart..<(index - 1)], as: UTF8.self)) {
                output += Array(mark.utf8)
                index = bytes[index...].firstIndex(where: isBorder) ?? bytes.count
            }
        }
        return output
    }

    /// The bytes that end a name or value in a form, a query or plain text.
    private static func isBorder(_ byte: UInt8) -> Bool {
        byte <= 32 || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "\"")
            || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",")
    }

    /// Returns the position after the closing quote.
    private static func endOfText(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] == UInt8(ascii: "\"") {
                return index + 1
            } else {
                index += 1
            }
        }
        return bytes.count
    }

    /// Returns where the value of a member starts, given the end of its name. Nil when no colon follows, or the value
    /// is a container.
    private static func startOfValue(_ bytes: [UInt8], after end: Int) -> Int? {
        var index = end
        while index < bytes.count, bytes[index] <= 32 { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
        index += 1
        while index < bytes.count, bytes[index] <= 32 { index += 1 }
        guard index < bytes.count, bytes[index] != UInt8(ascii: "{"), bytes[index] != UInt8(ascii: "[") else {
            return nil
        }
        return index
    }

    private static func endOfValue(_ bytes: [UInt8], from start: Int) -> Int {
        if bytes[start] == UInt8(ascii: "\"") { return endOfText(bytes, from: start + 1) }
        return bytes[start...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") || $0 <= 32 }
            ?? bytes.count
    }
}
