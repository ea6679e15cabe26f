/// Identifies alerts of one source that belong to the same problem.
///
/// A key of up to 255 Unicode scalars is kept as it is. A longer key becomes its first 200 scalars and a 64-bit FNV-1a
/// hash of the whole, so long keys that differ only at the end stay different. The limit counts scalars because a
/// database index limits bytes, and one character can have any number of them.
package struct DedupKey: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(_ text: String) {
        let scalars = String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 })
        let cleaned = String(scalars)
        let isShort = scalars.index(scalars.startIndex, offsetBy: 256, limitedBy: scalars.endIndex) == nil
        rawValue = isShort ? cleaned : String(scalars.prefix(200)) + "…" + String(fnv1a(cleaned), radix: 16)
    }

    /// Derives a key from parts such as a title or a set of labels, for alerts without a key of their own.
    package init(derivedFrom parts: [String]) {
        self.init("derived:" + String(fnv1a(parts.joined(separator: "\u{1F}")), radix: 16))
    }

    /// Derives a key from what tells a problem apart from others. Such keys differ from those of earlier versions, which
    /// knew the title only.
    package init(derivedFromIdentity parts: [String]) {
        self.init("derived:2-" + String(fnv1a(parts.joined(separator: "\u{1F}")), radix: 16))
    }

    package var description: String { rawValue }
}

/// Returns the 64-bit FNV-1a hash, which is stable across runs and machines
/// (http://www.isthe.com/chongo/tech/comp/fnv/).
package func fnv1a(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
}
