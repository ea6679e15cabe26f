internal import Domain

/// A sentence that ends by saying a state: `web3 is back up after 5 minutes`, `Backup has failed`, `Load went from
/// critical to ok`.
struct Sentence {
    var status: AlertEvent.Status?
    var stem: String

    private static let helpers: Set<String> = [
        "is", "are", "was", "were", "has", "have", "had", "been", "now", "went", "goes", "came", "comes", "become",
        "became",
        "back", "to", "being", "gone", "again", "be", "got", "turned", "changed", "returned", "state", "status",
    ]
    /// These end a sentence without a helper: `Disk recovered`.
    private static let plainEnds: Set<String> = [
        "recovered", "resolved", "cleared", "restored", "failed", "crashed", "recovers",
    ]
    /// Good news in a sentence. Others are not: a certificate that has expired, a connection that was closed.
    private static let recoveries: Set<String> = [
        "recovered", "recovers", "resolved", "cleared", "restored", "fixed", "solved", "ok", "okay", "up", "normal",
        "green",
        "healthy", "good", "passing", "succeeded", "online", "operational", "alive", "responding", "reachable", "clear",
    ]
    /// What may follow the state.
    private static let tails: Set<String> = [
        "after", "for", "since", "from", "at", "again", "now", "in", "with", "by", "on", "because", "due", "following",
    ]

    init(_ text: Substring) {
        stem = String(text)
        guard text.utf8.count <= 1_000 else { return }
        let words = text.split { $0.isWhitespace }
        guard words.count > 1 else { return }
        let plain = words.map { word in
            String(
                word.lowercased().drop { "\"'(*".contains($0) }.reversed().drop { ".,!:;)*\"'".contains($0) }.reversed()
            )
        }
        // What it recovered from is no state that it has.
        let recovery = plain.indices.dropLast().first {
            $0 > 0 && plain[$0].hasPrefix("recover") && plain[$0 + 1] == "from"
        }
        for place in recovery.map({ [$0] }) ?? Array(plain.indices.reversed().prefix(12)) where place > 0 {
            guard let state = Self.state(at: place, plain, words), Self.isTail(place + 1, plain) else { continue }
            let start = Self.start(of: place, plain)
            guard start > 0 else { continue }
            let isNegated = (start..<place).contains { StateWord.negations.contains(plain[$0]) }
            status = (isNegated ? state.opposite : state).status
            stem = words[..<start].joined(separator: " ")
            return
        }
    }

    private static func state(at place: Int, _ plain: [String], _ words: [Substring]) -> StateWord? {
        guard let state = StateWord(plain[place]) else { return nil }
        let before = plain[place - 1]
        switch state {
        case .thing, .neutral: return nil
        case .over, .good:
            let isAgain = before == "back" || place + 1 < plain.count && plain[place + 1] == "again"
            guard recoveries.contains(plain[place]) || isAgain && ["available", "working"].contains(plain[place]) else {
                return nil
            }
        case .bad, .firing, .acknowledged: break
        }
        if before == "to" { return isTransition(place, plain, state) ? state : nil }
        if helpers.contains(before) { return state }
        if before == "longer" || StateWord.negations.contains(before) { return state }
        if ["->", "→", "=>"].contains(before) { return state }
        if plainEnds.contains(plain[place]) { return state }
        // `DISK OK` and `host DOWN`, but not `filled up`.
        let word = words[place].filter(\.isLetter)
        return word.count > 1 && word.allSatisfy(\.isUppercase) && place == plain.count - 1 ? state : nil
    }

    /// `back to normal`, `changed to OK`, `from down to up`, but not `failed to recover`.
    private static func isTransition(_ place: Int, _ plain: [String], _ state: StateWord) -> Bool {
        guard place >= 2 else { return false }
        let verb = plain[place - 2]
        if helpers.contains(verb) || moves.contains(verb) { return true }
        guard let old = StateWord(verb), !verb.hasPrefix("fail") else { return false }
        switch (old, state) {
        case (.good, .good), (.good, .bad), (.bad, .good), (.bad, .bad): return true
        default: return false
        }
    }

    private static let moves: Set<String> = ["transitioned", "moved", "switched", "reverted"]

    private static func isTail(_ start: Int, _ plain: [String]) -> Bool {
        start >= plain.count || tails.contains(plain[start])
            || helpers.contains(plain[start]) && start == plain.count - 1
            || plain[start].allSatisfy { !$0.isLetter && !$0.isNumber }
    }

    /// Returns where the words that belong to the state begin.
    private static func start(of place: Int, _ plain: [String]) -> Int {
        var start = place
        while start > 1 {
            let word = plain[start - 1]
            let belongs =
                helpers.contains(word) || StateWord.negations.contains(word)
                || ["longer", "from", "->", "→", "=>"].contains(word)
                || moves.contains(word)
                || start < place && StateWord(word) != nil && ["to", "->", "→", "=>"].contains(plain[start])
                || StateWord(word).map {
                    if case .good = $0 { plain[start] == "again" || plain[start] == "now" } else { false }
                }
                    == true
            guard belongs else { break }
            start -= 1
        }
        return start
    }
}
