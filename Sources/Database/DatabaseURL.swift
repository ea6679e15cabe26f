/// The location of the data, from `DATABASE_URL`.
package enum DatabaseURL: Sendable, Equatable {
    /// A path or `:memory:`. A path without a leading slash is relative to the working directory.
    case sqlite(path: String)
    case postgres(PostgresParameters)

    /// Reads `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite::memory:` and
    /// `postgresql://user:password@host:port/name?sslmode=…` with its other spellings. Several hosts are tried in turn
    /// until one accepts writes.
    ///
    /// - Throws: a sentence that says what is wrong. It never contains the password.
    package init(_ text: String) throws(DatabaseURLError) {
        guard let colon = text.firstIndex(of: ":") else { throw .unknownScheme }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon].lowercased() {
        case "sqlite":
            if rest == ":memory:" || rest == "//:memory:" || rest == "///:memory:" {
                self = .sqlite(path: ":memory:")
                return
            }
            guard rest.hasPrefix("///"), rest.count > 3 else { throw .sqlitePath }
            self = .sqlite(path: String(rest.dropFirst(3)))
        case "postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+asyncpg":
            guard rest.hasPrefix("//") else { throw .postgresForm }
            self = .postgres(try PostgresParameters(rest.dropFirst(2)))
        default: throw .unknownScheme
        }
    }

    /// The URL without its password.
    package var redacted: String {
        switch self {
        case .sqlite(let path): path == ":memory:" ? "sqlite::memory:" : "sqlite:///\(path)"
        case .postgres(let parameters):
            "postgresql://\(parameters.keywords["user"].map { $0 + "@" } ?? "")\(parameters.servers)"
                + "/\(parameters.keywords["dbname"] ?? "")"
        }
    }
}

/// Why a database URL cannot be used.
package enum DatabaseURLError: Error, Sendable, CustomStringConvertible {
    case unknownScheme, sqlitePath, postgresForm
    case unknownParameter(String)
    case port

    package var description: String {
        switch self {
        case .unknownScheme: "begin it with sqlite:/// or postgresql://"
        case .sqlitePath: "write sqlite:///relative.db, sqlite:////absolute.db or sqlite::memory:"
        case .postgresForm: "write postgresql://user:password@host:port/database"
        case .unknownParameter(let name):
            "the parameter \(name) is not known; sslmode, sslrootcert, host and options are"
        case .port: "the port must be a number from 1 to 65535"
        }
    }
}

/// Connection parameters with libpq's names (PostgreSQL's manual, 34.1.2).
package struct PostgresParameters: Sendable, Equatable, CustomStringConvertible {
    let keywords: [String: String]

    private static let allowed: Set<String> = [
        "sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "options", "application_name", "connect_timeout",
        "channel_binding", "target_session_attrs", "gssencmode",
    ]

    init(_ text: some StringProtocol) throws(DatabaseURLError) {
        var keywords: [String: String] = [:]
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if path.count == 2, !path[1].isEmpty { keywords["dbname"] = percentDecoded(path[1]) }
        var authority = path[0][...]
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if !user[0].isEmpty { keywords["user"] = percentDecoded(user[0]) }
            if user.count == 2 { keywords["password"] = percentDecoded(user[1]) }
            authority = authority[authority.index(after: at)...]
        }
        try PostgresParameters.readHosts(String(authority), into: &keywords)
        for pair in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = percentDecoded(sides[0])
            guard PostgresParameters.allowed.contains(name) else { throw .unknownParameter(name) }
            keywords[name] = sides.count == 2 ? percentDecoded(sides[1]) : ""
        }
        self.keywords = keywords
    }

    /// Reads `host:port,host:port`. Servers are tried in this order.
    private static func readHosts(
        _ authority: String, into keywords: inout [String: String]
    ) throws(DatabaseURLError) {
        guard !authority.isEmpty else { return }
        var (hosts, ports): ([String], [String]) = ([], [])
        for server in authority.split(separator: ",", omittingEmptySubsequences: false) {
            var host = server
            var port = ""
            if let colon = server.lastIndex(of: ":"), !server[colon...].contains("]") {
                guard let number = Int(server[server.index(after: colon)...]), (1...65535).contains(number) else {
                    throw .port
                }
                port = String(number)
                host = server[..<colon]
            }
            hosts.append(percentDecoded(String(host.filter { $0 != "[" && $0 != "]" })))
            ports.append(port)
        }
        if hosts != [""] { keywords["host"] = hosts.joined(separator: ",") }
        if ports.contains(where: { !$0.isEmpty }) { keywords["port"] = ports.joined(separator: ",") }
    }

    /// The servers as the URL names them.
    var servers: String {
        let hosts = (keywords["host"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let ports = (keywords["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
        return hosts.enumerated().map { index, host in
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            return port.isEmpty ? String(host) : "\(host):\(port)"
        }.joined(separator: ",")
    }

    /// Does not contain the password.
    package var description: String { "\(keywords["host"] ?? "local")/\(keywords["dbname"] ?? "")" }
}

private func percentDecoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
