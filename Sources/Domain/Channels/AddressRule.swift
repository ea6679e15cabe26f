/// The valid form of a channel's addresses.
package struct AddressRule: Sendable {
    /// A sentence that tells people how to write the address.
    package let advice: String
    /// Whether the addresses are telephone numbers.
    package let isTelephone: Bool
    private let isValid: @Sendable (String) -> Bool
    private let normalize: @Sendable (String) -> String

    init(
        advice: String, isTelephone: Bool = false, isValid: @escaping @Sendable (String) -> Bool,
        normalize: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.advice = advice
        self.isTelephone = isTelephone
        self.isValid = isValid
        self.normalize = normalize
    }

    /// Returns advice on how to write the address, or nil when the normalized address is valid.
    package func fault(in address: String) -> String? { isValid(address) ? nil : advice }

    /// Returns the address in the form in which it is stored, without surrounding blanks.
    package func normalized(_ text: String) -> String { normalize(text.trimmingBlanks()) }

    /// Returns a person's address in the form in which it is stored. A telephone number in national form becomes
    /// international where its country is clear; otherwise the fault says how to write it.
    ///
    /// - Parameter numbers: nil if national forms are not understood here.
    package func read(_ text: String, of user: User?, _ numbers: NationalNumbers?) -> (address: String, fault: String?)
    {
        guard isTelephone, let national = NationalNumber(text) else { return (normalized(text), nil) }
        let country = numbers?.country(of: user)
        if let number = country.flatMap({ national.international(of: $0) }) { return (number, nil) }
        return (normalized(text), national.advice(in: country))
    }
}

extension AddressRule {
    /// E.164: a plus, a country code that does not begin with 0, and 8 to 15 digits in all. Normalization removes the
    /// separators that people write and turns a leading 00 into a plus.
    static let telephone = AddressRule(
        advice: "Write the number with its country, like +385915550101.", isTelephone: true,
        isValid: { text in
            guard text.first == "+" else { return false }
            let digits = text.dropFirst()
            return (8...15).contains(digits.count) && digits.first != "0"
                && digits.allSatisfy { "0123456789".contains($0) }
        },
        normalize: { text in
            let digits = text.filter { !" -./()\u{A0}".contains($0) }
            return digits.hasPrefix("00") ? "+" + digits.dropFirst(2) : digits
        })

    /// A local part and a domain in printable ASCII. Characters that could change a header's meaning are refused (RFC
    /// 5321, 4.1.2).
    static let mail = AddressRule(advice: "Write an e-mail address like ada@example.com.", isValid: isMail)

    /// An https address with a host and without credentials. The host's IP address is checked when a page is sent.
    static let webAddress = AddressRule(
        advice: "Write an address like https://example.com/pages.",
        isValid: { text in
            guard let link = Link(title: "", url: text), link.url == text else { return false }
            let authority = text.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
            return text.lowercased().hasPrefix("https://") && !authority.contains("@")
        })
}

@Sendable private func isMail(_ text: String) -> Bool {
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

private func isAtom(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "!#$%&'*+-/=?^_`{|}~".contains(character))
}
