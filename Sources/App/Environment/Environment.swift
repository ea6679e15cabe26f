internal import Domain
internal import Foundation
internal import Providers

/// Where settings come from: the process environment, and then `.env` in the working directory.
struct Environment: Sendable {
    private let process: [String: String]
    private let file: EnvironmentFile?

    init(process: [String: String], file: EnvironmentFile? = nil) {
        self.process = process
        self.file = file
    }

    /// Reads both.
    ///
    /// - Throws: `SettingsFaults` if there is an `.env` that can't be read.
    static func current() throws -> Environment {
        let process = ProcessInfo.processInfo.environment
        let path = FileManager.default.currentDirectoryPath + "/.env"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            return Environment(process: process)
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw SettingsFaults(faults: [(".env", "it can't be read; make it readable for this user, or remove it")])
        }
        let bytes = try handle.read(upToCount: EnvironmentFile.limit + 1) ?? Data()
        let file = EnvironmentFile(bytes)
        guard file.faults.isEmpty else {
            throw SettingsFaults(
                faults: file.faults.map { fault in (fault.line.map { ".env, line \($0)" } ?? ".env", fault.advice) })
        }
        return Environment(process: process, file: file)
    }

    /// A variable's value, or nil if it is not set. The process environment takes precedence, even if its
    /// value is empty.
    subscript(_ variable: String) -> String? {
        if let value = process[variable] { return unquoted(value) }
        return file?.variables[variable]
    }

    /// Docker's `--env-file` keeps quotes as part of the value.
    private func unquoted(_ text: String) -> String {
        for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
            return String(text.dropFirst().dropLast())
        }
        return text
    }

    /// Describes variables that look like settings but aren't, and what is suspicious in `.env`.
    ///
    /// - Parameter known: all variables that PagerPal reads.
    func warnings(known: Set<String>) -> [SettingsWarning] {
        let repeated = (file?.warnings ?? []).map { fault in
            SettingsWarning(variable: ".env, line \(fault.line ?? 0)", advice: fault.advice)
        }
        let names = Set(process.keys).union(file?.variables.keys.map { $0 } ?? [])
        let unknown = names.subtracting(known).filter(Environment.isOurs).sorted().map { name in
            let place = file?.lines[name].map { " (.env, line \($0))" } ?? ""
            let near =
                nearest(to: name, in: known).map { "did you mean \($0)?" } ?? "remove it, or look at .env.example"
            return SettingsWarning(variable: name + place, advice: "there is no such setting; \(near)")
        }
        return repeated + unknown
    }

    private static let prefixes = [
        "PAGERPAL_", "NOTIFICATION_", "ESCALATION_", "SCHEDULER_", "INFOBIP_", "SMTP_", "SESSION_COOKIE_", "RETENTION_",
        "SMS_GATEWAY_", "NTFY_", "TWILIO_", "PUSHOVER_", "GOTIFY_", "OIDC_",
    ]
    /// Read by compose.yaml, by the client commands and by the project's own scripts and tests.
    private static let others: Set = ["PAGERPAL_SECOND_PORT", "PAGERPAL_URL", "PAGERPAL_TOKEN", "PAGERPAL_KEY"]
    private static let development = ["PAGERPAL_TEST_", "PAGERPAL_BIN", "PAGERPAL_PYTHON", "PAGERPAL_WRITE_"]

    private static func isOurs(_ name: String) -> Bool {
        prefixes.contains { name.hasPrefix($0) } && !others.contains(name) && !isOfKubernetes(name)
            && !development.contains { name.hasPrefix($0) }
    }

    /// Kubernetes sets these for each Service: `PAGERPAL_SERVICE_HOST`, `PAGERPAL_PORT_8000_TCP_ADDR` and others.
    private static func isOfKubernetes(_ name: String) -> Bool {
        name.hasSuffix("_SERVICE_HOST") || name.contains("_SERVICE_PORT")
            || name.contains(/_PORT_[0-9]+_(TCP|UDP|SCTP)/)
    }
}

/// The most similar name, if it is similar enough to be what was meant.
private func nearest(to name: String, in known: Set<String>) -> String? {
    let ranked = known.sorted().map { ($0, distance($0, name)) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, name.count / 5) else { return nil }
    return best.0
}

/// The number of inserted, deleted and replaced characters between two names (Levenshtein).
private func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (line, character) in left.enumerated() {
        var next = [line + 1]
        for column in right.indices {
            next.append(
                min(next[column] + 1, row[column + 1] + 1, row[column] + (character == right[column] ? 0 : 1)))
        }
        row = next
    }
    return row[right.count]
}
