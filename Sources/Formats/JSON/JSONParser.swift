/// Reads JSON (RFC 8259) in one pass, with limits on its depth and size.
///
/// It is lenient where that loses nothing. It skips a byte order mark, turns invalid UTF-8 and lone surrogates into
/// U+FFFD, drops U+0000, which PostgreSQL cannot store, and accepts raw control characters in texts.
package struct JSONParser {
    package let bytes: [UInt8]
    package var position = 0
    private var depth = 0
    private var count = 0

    /// - Throws: `JSONFault` with the location of the first fault.
    package static func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSON {
        var parser = JSONParser(bytes: bytes)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { parser.position = 3 }
        parser.skipBlanks()
        guard parser.position < bytes.count else { throw parser.fault("The body is empty; JSON was expected") }
        let value = try parser.value()
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw parser.fault("There is more text after the end of the JSON") }
        return value
    }

    /// Parses a text.
    package static func parse(_ text: String) throws(JSONFault) -> JSON { try parse(Array(text.utf8)) }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func value() throws(JSONFault) -> JSON {
        count += 1
        guard count <= JSON.Limits.values else { throw fault("There are more than \(JSON.Limits.values) values") }
        guard position < bytes.count else { throw fault("The JSON ends too early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-") where isWord("-Infinity"): throw fault("Infinity is not JSON; send null or a text")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        default:
            if isWord("NaN") || isWord("nan") { throw fault("NaN is not JSON; send null or a text") }
            if isWord("Infinity") || isWord("inf") { throw fault("Infinity is not JSON; send null or a text") }
            throw fault("A JSON value was expected")
        }
    }

    /// Enters an array or object.
    private mutating func enter() throws(JSONFault) {
        depth += 1
        guard depth <= JSON.Limits.depth else { throw fault("It is nested deeper than \(JSON.Limits.depth) levels") }
        position += 1
        skipBlanks()
    }

    private mutating func object() throws(JSONFault) -> JSON {
        try enter()
        var object = JSONObject()
        var isOpen = !skip("}")
        while isOpen {
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw fault("A name in quotes was expected")
            }
            let name = try string()
            skipBlanks()
            guard skip(":") else { throw fault("A colon was expected after the name \(name.prefix(40))") }
            skipBlanks()
            object[name] = try value()
            isOpen = try goesOn("}")
        }
        depth -= 1
        return .object(object)
    }

    private mutating func array() throws(JSONFault) -> JSON {
        try enter()
        var values: [JSON] = []
        var isOpen = !skip("]")
        while isOpen {
            values.append(try value())
            isOpen = try goesOn("]")
        }
        depth -= 1
        return .array(values)
    }

    /// Returns whether another element follows. False at the end.
    private mutating func goesOn(_ end: Unicode.Scalar) throws(JSONFault) -> Bool {
        skipBlanks()
        if skip(end) { return false }
        guard skip(",") else { throw fault("A comma or \(end) was expected") }
        skipBlanks()
        return true
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
}

extension JSONParser {
    private func isWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        return (0..<length).allSatisfy { bytes[position + $0] == word.utf8Start[$0] }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        guard isWord(word) else { return false }
        position += word.utf8CodeUnitCount
        return true
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 32, 10, 13, 9: position += 1
            default: return
            }
        }
    }

    package func fault(_ explanation: String) -> JSONFault { JSONFault(explanation, at: position, in: bytes) }
}
