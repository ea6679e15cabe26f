package import Domain
internal import Foundation
internal import Glibc

/// Reads variables and collects their faults.
package struct SettingsReader {
    private let lookUp: (String) -> String?
    package private(set) var faults: [(variable: String, advice: String)] = []
    package private(set) var warnings: [SettingsWarning] = []
    /// All variables that were read, whether they are set or not.
    package private(set) var asked: Set<String> = []

    /// - Parameter lookUp: returns a variable's value, or nil if it is not set.
    package init(_ lookUp: @escaping (String) -> String?) {
        self.lookUp = lookUp
    }

    package mutating func fail(_ variable: String, _ advice: String) { faults.append((variable, advice)) }

    package mutating func warn(_ variable: String, _ advice: String) {
        warnings.append(SettingsWarning(variable: variable, advice: advice))
    }

    /// The variable's value without surrounding spaces, or nil if it is unset or empty.
    package mutating func text(_ variable: String) -> String? {
        asked.insert(variable)
        guard let text = lookUp(variable)?.trimmingBlanks(), !text.isEmpty else { return nil }
        return text
    }

    /// A file with certificates to trust instead of the system's.
    package mutating func certificates(_ variable: String) -> String? {
        let file = text(variable)
        if let file, access(file, R_OK) != 0 {
            fail(variable, "use a file with certificates in PEM form that PagerPal may read")
        }
        return file
    }

    package mutating func flag(_ variable: String, _ standard: Bool) -> Bool {
        guard let text = text(variable) else { return standard }
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default:
            fail(variable, "use true or false")
            return standard
        }
    }

    package mutating func number(_ variable: String, _ standard: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = text(variable) else { return standard }
        guard text.utf8.count <= 20, let number = Int(text), range.contains(number) else {
            fail(variable, "use a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    package mutating func rate(_ variable: String, _ standard: Double) -> Double {
        guard let text = text(variable) else { return standard }
        let isPlain = text.utf8.count <= 20 && text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard isPlain, let number = Double(text), number >= 0.01, number <= 10_000 else {
            fail(variable, "use a number of messages a second, from 0.01 to 10000")
            return standard
        }
        return number
    }

    package mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ variable: String, _ standard: Value
    ) -> Value where Value.RawValue == String {
        guard let text = text(variable) else { return standard }
        guard let value = Value(rawValue: text.lowercased()) else {
            fail(variable, "use one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
            return standard
        }
        return value
    }

    /// IP addresses and networks, separated by commas. Nil if the variable is unset.
    package mutating func ranges(_ variable: String) -> [AddressRange]? {
        guard let text = text(variable) else { return nil }
        var ranges: [AddressRange] = []
        for part in text.split(separator: ",").map({ $0.trimmingBlanks() }) {
            if let range = AddressRange(part) {
                ranges.append(range)
            } else {
                fail(
                    variable,
                    "\(part.prefix(50)) is no address; use IP addresses and networks, such as 10.0.0.0/8, separated by commas"
                )
            }
        }
        return ranges
    }

    /// An http or https URL without a trailing slash.
    package mutating func address(_ variable: String) -> String? {
        guard let text = text(variable) else { return nil }
        let address = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard isWebAddress(address) else {
            fail(variable, "use a URL such as https://pager.example.com, with an IPv6 address in brackets")
            return nil
        }
        return address
    }

    /// The address of a vendor's server that the operator set. Production needs https, except for this host.
    package mutating func vendorAddress(_ variable: String, _ surroundings: ProviderSurroundings) -> String? {
        guard let address = address(variable) else { return nil }
        if surroundings.isProduction, !address.hasPrefix("https://"), !isLoopback(address) {
            fail(variable, "use https:// in production, except for this host")
        }
        return address
    }
}

/// Something about the settings that is probably a mistake, but stops nothing.
package struct SettingsWarning: Sendable, Hashable, CustomStringConvertible {
    package let variable: String
    package let advice: String

    package init(variable: String, advice: String) {
        self.variable = variable
        self.advice = advice
    }

    package var description: String { "\(variable): \(advice)" }
}

/// Whether a text is an http or https URL with a host, a port that can be used, and no user.
package func isWebAddress(_ text: String) -> Bool {
    guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
        let host = url.host(), !host.isEmpty, url.user() == nil, url.query() == nil, url.fragment() == nil
    else { return false }
    let authority = text.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" }
    let isBracketed = authority.hasPrefix("[")
    guard isBracketed || authority.count(where: { $0 == ":" }) <= 1 else { return false }
    guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else { return true }
    return url.port.map { (1...65535).contains($0) } ?? false
}
