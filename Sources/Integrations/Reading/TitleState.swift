internal import Domain

/// What a title says about the state of its problem, and what remains of it without that.
///
/// `[RESOLVED] Disk of db1`, `PROBLEM: Disk of db1` and `🔴 Disk of db1` are about the same problem, and so are
/// `web3 is down` and `web3 is back up after 5 minutes`. What remains is the base of the dedup key.
struct TitleState {
    /// Nil when the title says nothing about the state.
    private(set) var status: AlertEvent.Status?
    /// The title without marks and words of state. The whole title when nothing else remains.
    private(set) var stem: String
    /// Whether a mark around the title says it, and not a sentence: a word in front, brackets, an emoji.
    private(set) var isMarked = false

    /// Longer titles are not read. One character can have many thousands of marks.
    private static let limit = 2_000

    init(_ title: String) {
        guard title.utf8.count <= Self.limit else {
            stem = title
            return
        }
        guard Self.mayState(title) else {
            stem = title.trimmingBlanks()
            return
        }
        var rest = Substring(title.trimmingBlanks())
        if let (status, name) = Self.secondBracket(of: rest) {
            (self.status, stem, isMarked) = (status, name, true)
            return
        }
        var (words, emoji): (AlertEvent.Status?, AlertEvent.Status?)
        for _ in 0..<6 {
            if let mark = Self.emoji(atStartOf: &rest) {
                emoji = emoji ?? mark.status
            } else if let mark = Self.bracket(atStartOf: &rest) ?? Self.word(atStartOf: &rest) {
                words = words ?? mark
            } else {
                break
            }
        }
        for _ in 0..<4 {
            if let mark = Self.emoji(atEndOf: &rest) {
                emoji = emoji ?? mark.status
            } else if let mark = Self.bracket(atEndOf: &rest) ?? Self.word(atEndOf: &rest) {
                words = words ?? mark
            } else {
                break
            }
        }
        isMarked = words != nil || emoji != nil
        let sentence = Sentence(rest)
        status = words ?? sentence.status ?? emoji
        let stem = status == nil ? "" : Self.trimmed(sentence.stem)
        self.stem = stem.isEmpty ? title.trimmingBlanks() : stem
    }

    /// Whether something in a title may stand for a state: a word, an emoji or the code of one. Most titles have nothing
    /// of the kind, and are not read further.
    private static func mayState(_ title: String) -> Bool {
        var word = ""
        var last: UInt8 = 0
        for byte in title.utf8 {
            let lower = byte | 0x20
            if (0x61...0x7A).contains(lower) {
                if last == UInt8(ascii: ":") { return true }
                word.unicodeScalars.append(Unicode.Scalar(lower))
            } else {
                if byte >= 0x80 || stands(word) { return true }
                word = ""
            }
            last = byte
        }
        return stands(word)
    }

    /// `no data` is a state too.
    private static func stands(_ word: String) -> Bool { !word.isEmpty && (word == "no" || StateWord(word) != nil) }

    /// The characters that only decorate a title.
    private static func trimmed(_ text: some StringProtocol) -> String {
        let ends: Set<Character> = [":", "-", "–", "—", "|", "*", ".", ",", ";", "!", "~", "_", "#", ">", "/"]
        var rest = Substring(text)
        while let first = rest.first, first.isWhitespace || ends.contains(first) { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace || ends.contains(last) { rest.removeLast() }
        return rest.split { $0.isWhitespace }.joined(separator: " ")
    }
}

extension TitleState {
    private struct Mark {
        /// Nil for a mark that decorates only.
        var status: AlertEvent.Status?
    }

    private static let good: Set<Character> = ["✅", "✔", "☑", "🟢", "💚", "🟩", "👍", "🆗", "✔️", "☑️"]
    private static let bad: Set<Character> = [
        "🔴", "❌", "🚨", "🔥", "⚠", "⚠️", "‼", "‼️", "❗", "🛑", "⛔", "💥", "🟠", "🟡", "🟥", "🟧", "🟨", "❗️", "❌️",
    ]
    private static let codes: [(String, AlertEvent.Status)] = [
        (":white_check_mark:", .resolved), (":heavy_check_mark:", .resolved), (":large_green_circle:", .resolved),
        (":green_circle:", .resolved), (":green_heart:", .resolved), (":ok:", .resolved), (":red_circle:", .firing),
        (":x:", .firing), (":fire:", .firing), (":warning:", .firing), (":rotating_light:", .firing),
        (":exclamation:", .firing), (":bangbang:", .firing), (":large_yellow_circle:", .firing), (":siren:", .firing),
    ]
    private static let decoration: Set<Character> = ["*", "~", "_", "#", ">", " ", "\u{FE0F}"]

    private static func emoji(atStartOf rest: inout Substring) -> Mark? {
        guard let first = rest.first else { return nil }
        if let status = status(of: first) {
            rest.removeFirst()
            rest = rest.drop { $0.isWhitespace }
            return Mark(status: status)
        }
        for (code, status) in codes where rest.hasPrefix(code) {
            rest = rest.dropFirst(code.count).drop { $0.isWhitespace }
            return Mark(status: status)
        }
        guard decoration.contains(first) else { return nil }
        rest = rest.drop { decoration.contains($0) }
        return Mark(status: nil)
    }

    private static func emoji(atEndOf rest: inout Substring) -> Mark? {
        guard let last = rest.last else { return nil }
        if let status = status(of: last) {
            rest.removeLast()
            rest = Substring(rest.trimmingBlanks())
            return Mark(status: status)
        }
        for (code, status) in codes where rest.hasSuffix(code) {
            rest = Substring(rest.dropLast(code.count).trimmingBlanks())
            return Mark(status: status)
        }
        guard decoration.contains(last) else { return nil }
        while let last = rest.last, decoration.contains(last) { rest.removeLast() }
        return Mark(status: nil)
    }

