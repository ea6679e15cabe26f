extension ContactMethod {
    /// What is wrong with an address of a channel, and how to write it; nil when it can be used.
    package static func fault(of address: String, for channel: Channel) -> String? {
        switch channel {
        case .sms, .whatsapp, .voice:
            isTelephone(address) ? nil : "Write the number with its country, like +385915550101."
        case .email: isMail(address) ? nil : "Write an e-mail address like ada@example.com."
        case .webhook: isWebAddress(address) ? nil : "Write an address like https://example.com/pages."
        }
    }

    /// The address as it is kept: without blanks around, and a telephone number without the marks that people add.
    package static func canonical(_ address: String, for channel: Channel) -> String {
        let trimmed = address.trimmingBlanks()
        switch channel {
        case .sms, .whatsapp, .voice:
            var digits = trimmed.filter { !" -./()\u{A0}".contains($0) }
            if digits.hasPrefix("00") { digits = "+" + digits.dropFirst(2) }
            return digits
        case .email, .webhook: return trimmed
        }
    }

    /// E.164: a plus, a country code that does not begin with 0, 8 to 15 digits in all.
    private static func isTelephone(_ text: String) -> Bool {
        guard text.first == "+" else { return false }
        let digits = text.dropFirst()
        return (8...15).contains(digits.count) && digits.first != "0" && digits.allSatisfy { "0123456789".contains($0) }
    }

    /// A local part and a domain in printable ASCII, without what would change a header's meaning (RFC 5321, 4.1.2).
    private static func isMail(_ text: String) -> Bool {
        guard text.utf8.count <= 254, let at = text.lastIndex(of: "@") else { return false }
        let (local, domain) = (text[..<at], text[text.index(after: at)...])
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        let atoms = local.split(separator: ".", omittingEmptySubsequences: false)
        return local.utf8.count <= 64 && labels.count >= 2
            && atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy { isAtom($0) } }
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != "-" && label.last != "-"
                    && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
    }

    private static func isAtom(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "!#$%&'*+-/=?^_`{|}~".contains(character))
    }

    /// https with a host and without credentials. Where the host leads is checked when a page leaves.
    private static func isWebAddress(_ text: String) -> Bool {
        guard let link = Link(title: "", url: text), link.url == text else { return false }
        let authority = text.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        return text.lowercased().hasPrefix("https://") && !authority.contains("@")
    }
}
