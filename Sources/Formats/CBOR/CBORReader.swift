/// Reads CBOR (RFC 8949) in one pass, with limits on its depth and size.
///
/// Lengths must be definite and the keys of a map distinct, as CTAP2 demands of authenticators. Numbers may be longer than they
/// need to be.
package struct CBORReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var count = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a whole document.
    ///
    /// - Throws: `CBORFault` with the place of the first fault.
    package static func read(_ bytes: [UInt8]) throws(CBORFault) -> CBOR {
        let (value, length) = try readFirst(bytes)
        guard length == bytes.count else {
            throw CBORFault(explanation: "There is more after the end", position: length)
        }
        return value
    }

    /// Reads the first value, after which others may follow.
    ///
    /// - Returns: the value, and how many bytes it has.
    package static func readFirst(_ bytes: [UInt8]) throws(CBORFault) -> (value: CBOR, length: Int) {
        guard bytes.count <= CBOR.Limits.bytes else {
            throw CBORFault(explanation: "There are more than \(CBOR.Limits.bytes) bytes", position: 0)
        }
        var reader = CBORReader(bytes)
        let value = try reader.value()
        return (value, reader.position)
    }

    private mutating func value() throws(CBORFault) -> CBOR {
        count += 1
        guard count <= CBOR.Limits.values else { throw fault("There are more than \(CBOR.Limits.values) values") }
        let first = try byte()
        let (kind, detail) = (first >> 5, first & 31)
        if kind == 7 { return try simple(detail) }
        let argument = try argument(detail)
        switch kind {
        case 0: return .unsigned(argument)
        case 1: return .negative(argument)
        case 2: return .bytes(Array(try take(length(argument))))
        case 3:
            let slice = try take(length(argument))
            guard let text = String(validating: slice, as: UTF8.self) else { throw fault("A text is not UTF-8") }
            return .text(text)
        case 4: return .array(try array(length(argument)))
        case 5: return .map(try map(length(argument)))
        default:
            try enter()
            let inner = try value()
            depth -= 1
            return .tagged(argument, inner)
        }
    }

    private mutating func array(_ length: Int) throws(CBORFault) -> [CBOR] {
        try enter()
        var values: [CBOR] = []
        for _ in 0..<length { values.append(try value()) }
        depth -= 1
        return values
    }

    private mutating func map(_ length: Int) throws(CBORFault) -> [CBOR: CBOR] {
        try enter()
        var members: [CBOR: CBOR] = [:]
        for _ in 0..<length {
            let key = try value()
            guard members.updateValue(try value(), forKey: key) == nil else { throw fault("A map has a key twice") }
        }
        depth -= 1
        return members
    }

    /// The simple values and floating-point numbers (RFC 8949, 3.3).
    private mutating func simple(_ detail: UInt8) throws(CBORFault) -> CBOR {
        switch detail {
        case 20, 21: return .bool(detail == 21)
        case 22: return .null
        case 23: return .undefined
        case 0..<20: return .simple(detail)
        case 24:
            let value = try byte()
            guard value >= 32 else { throw fault("A simple value is written in a way that is not allowed") }
            return .simple(value)
        case 25: return .float(CBORReader.half(UInt16(truncatingIfNeeded: try argument(detail))))
        case 26: return .float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try argument(detail)))))
        case 27: return .float(Double(bitPattern: try argument(detail)))
        default: throw fault("An indefinite or reserved length is not accepted")
        }
    }

    /// A number of 16 bits (RFC 8949, appendix D). Swift's own type for it does not exist on every platform.
    private static func half(_ bits: UInt16) -> Double {
        let (exponent, mantissa) = (Int(bits >> 10 & 31), Double(bits & 1_023))
        let size =
            exponent == 0
            ? mantissa * 0x1p-24
            : exponent == 31
                ? (mantissa == 0 ? Double.infinity : .nan)
                : Double(sign: .plus, exponent: exponent - 25, significand: mantissa + 1_024)
        return bits >> 15 == 1 ? -size : size
    }

    /// The number that belongs to an initial byte.
    private mutating func argument(_ detail: UInt8) throws(CBORFault) -> UInt64 {
        switch detail {
        case 0..<24: return UInt64(detail)
        case 24...27: return try take(1 << Int(detail - 24)).reduce(0) { $0 << 8 | UInt64($1) }
        default: throw fault("An indefinite or reserved length is not accepted")
        }
    }

    /// A length that the rest of the bytes could have. Each value has a byte at least.
    private func length(_ argument: UInt64) throws(CBORFault) -> Int {
        guard argument <= UInt64(bytes.count - position) else { throw fault("It ends too early") }
        return Int(argument)
    }

    private mutating func take(_ length: Int) throws(CBORFault) -> ArraySlice<UInt8> {
        guard length <= bytes.count - position else { throw fault("It ends too early") }
        defer { position += length }
        return bytes[position..<position + length]
    }

    private mutating func byte() throws(CBORFault) -> UInt8 {
        let slice = try take(1)
        return slice[slice.startIndex]
    }

    private mutating func enter() throws(CBORFault) {
        depth += 1
        guard depth <= CBOR.Limits.depth else { throw fault("It is nested deeper than \(CBOR.Limits.depth) levels") }
    }

    private func fault(_ explanation: String) -> CBORFault { CBORFault(explanation: explanation, position: position) }
}
