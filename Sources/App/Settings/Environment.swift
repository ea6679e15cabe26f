internal import Configuration
internal import SystemPackage

/// The environment, and then `.env` in the working directory: the process environment takes precedence. A value in
/// `.env` may be quoted.
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
