/// Fields of `application/x-www-form-urlencoded` (WHATWG URL, section 5.1).
package enum Form {
    /// The maximum number of fields per form. Further fields are dropped.
    package static let limit = 1_000

    /// Nil unless the bytes start with `name=` or with percent-encoded JSON.
    package static func fields(of bytes: [UInt8]) -> [(name: String, value: String)]? {
        let head = bytes.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "&") }
        let isNamed = head.count < bytes.count && bytes[head.count] == UInt8(ascii: "=") && isName(head)
        let isEncodedJSON = head.starts(with: Array("%7B".utf8)) || head.starts(with: Array("%5B".utf8))
        guard isNamed || isEncodedJSON else { return nil }
        let pairs = bytes.split(separator: UInt8(ascii: "&"), maxSplits: limit)
        return pairs.prefix(limit).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return (name: decoded(name), value: decoded(pair.dropFirst(name.count + 1)))
        }
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= 200 && bytes.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "\"") }
    }

    /// Decodes `+` and `%20`. A `%` that starts no escape stays as it is.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex, let high = hexDigit(bytes[index + 1]),
                let low = hexDigit(bytes[index + 2])
            {
                if high << 4 | low != 0 { text.append(high << 4 | low) }
                index += 3
            } else {
                text.append(byte == UInt8(ascii: "+") ? 32 : byte)
                index += 1
            }
        }
        return string(text)
    }

    /// Old scripts send Latin-1, which is almost never valid UTF-8 by chance.
    private static func string(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var scalars = String.UnicodeScalarView()
        for byte in bytes { scalars.append(Unicode.Scalar(byte)) }
        return String(scalars)
    }
}
