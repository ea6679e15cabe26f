/// Breaks payloads as networks, proxies, templates and attackers do.
package struct Mutation {
    private var generator: SeededNumbers

    package init(seed: UInt64) { generator = SeededNumbers(seed: seed) }

    private static let odd: [[UInt8]] =
        [
            "null", "[]", "{}", "\"\"", "1e999", "-0", "12345678901234567890123", "true", "NaN", "\\u0000", "\\ud83d",
            "\\udc00",
            "\u{202E}", "\u{0}", "\r\n", "\\", "\"", ",", ":", "[", "]", "{", "}", "%00", "%zz", "&", "=", "--",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:60Z", "-99999999999", "9223372036854775807", "javascript:alert(1)", "https://", "👩‍👩‍👧",
            "\u{FEFF}",
            "{\"alerts\":[{}]}", "{\"Type\":\"Notification\"}", "{\"a\":[[[[[[[[{\"b\":1}]]]]]]]]}",
        ].map { Array($0.utf8) } + [[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0x1f, 0x8b]]

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[int(elements.count)] }

    package mutating func int(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &generator) }

    /// Returns the sample with one to six changes.
    package mutating func mutated(_ sample: [UInt8], with other: [UInt8]) -> [UInt8] {
        var bytes = sample
        for _ in 0...int(6) { change(&bytes, other) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let place = int(bytes.count + 1)
        let length = min(int(40), bytes.count - place)
        switch int(9) {
        case 0: if place < bytes.count { bytes[place] = UInt8(int(256)) }
        case 1: if place < bytes.count { bytes[place] ^= 1 << int(8) }
        case 2: bytes.removeSubrange(place..<place + length)
        case 3: bytes.insert(contentsOf: pick(Self.odd), at: place)
        case 4: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        case 5: bytes.removeSubrange(place...)
        case 6: replaceValue(in: &bytes, after: place)
        case 7: bytes.replaceSubrange(place..<place + length, with: pick(Self.odd))
        default:
            let start = int(other.count)
            bytes.insert(contentsOf: other[start..<min(other.count, start + int(200))], at: place)
        }
    }

    /// Replaces the value after the next colon, so that the JSON stays well-formed but its types change.
    private mutating func replaceValue(in bytes: inout [UInt8], after place: Int) {
        guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
        let rest = bytes[(colon + 1)...]
        guard let end = rest.firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") }) else { return }
        bytes.replaceSubrange(colon + 1..<end, with: pick(Self.odd))
    }
}
