/// A country calling code (ITU-T E.164), such as 385.
package struct CountryCode: Sendable, Hashable {
    package let digits: String

    /// Nil unless it has one to three digits and does not begin with 0. A plus before it is allowed.
    package init?(_ text: String) {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard (1...3).contains(digits.count), digits.first != "0", digits.allSatisfy({ "0123456789".contains($0) })
        else { return nil }
        self.digits = String(digits)
    }

    /// The code of the country in which a time zone lies. Nil for zones like UTC.
    package init?(timeZone: String) {
        guard let found = CountryCode.byZone[timeZone] else { return nil }
        self = found
    }
}

/// Of which country telephone numbers in national form are.
package struct NationalNumbers: Sendable, Hashable {
    /// The operator's choice. Nil leaves it to each person's time zone.
    package var country: CountryCode?

    package init(country: CountryCode? = nil) { self.country = country }

    package func country(of user: User?) -> CountryCode? {
        country ?? user.flatMap { CountryCode(timeZone: $0.timeZone) }
    }
}

/// A telephone number as people write it within their country: `091 555 0101`.
package struct NationalNumber: Sendable, Hashable {
    private let digits: String

    /// Nil for anything else, such as a number with its country code.
    package init?(_ text: String) {
        let plain = AddressRule.telephone.normalized(text)
        guard (5...14).contains(plain.count), plain.allSatisfy({ "0123456789".contains($0) }) else { return nil }
        digits = plain
    }

    /// The number in international form, if the country's own rules make it clear.
    package func international(of country: CountryCode) -> String? {
        guard let rest = significant(of: country), rest.count >= 5 else { return nil }
        let number = "+" + country.digits + rest
        return AddressRule.telephone.fault(in: number) == nil ? number : nil
    }

    /// The digits without what is dialled only within the country. Nil if it is not clear what they mean.
    private func significant(of country: CountryCode) -> Substring? {
        switch country.digits {
        case "1":
            if digits.count == 10 { return digits[...] }
            return digits.count == 11 && digits.first == "1" ? digits.dropFirst() : nil
        case "7":
            if digits.count == 10 { return digits[...] }
            return digits.count == 11 && digits.first == "8" ? digits.dropFirst() : nil
        case "36": return digits.hasPrefix("06") ? digits.dropFirst(2) : nil
        case "370":
            let isDialled = digits.count == 9 && (digits.first == "0" || digits.first == "8")
            return isDialled ? digits.dropFirst() : nil
        case let code where CountryCode.keepingZeros.contains(code):
            return digits.hasPrefix(code) ? nil : digits[...]
        case let code where CountryCode.withoutPrefix.contains(code):
            return digits.first == "0" || digits.hasPrefix(code) ? nil : digits[...]
        default:
            let rest = digits.dropFirst()
            return digits.first == "0" && rest.first != "0" ? rest : nil
        }
    }

    /// How to write the number instead.
    package func advice(in country: CountryCode?) -> String {
        let rest = digits.drop { $0 == "0" }
        guard let country else {
            return "This number lacks its country. Write a plus and the country's code in place of the first 0, like "
                + "+385 91 555 0101 for 091 555 0101."
        }
        let isComplete = digits.hasPrefix(country.digits)
        return "Write it as +\(isComplete ? "" : country.digits + " ")\(rest)."
    }
}

extension CountryCode {
    /// Countries whose numbers begin with a 0 also from abroad.
    fileprivate static let keepingZeros: Set<String> = ["39", "378", "225", "241", "242"]

    /// Countries that dial nothing before a number within the country.
    fileprivate static let withoutPrefix: Set<String> = [
        "30", "34", "45", "47", "48", "65", "216", "351", "352", "354", "356", "357", "371", "372", "376", "377", "420",
        "502", "503", "504", "505", "506", "507", "852", "853", "965", "968", "973", "974",
    ]
}
