/// Why a text is not JSON, and where.
package struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let explanation: String
    /// Both count from 1; the column counts bytes.
    package let line: Int
    package let column: Int

    package var description: String { "\(explanation) at line \(line), column \(column)" }
}

/// Reads JSON (RFC 8259) in one pass, with limits on its depth and size.
///
/// It is lenient where nothing is lost by it: a byte order mark is skipped, invalid UTF-8 and lone surrogates become
/// U+FFFD, U+0000 is dropped, since no database keeps it.
package struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var count = 0

    /// - Throws: `JSONFault` with the place of the first thing that is wrong.
    package static func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSON {
        var parser = JSONParser(bytes: bytes)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { parser.position = 3 }
        parser.skipBlanks()
        guard parser.position < bytes.count else { throw parser.fault("The body is empty; JSON was expected") }
        let value = try parser.value()
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw parser.fault("There is something after the end of the JSON") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func value() throws(JSONFault) -> JSON {
        count += 1
        guard count <= JSON.Limits.values else { throw fault("There are more than \(JSON.Limits.values) values") }
        guard position < bytes.count else { throw fault("The JSON ends too early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { (parser) throws(JSONFault) in try parser.object() }
        case UInt8(ascii: "["): return try nested { (parser) throws(JSONFault) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        default: throw fault("A JSON value was expected")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONFault) -> JSON
    ) throws(JSONFault) -> JSON {
        depth += 1
        guard depth <= JSON.Limits.depth else { throw fault("It is nested deeper than \(JSON.Limits.depth) levels") }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONFault) -> JSON {
        var object = JSONObject()
        skipBlanks()
        if skip("}") { return .object(object) }
        while true {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw fault("A name in quotes was expected")
            }
            let name = try string()
            skipBlanks()
            guard skip(":") else { throw fault("A colon was expected after the name \(name.prefix(40))") }
            skipBlanks()
            object[name] = try value()
            skipBlanks()
            if skip("}") { return .object(object) }
            guard skip(",") else { throw fault("A comma or } was expected") }
        }
    }

    private mutating func array() throws(JSONFault) -> JSON {
        var values: [JSON] = []
        skipBlanks()
        if skip("]") { return .array(values) }
        while true {
            skipBlanks()
            values.append(try value())
            skipBlanks()
            if skip("]") { return .array(values) }
            guard skip(",") else { throw fault("A comma or ] was expected") }
        }
    }

    private mutating func number() throws(JSONFault) -> JSON {
        let start = position
        _ = skip("-")
        guard digits() else { throw fault("A digit was expected") }
        if skip(".") { guard digits() else { throw fault("A digit was expected after the point") } }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            guard digits() else { throw fault("A digit was expected in the exponent") }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() -> Bool {
        let start = position
        while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57 { position += 1 }
        return position > start
    }

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            // Raw control characters are not allowed in JSON, and yet line ends and tabs are sent.
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
            if scalar.value != 0 { text.append(contentsOf: Array(String(Character(scalar)).utf8)) }
        default: throw fault("There is no escape \\\(Character(Unicode.Scalar(byte)))")
        }
    }

    /// One scalar of one or two escapes; half of a pair is U+FFFD.
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
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw fault("Four hex digits were expected after \\u") }
        position += 4
        return value
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[position + offset] != word.utf8Start[offset] { return false }
        position += length
        return true
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    private func fault(_ explanation: String) -> JSONFault {
        let read = bytes.prefix(position)
        let line = read.count { $0 == 10 } + 1
        let lineStart = read.lastIndex(of: 10).map { $0 + 1 } ?? 0
        return JSONFault(explanation: explanation, line: line, column: position - lineStart + 1)
    }
}
