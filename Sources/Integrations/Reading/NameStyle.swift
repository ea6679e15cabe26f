/// How senders write names: `monitor_id`, `monitorID`, `MONITOR-ID`, `Monitor Id`.
enum NameStyle {
    /// Returns the words of a name in lower case: `["monitor", "id"]`.
    static func words(of name: some StringProtocol) -> [String] {
        // Most names are one word in lower case.
        if !name.isEmpty, name.utf8.count <= 200, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) {
            return [String(name)]
        }
        var words: [String] = []
        var word = ""
        var previous: Character?
        var isRun = false
        for character in name.prefix(200) {
            guard character.isLetter || character.isNumber || character == "'" && !word.isEmpty else {
                if !word.isEmpty { words.append(word) }
                (word, previous, isRun) = ("", nil, false)
                continue
            }
            if let previous, character.isUppercase, previous.isLowercase {
                words.append(word)
                word = ""
            } else if isRun, character.isLowercase, word.count > 1, let last = word.popLast() {
                // `URLPath` is `url` and `path`.
                words.append(word)
                word = String(last)
            }
            isRun = character.isUppercase && (previous?.isUppercase ?? false)
            word += character.lowercased()
            previous = character
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Returns a name without case and punctuation: `monitorid`.
    static func plain(_ name: some StringProtocol) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
