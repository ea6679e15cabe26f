/// A contact address as one reader may see it: complete for its owner and for administrators, masked for everybody else.
///
/// Answers and pages that show addresses hold this type, which can't be made without a reader.
package struct ShownAddress: Sendable, Hashable, CustomStringConvertible {
    private let address: String
    /// Whether a part of the address is hidden.
    package let isMasked: Bool
    /// The address, or what the reader may see of it.
    package let description: String

    /// - Parameters:
    ///   - owner: the person who is reached there.
    ///   - reader: the person who looks at it.
    package init(
        _ address: String, of owner: UserID, to reader: UserID, _ configuration: Configuration
    ) {
        self.address = address
        isMasked = !configuration.allows(reader, .edit(owner))
        description = isMasked ? masked(address) : address
    }

    package init(_ page: Page, to reader: UserID, _ configuration: Configuration) {
        self.init(page.address, of: page.userID, to: reader, configuration)
    }

    package init(_ method: ContactMethod, to reader: UserID, _ configuration: Configuration) {
        self.init(method.address, of: method.userID, to: reader, configuration)
    }

    /// Returns a text, such as a provider's words, in which the address appears as the reader may see it.
    package func hiding(in text: String) -> String {
        guard isMasked, !address.isEmpty else { return text }
        let digits = address.filter(\.isNumber)
        let known = text.replacing(address, with: description)
        return address.first == "+" ? known.replacing(digits, with: description) : known
    }
}

/// `+38…01`, `a…@example.com`, `https://example.com/…`: enough to recognise one's own, too little to use.
func masked(_ address: String) -> String {
    if address.first == "+" { return "\(address.prefix(3))…\(address.suffix(2))" }
    if address.hasPrefix("https://") {
        return "https://\(address.dropFirst("https://".count).prefix { $0 != "/" && $0 != "?" })/…"
    }
    guard let at = address.lastIndex(of: "@") else { return "…" }
    return "\(address.prefix(1))…\(address[at...])"
}

extension Configuration {
    /// Returns a warning of a forecast without the addresses that the reader may not see.
    package func hidingAddresses(in warning: String, of forecast: Forecast, from reader: UserID) -> String {
        let people = Set(forecast.entries.map(\.page.userID))
        return people.flatMap { contactMethods(of: $0) }.reduce(warning) { text, method in
            ShownAddress(method, to: reader, self).hiding(in: text)
        }
    }
}
