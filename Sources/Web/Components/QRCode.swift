/// A QR code (ISO/IEC 18004): bytes, error correction L, versions 1 to 10, which is enough for an address.
struct QRCode: Sendable, Hashable {
    /// Rows of modules. True is dark.
    let modules: [[Bool]]

    /// Returns nil if the text has more than 271 bytes.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = (1...10).first(where: { QRVersion($0).capacity >= bytes.count }) else { return nil }
        let layout = QRVersion(version)
        var drawing = QRDrawing(layout)
        drawing.draw(layout.codewords(of: bytes))
        modules = drawing.modules
    }

    /// The code as an image with a light border of four modules.
    var svg: HTML {
        let size = modules.count + 8
        var path = ""
        for (y, row) in modules.enumerated() {
            for (x, isDark) in row.enumerated() where isDark { path += "M\(x + 4) \(y + 4)h1v1h-1z" }
        }
        return """
            <svg class="qr" role="img" aria-label="QR code" width="240" height="240" viewBox="0 0 \(size) \(size)" \
            shape-rendering="crispEdges"><rect width="\(size)" height="\(size)" fill="#fff"/><path d="\(path)" fill="#000"/></svg>
            """
    }
}

/// The sizes of a version at error correction L.
private struct QRVersion {
    let number: Int
    var size: Int { number * 4 + 17 }
    private let correction: Int
    private let blocks: Int

    init(_ number: Int) {
        self.number = number
        correction = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18][number - 1]
        blocks = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4][number - 1]
    }

    /// The bytes of data and correction together.
    private var total: Int {
        var bits = (16 * number + 128) * number + 64
        if number >= 2 {
            let count = number / 7 + 2
            bits -= (25 * count - 10) * count - 55
            if number >= 7 { bits -= 36 }
        }
        return bits / 8
    }

    private var dataLength: Int { total - correction * blocks }
    private var lengthBits: Int { number < 10 ? 8 : 16 }

    /// The largest text in bytes.
    var capacity: Int { (dataLength * 8 - 4 - lengthBits) / 8 }

    var alignments: [Int] {
        guard number > 1 else { return [] }
        let count = number / 7 + 2
        let step = (number * 8 + count * 3 + 5) / (count * 4 - 4) * 2
        return [6] + (0..<count - 1).reversed().map { size - 7 - $0 * step }
    }

    /// The data and its correction, interleaved by blocks.
    func codewords(of bytes: [UInt8]) -> [UInt8] {
        var bits = QRBits()
        bits.append(0b0100, 4)
        bits.append(bytes.count, lengthBits)
        for byte in bytes { bits.append(Int(byte), 8) }
        bits.append(0, min(4, dataLength * 8 - bits.count))
        bits.append(0, (8 - bits.count % 8) % 8)
        var pad = 0xEC
        while bits.count < dataLength * 8 {
            bits.append(pad, 8)
            pad ^= 0xEC ^ 0x11
        }
        let short = blocks - total % blocks
        let shortLength = total / blocks - correction
        var (data, corrections): ([[UInt8]], [[UInt8]]) = ([], [])
        var start = 0
        for block in 0..<blocks {
            let length = shortLength + (block < short ? 0 : 1)
            data.append(Array(bits.bytes[start..<start + length]))
            corrections.append(QRField.remainder(of: data[block], count: correction))
            start += length
        }
        let interleaved = (0...shortLength).flatMap { index in data.compactMap { index < $0.count ? $0[index] : nil } }
        return interleaved + (0..<correction).flatMap { index in corrections.map { $0[index] } }
    }
}

private struct QRBits {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func append(_ value: Int, _ length: Int) {
        for bit in (0..<max(0, length)).reversed() {
            if count % 8 == 0 { bytes.append(0) }
            if value >> bit & 1 == 1 { bytes[count / 8] |= 0x80 >> UInt8(count % 8) }
            count += 1
        }
    }
}

