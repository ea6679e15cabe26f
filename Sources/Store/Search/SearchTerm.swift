internal import Domain

/// What a person searches for: a text that must occur in an incident, whatever the case of its letters.
struct SearchTerm: Sendable, Hashable {
    enum Limits {
        /// A longer text is cut. In characters.
        static let length = 500
        /// As many grams narrow a search down. What they leave is compared as a whole.
        static let grams = 8
    }

    /// In the form of `folded`.
    let text: String
    /// The incident with this number is found too. Nil if the text is no number.
    let number: Int?

    /// - Returns: nil if nothing but blanks was typed.
    init?(_ typed: String?) {
        guard let typed = typed?.trimmingBlanks(), !typed.isEmpty else { return nil }
        text = folded(String(typed.prefix(Limits.length)))
        number = Int(typed.hasPrefix("#") ? String(typed.dropFirst()) : typed)
    }

    /// The grams to look for, none for a text that is shorter than a gram. From a long text they are taken at even
    /// distances.
    var grams: [Int64] {
        let all = packedGrams(text)
        guard all.count > Limits.grams else { return Array(Set(all)).sorted() }
        let last = all.count - 1
        return Array(Set((0..<Limits.grams).map { all[$0 * last / (Limits.grams - 1)] })).sorted()
    }

    func occurs(in texts: [String]) -> Bool { texts.contains { occurs(in: folded($0)) } }

    private func occurs(in text: String) -> Bool {
        let (here, wanted) = (Array(text.utf8), Array(self.text.utf8))
        guard let first = wanted.first, here.count >= wanted.count else { return wanted.isEmpty }
        for start in 0...(here.count - wanted.count) where here[start] == first {
            if here[start..<start + wanted.count].elementsEqual(wanted) { return true }
        }
        return false
    }
}

/// The parts of a term that LIKE compares as `SearchTerm` does. They find all incidents that the term finds, and sometimes
/// others.
struct SearchPatterns {
    /// For a text of its own.
    let text: String
    /// For texts in JSON.
    let json: String
    /// Whether `text` stands for the whole term, so that what it finds need not be compared.
    let isExact: Bool
    /// The same for `json`, in JSON without escapes. What stands between its texts is shorter than a gram.
    let isExactInJSON: Bool

    init(_ term: SearchTerm) {
        // LOWER knows the letters of ASCII only, on SQLite and under some locales of PostgreSQL.
        let visible = run(term.text) { (0x20...0x7E).contains($0) }
        isExact = visible == term.text
        text = "%" + escapedForLike(visible) + "%"
        // These are escaped in JSON. Slashes were in earlier versions.
        let plain = run(term.text) { (0x20...0x7E).contains($0) && !#""\/"#.utf8.contains($0) }
        isExactInJSON = plain == term.text && !term.grams.isEmpty
        json = "%" + escapedForLike(plain) + "%"
    }
}

/// Returns the longest part of a text in which each byte is as wanted.
private func run(_ text: String, _ isWanted: (UInt8) -> Bool) -> String {
    let parts = text.utf8.split { !isWanted($0) }
    return parts.max { $0.count < $1.count }.map { String(Substring($0)) } ?? ""
}

/// Returns a text in which letters that differ only in their case are the same. A letter of ASCII stands for itself and for
/// nothing else.
func folded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    var folded = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar {
        case "A"..."Z": folded.append(Unicode.Scalar(UInt8(scalar.value) + 32))
        // The sigma at the end of a word.
        case "\u{3C2}": folded.append("\u{3C3}")
        case _ where scalar.isASCII: folded.append(scalar)
        default:
            let small = scalar.properties.lowercaseMapping.unicodeScalars
            if small.contains(where: \.isASCII) { folded.append(scalar) } else { folded.append(contentsOf: small) }
        }
    }
    return String(folded)
}

/// Returns the grams of a folded text in their order: three characters that follow each other, in 21 bits each.
func packedGrams(_ folded: String) -> [Int64] {
    var grams: [Int64] = []
    var (gram, count): (Int64, Int) = (0, 0)
    for scalar in folded.unicodeScalars {
        gram = (gram << 21 | Int64(scalar.value)) & 0x7FFF_FFFF_FFFF_FFFF
        count += 1
        if count >= 3 { grams.append(gram) }
    }
    return grams
}
