extension JSONParser {
    /// Reads the text whose opening quote comes next.
    package mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        // Almost all texts contain no escapes and are copied unchanged.
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: bytes[start..<position - 1], as: UTF8.self)
            case UInt8(ascii: "\\"), 0: return try string(after: bytes[start..<position])
            default: position += 1
            }
        }
        throw fault("A text has no end")
    }

    private mutating func string(after read: ArraySlice<UInt8>) throws(JSONFault) -> String {
        var text = Array(read)
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0: break
            default: text.append(byte)
            }
        }
        throw fault("A text has no end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        guard position < bytes.count else { throw fault("A text has no end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            let scalar = try unicodeEscape()
            if scalar.value != 0 { text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
        default:
            position -= 1
            throw fault("There is no such escape after the backslash")
        }
    }

    /// Decodes one escape or a surrogate pair. A lone surrogate becomes U+FFFD.
    private mutating func unicodeEscape() throws(JSONFault) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let high = try hex()
        guard high & 0xf800 == 0xd800 else { return Unicode.Scalar(high) ?? replacement }
        guard high < 0xdc00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return replacement }
        let start = position
        position += 2
        let low = try hex()
        guard low & 0xfc00 == 0xdc00 else {
            position = start
            return replacement
        }
        return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)) ?? replacement
    }

    private mutating func hex() throws(JSONFault) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<4 {
            guard position + offset < bytes.count, let digit = hexDigit(bytes[position + offset]) else {
                throw fault("Four hex digits were expected after \\u")
            }
            value = value << 4 + UInt32(digit)
        }
        position += 4
        return value
    }
}

/// Returns the value of a hex digit. Nil for any other byte.
package func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
