/// Forms with a variable number of rows: they are submitted, reshaped and shown again. A row's fields contain its
/// number: `step-0-delay`, `step-0-unit`, `step-1-delay`.
extension FormInput {
    /// Adds empty rows at the end, so that there is always one to fill in.
    func withSpares(_ prefix: String, _ count: Int = 2) -> FormInput {
        var input = self
        let rows = input.rows(prefix)
        let filled = (0..<rows).last { !input["\(prefix)\($0)"].isEmpty }.map { $0 + 1 } ?? 0
        for row in rows..<max(rows, filled + count) { input.values["\(prefix)\(row)"] = [""] }
        return input
    }

    /// Swaps a row with the one before it.
    func movingUp(_ prefix: String, _ row: Int) -> FormInput {
        guard row > 0, row < rows(prefix) else { return self }
        return numbering(prefix) { $0 == row ? row - 1 : $0 == row - 1 ? row : $0 }
    }

    /// Removes a row. Later rows move up.
    func removing(_ prefix: String, _ row: Int) -> FormInput {
        numbering(prefix) { $0 == row ? nil : $0 > row ? $0 - 1 : $0 }
    }

    /// Renumbers the rows. A row without a new number is removed.
    private func numbering(_ prefix: String, _ number: (Int) -> Int?) -> FormInput {
        var input = FormInput()
        for (name, value) in values {
            let rest = name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : ""
            guard let old = Int(rest.prefix { $0 != "-" }) else {
                input.values[name] = value
                continue
            }
            guard let new = number(old) else { continue }
            input.values["\(prefix)\(new)\(rest.drop { $0 != "-" })"] = value
        }
        return input
    }

    /// The action of an editor's smaller button: `up-2` gives `up` and 2.
    var action: (word: String, row: Int?) {
        let word = self["do"]
        guard let dash = word.lastIndex(of: "-"), let row = Int(word[word.index(after: dash)...]),
            (0..<200).contains(row)
        else { return (word, nil) }
        return (String(word[..<dash]), row)
    }
}
