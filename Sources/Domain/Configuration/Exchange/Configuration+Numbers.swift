package import Formats

/// The small numbers of configured things. People type them in place of ids.
package struct ConfigurationNumbers: Sendable {
    private var numbers: [ConfigurationSubject: Int] = [:]
    private var ids: [ConfigurationSubject.Kind: [Int: String]] = [:]

    package init() {}

    package subscript(_ subject: ConfigurationSubject) -> Int? {
        get { numbers[subject] }
        set {
            if let old = numbers[subject] { ids[subject.kind]?[old] = nil }
            numbers[subject] = newValue
            if let newValue { ids[subject.kind, default: [:]][newValue] = subject.id }
        }
    }

    /// Returns the id of what has a number.
    package func id(_ kind: ConfigurationSubject.Kind, numbered text: some StringProtocol) -> String? {
        guard let first = text.first, first != "0", text.count <= 9, text.allSatisfy({ $0.isASCII && $0.isNumber }),
            let number = Int(text)
        else { return nil }
        return ids[kind]?[number]
    }
}

extension Configuration {
    /// Returns the JSON with ids in place of numbers, wherever a member refers to a configured thing.
    package func withIDs(_ json: JSON) -> JSON {
        Reference.replacing(in: json, .asInAPI) { kinds, value in
            guard let text = value.text else { return value }
            let exists = kinds.contains { self[ConfigurationSubject($0, text)] != nil }
            guard !exists, let id = kinds.lazy.compactMap({ self.numbers.id($0, numbered: text) }).first else {
                return value
            }
            return .string(id)
        }
    }

    /// Returns the id for an id or a number. Anything else is returned as it is.
    package func id(_ kind: ConfigurationSubject.Kind, _ text: String) -> String {
        if self[ConfigurationSubject(kind, text)] != nil { return text }
        return numbers.id(kind, numbered: text) ?? text
    }
}
