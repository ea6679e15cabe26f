/// Some of the 4,096 incidents of a block, by the places of their numbers in it.
struct BlockNumbers: Sendable, Hashable {
    static let size = 4_096

    /// Returns the number of the block that says in which blocks a gram occurs. It has a place for each of 4,096 blocks:
    /// those from `part` times 4,096 on.
    static func summary(_ part: Int) -> Int { -1 - part }

    private var words = [UInt64](repeating: 0, count: BlockNumbers.size / 64)

    init() {}

    /// Reads what `bytes` wrote. Other bytes stand for all places, so that a damaged row hides nothing.
    init(bytes: [UInt8]) {
        if bytes.count == BlockNumbers.size / 8 {
            for (index, byte) in bytes.enumerated() { words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8) }
        } else if bytes.count.isMultiple(of: 2), bytes.count < BlockNumbers.size / 8 {
            for index in stride(from: 0, to: bytes.count, by: 2) {
                insert((Int(bytes[index]) << 8 | Int(bytes[index + 1])) % BlockNumbers.size)
            }
        } else {
            words = words.map { _ in .max }
        }
    }

    /// Few places are listed with two bytes each. Many are a bit each.
    var bytes: [UInt8] {
        let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
        if count * 2 < BlockNumbers.size / 8 {
            return descending.reversed().flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
    }

    mutating func insert(_ place: Int) { words[place / 64] |= 1 << UInt64(place % 64) }

    func union(_ other: BlockNumbers) -> BlockNumbers {
        var both = self
        for index in words.indices { both.words[index] |= other.words[index] }
        return both
    }

    mutating func formIntersection(_ other: BlockNumbers) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    /// The places from the highest on.
    var descending: [Int] {
        var places: [Int] = []
        for index in words.indices.reversed() {
            var word = words[index]
            while word != 0 {
                let bit = 63 - word.leadingZeroBitCount
                places.append(index * 64 + bit)
                word &= ~(1 << UInt64(bit))
            }
        }
        return places
    }
}