    private static func status(of mark: Character) -> AlertEvent.Status? {
        good.contains(mark) ? .resolved : bad.contains(mark) ? .firing : nil
    }

    /// `[RESOLVED]`, `(OK)`, `[FIRING:2]`. Other words in the brackets stay: `[Recovered on db1]`.
    private static func bracket(atStartOf rest: inout Substring) -> AlertEvent.Status? {
        guard let first = rest.first, let close = closing(first), let end = rest.firstIndex(of: close) else {
            return nil
        }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        guard let (status, others) = content(inside) else { return nil }
        rest = Substring((others + " " + rest[rest.index(after: end)...]).trimmingBlanks())
        return status
    }

    private static func bracket(atEndOf rest: inout Substring) -> AlertEvent.Status? {
        guard let last = rest.last, let open = opening(last), let start = rest.lastIndex(of: open) else { return nil }
        let inside = rest[rest.index(after: start)...].dropLast()
        guard let (status, others) = content(inside), others.isEmpty else { return nil }
        rest = Substring(rest[..<start].trimmingBlanks())
        return status
    }

    /// `[Shop] [🔴 Down] timeout`, as Uptime Kuma writes it. The rest of the line says why, and is no part of the name.
    private static func secondBracket(of text: Substring) -> (AlertEvent.Status, name: String)? {
        guard text.first == "[", let end = text.firstIndex(of: "]") else { return nil }
        let name = text[..<end].dropFirst().trimmingBlanks()
        let rest = text[text.index(after: end)...].drop { $0.isWhitespace }
        guard !name.isEmpty, rest.first == "[", let close = rest.firstIndex(of: "]") else { return nil }
        var inside = rest[..<close].dropFirst()
        let mark = emoji(atStartOf: &inside)
        guard let status = content(inside)?.0 ?? mark?.status, content(text[..<end].dropFirst()) == nil else {
            return nil
        }
        return (status, name)
    }

    private static func closing(_ open: Character) -> Character? { ["[": "]", "(": ")", "【": "】"][open] }
    private static func opening(_ close: Character) -> Character? { ["]": "[", ")": "(", "】": "【"][close] }

    private static func content(_ inside: Substring) -> (AlertEvent.Status, others: String)? {
        guard inside.utf8.count <= 200 else { return nil }
        let words = inside.split { $0.isWhitespace || ":-_".contains($0) }
        guard let first = words.first else { return nil }
        let lowered = words.map { $0.lowercased() }
        if lowered.starts(with: ["no", "data"]) { return (.firing, words.dropFirst(2).joined(separator: " ")) }
        if lowered[0] == "not", lowered.count > 1, let state = StateWord(lowered[1]) {
            return (state.opposite.status, "")
        }
        guard let state = StateWord(first.lowercased()) else { return nil }
        let others = words.dropFirst().filter { word in
            !word.allSatisfy(\.isNumber) && StateWord(word.lowercased()) == nil
        }
        // A maintenance or a note in brackets is a subject and not a state.
        if case .neutral = state { return nil }
        return (state.status, others.joined(separator: " "))
    }
}

extension TitleState {
    private static let separators: Set<Character> = [":", "-", "–", "—", "|", "!", ">"]

    /// `RESOLVED: …`, `Recovery - …`, `OK …`, and Zabbix's `Resolved in 5m 2s: …`.
    private static func word(atStartOf rest: inout Substring) -> AlertEvent.Status? {
        let word = rest.prefix { $0.isLetter }
        guard let state = StateWord(word.lowercased()) else { return nil }
        if case .neutral = state { return nil }
        var after = rest[word.endIndex...]
        if case .over = state, after.hasPrefix(" in "), let colon = after.prefix(40).firstIndex(of: ":") {
            rest = after[after.index(after: colon)...].drop { $0.isWhitespace }
            return state.status
        }
        let hasBlank = after.first?.isWhitespace == true
        after = after.drop { $0.isWhitespace }
        guard let next = after.first else { return nil }
        // `Up-time` and `Fail-over` are words.
        let isSeparated = separators.contains(next) && (hasBlank || next != "-")
        let isLoud = hasBlank && word.count > 1 && word.allSatisfy(\.isUppercase)
        guard isSeparated || isLoud else { return nil }
        // `OK button is broken` begins with a subject.
        if !isSeparated, state.status == .resolved, Sentence(after).status == .firing { return nil }
        rest = after.drop { $0.isWhitespace || separators.contains($0) }
        return state.status
    }

    /// `… - RESOLVED`, `…: OK`.
    private static func word(atEndOf rest: inout Substring) -> AlertEvent.Status? {
        let text = rest.hasSuffix(".") || rest.hasSuffix("!") ? rest.dropLast() : rest
        let word = String(text.reversed().prefix { $0.isLetter }.reversed())
        guard let state = StateWord(word.lowercased()), word.count < text.count else { return nil }
        if case .neutral = state { return nil }
        if case .thing = state { return nil }
        let before = text.dropLast(word.count)
        let trimmed = Substring(before.trimmingBlanks())
        guard let last = trimmed.last, separators.contains(last), before.last?.isWhitespace == true || last != "-"
        else {
            return nil
        }
        var others = trimmed
        while let last = others.last, last.isWhitespace || separators.contains(last) { others.removeLast() }
        // `status: OK` and `state changed to: OK` name what the word is.
        for label in [" status", " state"] where others.lowercased().hasSuffix(label) {
            others = others.dropLast(label.count)
        }
        guard !others.isEmpty else { return nil }
        rest = others
        return state.status
    }
}