/// Arithmetic in GF(256) modulo 0x11D.
private enum QRField {
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var result = 0
        for bit in (0..<8).reversed() {
            result = result << 1 ^ (result >> 7) * 0x11D
            if right >> UInt8(bit) & 1 == 1 { result ^= Int(left) }
        }
        return UInt8(truncatingIfNeeded: result)
    }

    /// The Reed-Solomon correction of a block.
    static func remainder(of data: [UInt8], count: Int) -> [UInt8] {
        var divisor = [UInt8](repeating: 0, count: count - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<count {
            for index in divisor.indices {
                divisor[index] = product(divisor[index], root) ^ (index + 1 < count ? divisor[index + 1] : 0)
            }
            root = product(root, 2)
        }
        return data.reduce(into: [UInt8](repeating: 0, count: count)) { result, byte in
            let factor = byte ^ result.removeFirst()
            result.append(0)
            for index in result.indices { result[index] ^= product(divisor[index], factor) }
        }
    }
}

/// The modules while they are drawn.
private struct QRDrawing {
    private let version: QRVersion
    private(set) var modules: [[Bool]]
    private var isFixed: [[Bool]]
    private var size: Int { version.size }

    init(_ version: QRVersion) {
        self.version = version
        let empty = [[Bool]](repeating: [Bool](repeating: false, count: version.size), count: version.size)
        (modules, isFixed) = (empty, empty)
        drawPatterns()
        drawFormat()
        drawVersion()
    }

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return }
        modules[y][x] = isDark
        isFixed[y][x] = true
    }

    private mutating func drawPatterns() {
        for index in 0..<size {
            set(6, index, index % 2 == 0)
            set(index, 6, index % 2 == 0)
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawSquare(x, y, radius: 4) { $0 != 2 && $0 != 4 } }
        let places = version.alignments
        for (row, y) in places.enumerated() {
            for (column, x) in places.enumerated() {
                let last = places.count - 1
                let isCorner = (row == 0 && (column == 0 || column == last)) || (row == last && column == 0)
                if !isCorner { drawSquare(x, y, radius: 2) { $0 != 1 } }
            }
        }
    }

    /// - Parameter isDark: by the distance from the middle.
    private mutating func drawSquare(_ x: Int, _ y: Int, radius: Int, _ isDark: (Int) -> Bool) {
        for dy in -radius...radius {
            for dx in -radius...radius { set(x + dx, y + dy, isDark(max(abs(dx), abs(dy)))) }
        }
    }

    /// Error correction L and mask 0.
    private mutating func drawFormat() {
        let data = 0b01000
        var rest = data
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (data << 10 | rest) ^ 0x5412
        let bit = { (index: Int) in bits >> index & 1 == 1 }
        for index in 0...5 { set(8, index, bit(index)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for index in 9..<15 { set(14 - index, 8, bit(index)) }
        for index in 0..<8 { set(size - 1 - index, 8, bit(index)) }
        for index in 8..<15 { set(8, size - 15 + index, bit(index)) }
        set(8, size - 8, true)
    }

    private mutating func drawVersion() {
        guard version.number >= 7 else { return }
        var rest = version.number
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = version.number << 12 | rest
        for index in 0..<18 {
            let (a, b) = (size - 11 + index % 3, index / 3)
            set(a, b, bits >> index & 1 == 1)
            set(b, a, bits >> index & 1 == 1)
        }
    }

    /// Draws the codewords in two columns at a time, from the right, up and down, under mask 0.
    mutating func draw(_ codewords: [UInt8]) {
        var index = 0
        var right = size - 1
        while right >= 1 {
            if right == 6 { right = 5 }
            let isUpward = (right + 1) & 2 == 0
            for step in 0..<size {
                let y = isUpward ? size - 1 - step : step
                for x in [right, right - 1] where !isFixed[y][x] {
                    let isSet = index < codewords.count * 8 && codewords[index / 8] >> UInt8(7 - index % 8) & 1 == 1
                    modules[y][x] = isSet != ((x + y) % 2 == 0)
                    index += 1
                }
            }
            right -= 2
        }
    }
}
