import Formats
import TestSupport
import Testing

@Suite struct CBORTests {
    /// RFC 8949, appendix A.
    @Test(arguments: [
        ("00", CBOR.unsigned(0)), ("01", .unsigned(1)), ("0a", .unsigned(10)), ("17", .unsigned(23)),
        ("1818", .unsigned(24)), ("1819", .unsigned(25)), ("1864", .unsigned(100)), ("1903e8", .unsigned(1_000)),
        ("1a000f4240", .unsigned(1_000_000)), ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)),
        ("1bffffffffffffffff", .unsigned(.max)),
        ("c249010000000000000000", .tagged(2, .bytes([1, 0, 0, 0, 0, 0, 0, 0, 0]))),
        ("3bffffffffffffffff", .negative(.max)), ("20", .negative(0)), ("29", .negative(9)), ("3863", .negative(99)),
        ("3903e7", .negative(999)), ("f90000", .float(0)), ("f93c00", .float(1)), ("fb3ff199999999999a", .float(1.1)),
        ("f93e00", .float(1.5)), ("f97bff", .float(65_504)), ("fa47c35000", .float(100_000)),
        ("fa7f7fffff", .float(3.4028234663852886e+38)), ("fb7e37e43c8800759c", .float(1.0e+300)),
        ("f90001", .float(5.960464477539063e-8)), ("f90400", .float(0.00006103515625)), ("f9c400", .float(-4)),
        ("fbc010666666666666", .float(-4.1)), ("f97c00", .float(.infinity)), ("f9fc00", .float(-.infinity)),
        ("fa7f800000", .float(.infinity)), ("f4", .bool(false)), ("f5", .bool(true)), ("f6", .null), ("f7", .undefined),
        ("f0", .simple(16)), ("f8ff", .simple(255)), ("c11a514b67b0", .tagged(1, .unsigned(1_363_896_240))),
        ("d74401020304", .tagged(23, .bytes([1, 2, 3, 4]))),
        ("d818456449455446", .tagged(24, .bytes([0x64, 0x49, 0x45, 0x54, 0x46]))),
        ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])), ("60", .text("")), ("6161", .text("a")),
        ("6449455446", .text("IETF")), ("62225c", .text("\"\\")), ("62c3bc", .text("ü")), ("63e6b0b4", .text("水")),
        ("64f0908591", .text("𐅑")), ("80", .array([])),
        ("83010203", .array([.unsigned(1), .unsigned(2), .unsigned(3)])),
        (
            "8301820203820405",
            .array([.unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)])])
        ),
        ("a0", .map([:])), ("a201020304", .map([.unsigned(1): .unsigned(2), .unsigned(3): .unsigned(4)])),
        ("a26161016162820203", .map([.text("a"): .unsigned(1), .text("b"): .array([.unsigned(2), .unsigned(3)])])),
        ("826161a161626163", .array([.text("a"), .map([.text("b"): .text("c")])])),
    ])
    func `values are those of RFC 8949`(_ hex: String, _ expected: CBOR) throws {
        #expect(try CBORReader.read(bytes(hex)) == expected)
    }

    @Test func `a number that is none is read as one`() throws {
        let value = try CBORReader.read(bytes("f97e00"))
        var isNone = false
        if case .float(let number) = value { isNone = number.isNaN }
        #expect(isNone)
    }

    /// What appendix A has and CTAP2 forbids, and what is damaged (RFC 8949, appendix F).
    @Test(arguments: [
        ("", "ends too early", 0), ("5f42010243030405ff", "indefinite", 1),
        ("7f657374726561646d696e67ff", "indefinite", 1),
        ("9fff", "indefinite", 1), ("bfff", "indefinite", 1), ("ff", "indefinite", 1), ("1c", "reserved", 1),
        ("fc", "reserved", 1),
        ("18", "ends too early", 1), ("1b01020304050607", "ends too early", 1), ("41", "ends too early", 1),
        ("5affffffff00", "ends too early", 5), ("5bffffffffffffffff010203", "ends too early", 9),
        ("9bffffffffffffffff", "ends too early", 9), ("bbffffffffffffffff", "ends too early", 9),
        ("81", "ends too early", 1),
        ("a100", "ends too early", 2), ("a200000001", "twice", 5), ("a2616101616102", "twice", 7),
        ("c0", "ends too early", 1),
        ("f818", "simple value", 2), ("61ff", "UTF-8", 2), ("0000", "more after the end", 1),
    ])
    func `damage has its place`(_ hex: String, _ words: String, _ position: Int) {
        let fault = #expect(throws: CBORFault.self) { try CBORReader.read(bytes(hex)) }
        #expect(
            fault?.explanation.contains(words) == true && fault?.position == position, "\(String(describing: fault))")
    }

    @Test func `depth, count and length are bounded, and no length allocates`() throws {
        let deep = { (levels: Int) in [UInt8](repeating: 0x81, count: levels) + [0] }
        #expect(throws: Never.self) { try CBORReader.read(deep(CBOR.Limits.depth)) }
        #expect(throws: CBORFault.self) { try CBORReader.read(deep(CBOR.Limits.depth + 1)) }
        #expect(throws: CBORFault.self) { try CBORReader.read([UInt8](repeating: 0xc1, count: 1_000) + [0]) }
        let wide = { (values: Int) in
            [0x99, UInt8(values >> 8), UInt8(values & 255)] + [UInt8](repeating: 0, count: values)
        }
        #expect(throws: Never.self) { try CBORReader.read(wide(CBOR.Limits.values - 1)) }
        #expect(throws: CBORFault.self) { try CBORReader.read(wide(CBOR.Limits.values)) }
        let long = [0x5a, 0, 1, 0, 0] + [UInt8](repeating: 7, count: 65_536)
        #expect(throws: CBORFault.self) { try CBORReader.read(long) }
    }

    @Test func `the first of several values says how long it is`() throws {
        let (value, length) = try CBORReader.readFirst(bytes("a10102ff00"))
        #expect(value[1] == .unsigned(2) && length == 3)
    }

    @Test func `members are found by texts and by numbers`() throws {
        let value = try CBORReader.read(bytes("a301022003616141ff"))
        #expect(value[1]?.integer == 2 && value[-1]?.integer == 3 && value["a"]?.byteString == [255] && value[7] == nil)
        #expect(CBOR.negative(.max).integer == nil && CBOR.negative(6).integer == -7 && CBOR.text("x")["y"] == nil)
    }

    @Test(arguments: 1...10) func `any mutation is read or refused`(seed: UInt64) {
        var mutation = Mutation(seed: seed)
        let samples = [
            "a363666d74646e6f6e656761747453746d74a0686175746844617461581e000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d",
            "a5010203262001215820000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f22582000010203040506070809"
                + "0a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "826161a161626163", "fb3ff199999999999a",
        ].map(bytes)
        for _ in 0..<2_000 {
            let input = mutation.mutated(mutation.pick(samples), with: mutation.pick(samples))
            // Errors are typed: only a `CBORFault` can be thrown.
            guard let (_, length) = try? CBORReader.readFirst(input) else { continue }
            #expect((1...max(1, input.count)).contains(length), "seed \(seed)")
        }
    }
}

private func bytes(_ hex: String) -> [UInt8] {
    stride(from: 0, to: hex.count, by: 2).map { UInt8(hex.dropFirst($0).prefix(2), radix: 16) ?? 0 }
}
