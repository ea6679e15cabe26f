internal import Domain
internal import Foundation

/// Reads variables and collects their faults.
package struct SettingsReader {
    private let lookUp: (String) -> String?
    package private(set) var faults: [(variable: String, advice: String)] = []

    /// - Parameter lookUp: returns a variable's value, or nil if it is not set.
    package init(_ lookUp: @escaping (String) -> String?) {
        self.lookUp = lookUp
    }

    package mutating func fail(_ variable: String, _ advice: String) { faults.append((variable, advice)) }

    /// The variable's value without surrounding spaces, or nil if it is unset or empty.
    package func text(_ variable: String) -> String? {
        guard let text = lookUp(variable)?.trimmingBlanks(), !text.isEmpty else { return nil }
        return text
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
        guard let number = Int(text), range.contains(number) else {
            fail(variable, "use a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    package mutating func rate(_ variable: String, _ standard: Double) -> Double {
        guard let text = text(variable) else { return standard }
        guard let number = Double(text), number > 0, number <= 10_000 else {
            fail(variable, "use a number of messages a second, more than 0 and at most 10000")
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

    /// An http or https URL without a trailing slash.
    package mutating func address(_ variable: String) -> String? {
        guard let text = text(variable) else { return nil }
        let address = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = URL(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host(), !host.isEmpty
        else {
            fail(variable, "use a URL such as https://pager.example.com")
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
