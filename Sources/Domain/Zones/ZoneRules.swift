/// The offsets of a time zone, as a TZif file of the time zone database states them (RFC 9636).
struct ZoneRules: Sendable, Hashable {
    /// Instants in seconds since 1970 at which an offset starts, in order.
    private let starts: [Int64]
    /// The offsets in seconds east of UTC. The first is valid before all starts; the others belong to the starts.
    private let offsets: [Int64]
    /// The rule for the time after the last start.
    private let rule: YearlyZoneRule?

    static let utc = ZoneRules(starts: [], offsets: [0], rule: nil)

    private init(starts: [Int64], offsets: [Int64], rule: YearlyZoneRule?) {
        self.starts = starts
        self.offsets = offsets
        self.rule = rule
    }

    /// Reads a file of version 2 or later. Nil when the bytes are not a valid one.
    init?(tzif bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        // The first block is in 32 bits, for old readers. The second has the same form in 64 bits.
        guard let old = Header(&reader), old.version >= 2, reader.skip(old.size(ofTime: 4)),
            let header = Header(&reader), header.types > 0
        else { return nil }
        var starts: [Int64] = []
        for _ in 0..<header.times {
            guard let start = reader.integer(8), starts.last.map({ $0 < start }) ?? true else { return nil }
            starts.append(start)
        }
        var kinds: [Int] = []
        for _ in 0..<header.times {
            guard let kind = reader.byte(), kind < header.types else { return nil }
            kinds.append(Int(kind))
        }
        var types: [Int64] = []
        for _ in 0..<header.types {
            guard let offset = reader.integer(4), abs(offset) < 26 * 3600, reader.skip(2) else { return nil }
            types.append(offset)
        }
        guard reader.skip(header.sizeAfterTypes(ofTime: 8)), let footer = reader.footer() else { return nil }
        let rule = footer.isEmpty ? nil : YearlyZoneRule(footer)
        guard footer.isEmpty || rule != nil else { return nil }
        self.init(starts: starts, offsets: [types[0]] + kinds.map { types[$0] }, rule: rule)
    }

    /// Returns the offset in seconds east of UTC.
    func offset(at instant: Int64) -> Int64 {
        if let rule, instant >= starts.last ?? .min { return rule.offset(at: instant) }
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return offsets[low]
    }
}

/// The header of a block in a TZif file: the numbers of what follows.
private struct Header {
    let version: Int
    let utcMarks: Int
    let standardMarks: Int
    let leaps: Int
    let times: Int
    let types: Int
    let characters: Int
    /// No zone has more of anything.
    private static let limit: Int64 = 10_000

    init?(_ reader: inout ByteReader) {
        guard reader.take(4) == Array("TZif".utf8), let version = reader.byte(), reader.skip(15) else { return nil }
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = reader.integer(4), (0...Header.limit).contains(count) else { return nil }
            counts.append(Int(count))
        }
        // A digit in ASCII, or zero for version 1.
        self.version = version == 0 ? 1 : Int(version) - 48
        (utcMarks, standardMarks, leaps) = (counts[0], counts[1], counts[2])
        (times, types, characters) = (counts[3], counts[4], counts[5])
    }

    func size(ofTime size: Int) -> Int { times * (size + 1) + types * 6 + sizeAfterTypes(ofTime: size) }

    func sizeAfterTypes(ofTime size: Int) -> Int { characters + leaps * (size + 4) + standardMarks + utcMarks }
}

/// Reads bytes from the front. Every reader returns nil or false when too few are left.
private struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= rest.count else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    mutating func byte() -> UInt8? { rest.popFirst() }

    /// A signed number, with the most significant byte first.
    mutating func integer(_ count: Int) -> Int64? {
        guard let bytes = take(count), let first = bytes.first else { return nil }
        let start: Int64 = first >= 128 ? -1 : 0
        return bytes.reduce(start) { $0 << 8 | Int64($1) }
    }

    /// The text between the two line breaks at the end.
    mutating func footer() -> String? {
        guard byte() == 10, let end = rest.firstIndex(of: 10) else { return nil }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
