internal import Configuration
internal import Database
internal import Domain
internal import Foundation
internal import Logging
internal import Providers
internal import SystemPackage

/// Reads one variable after another and collects what is wrong.
struct SettingsReader {
    private let lookUp: (String) -> String?
    private(set) var faults: [(variable: String, advice: String)] = []

    /// - Parameter lookUp: gives a variable's text, nil when it is not set.
    init(_ lookUp: @escaping (String) -> String?) {
        self.lookUp = lookUp
    }

    mutating func fail(_ variable: String, _ advice: String) { faults.append((variable, advice)) }

    /// The variable's text without blanks at its ends; nil when unset or empty.
    func text(_ variable: String) -> String? {
        guard let text = lookUp(variable)?.trimmingBlanks(), !text.isEmpty else { return nil }
        return text
    }

    mutating func flag(_ variable: String, _ standard: Bool) -> Bool {
        guard let text = text(variable) else { return standard }
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default:
            fail(variable, "write true or false")
            return standard
        }
    }

    mutating func number(_ variable: String, _ standard: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = text(variable) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            fail(variable, "write a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    mutating func rate(_ variable: String, _ standard: Double) -> Double {
        guard let text = text(variable) else { return standard }
        guard let number = Double(text), number > 0, number <= 10_000 else {
            fail(variable, "write messages a second, more than 0 and at most 10000")
            return standard
        }
        return number
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ variable: String, _ standard: Value
    ) -> Value where Value.RawValue == String {
        guard let text = text(variable) else { return standard }
        guard let value = Value(rawValue: text.lowercased()) else {
            fail(variable, "write one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
            return standard
        }
        return value
    }

    /// An http or https address without a slash at its end.
    mutating func address(_ variable: String) -> String? {
        guard let text = text(variable) else { return nil }
        let address = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = URL(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host(), !host.isEmpty
        else {
            fail(variable, "write an address like https://pager.example.com")
            return nil
        }
        return address
    }
}

/// The environment, with `.env` in the working folder below it: the process environment wins. A value of `.env` may
/// stand in quotes.
func environmentLookUp() async throws -> (String) -> String? {
    let file = try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true)
    let reader = ConfigReader(providers: [EnvironmentVariablesProvider(), file])
    return { variable in
        let key = ConfigKey(variable.lowercased().split(separator: "_").map { String($0) })
        guard let text = reader.string(forKey: key) else { return nil }
        for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
            return String(text.dropFirst().dropLast())
        }
        return text
    }
}
