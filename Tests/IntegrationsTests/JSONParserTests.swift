import Formats
import Integrations
import TestSupport
import Testing

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("1e999", "1e999"), ("12345678901234567890123", "12345678901234567890123"), ("-0.5E+3", "-0.5E+3"),
        ("true", "true"),
        (#""a\u0041\n\ud83d\ude00""#, "aA\n😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
        (#""\ude00""#, "\u{FFFD}"), (#""a\u0000b""#, "ab"), ("\u{FEFF}\"bom\"", "bom"), ("\"raw\ttab\"", "raw\ttab"),
    ])
    func `values keep what was sent`(text: String, expected: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)).text == expected)
    }

    @Test(arguments: [
        ("", 1, 1), ("{", 1, 2), ("[1,", 1, 4), ("{\"a\" 1}", 1, 6), ("[1]\n x", 2, 2), ("nul", 1, 1), ("01x", 1, 3),
        ("-", 1, 2), ("1.", 1, 3), ("\"a", 1, 3), (#""\x""#, 1, 3), (#""\u12"#, 1, 4), ("NaN", 1, 1), ("{'a':1}", 1, 2),
    ])
    func `faults have their place`(text: String, line: Int, column: Int) {
        let fault = #expect(throws: JSONFault.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(fault?.line == line && fault?.column == column, "\(String(describing: fault))")
    }

    @Test func `of duplicate members the last one counts, in the first one's position`() throws {
        let object = try #require(try JSONParser.parse(Array(#"{"a": 1, "b": 2, "a": 3}"#.utf8)).object)
        #expect(object.members.map { "\($0.name)=\($0.value.text ?? "")" } == ["a=3", "b=2"])
    }

    @Test func `depth and size have limits`() {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        #expect(throws: JSONFault.self) { try JSONParser.parse(Array(deep.utf8)) }
        #expect((try? JSONParser.parse(Array(deep.dropFirst().dropLast().utf8))) != nil)
        let wide = "[" + String(repeating: "1,", count: JSON.Limits.values) + "1]"
        #expect(throws: JSONFault.self) { try JSONParser.parse(Array(wide.utf8)) }
    }

    @Test func `invalid UTF-8 is replaced, not refused`() throws {
        #expect(try JSONParser.parse([0x22, 0x4d, 0xfc, 0x22]).text == "M\u{FFFD}")
    }

    @Test(arguments: 1...20)
    func `any input is read or refused and never crashes`(seed: UInt64) {
        var generator = SeededNumbers(seed: seed)
        let sample = Array(#"{"a": [1, "x\u00e9\n", {"b": null}], "c": -1.5e3, "d": true, "e": "\ud83d\ude00"}"#.utf8)
        for _ in 0..<1_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            _ = try? JSONParser.parse(bytes)
        }
    }
}
