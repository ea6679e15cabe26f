/// A value of CBOR (RFC 8949), which authenticators write.
package indirect enum CBOR: Sendable, Hashable {
    case unsigned(UInt64)
    /// The number −1 − n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    case map([CBOR: CBOR])
    case tagged(UInt64, CBOR)
    case bool(Bool)
    case null
    case undefined
    /// Another simple value.
    case simple(UInt8)
    case float(Double)

    /// The limits of one document.
    package enum Limits {
        /// The longest document in bytes. An attestation with its certificates has a few thousand.
        package static let bytes = 65_536
        /// The maximum nesting of arrays, maps and tags.
        package static let depth = 16
        /// The maximum number of values.
        package static let values = 2_000
    }

    /// A whole number that fits.
    package var integer: Int? {
        switch self {
        case .unsigned(let value): Int(exactly: value)
        case .negative(let value): Int(exactly: value).map { -1 - $0 }
        case .bytes, .text, .array, .map, .tagged, .bool, .null, .undefined, .simple, .float: nil
        }
    }

    package var byteString: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    package var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The value under a text in a map. Nil for any other value.
    package subscript(_ name: String) -> CBOR? {
        if case .map(let members) = self { members[.text(name)] } else { nil }
    }

    /// The value under a number in a map, as in keys of COSE. Nil for any other value.
    package subscript(_ number: Int) -> CBOR? {
        guard case .map(let members) = self else { return nil }
        return members[number < 0 ? .negative(UInt64(-1 - number)) : .unsigned(UInt64(number))]
    }
}

/// Why bytes are no CBOR, or none that is accepted.
package struct CBORFault: Error, Hashable, CustomStringConvertible {
    package let explanation: String
    /// Where, counted from 0.
    package let position: Int

    package var description: String { "\(explanation), at byte \(position)" }
}
