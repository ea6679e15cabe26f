package import Database
package import Domain

/// The id of an API token.
package typealias APITokenID = ID<APIToken>

/// A key for the management API. It acts for its user. Only its SHA-256 is stored.
package struct APIToken: Sendable, Hashable, Identifiable {
    /// What a token may do of what its user may do. Each scope includes those before it.
    package enum Scope: String, Sendable, CaseIterable, Comparable {
        /// Look at everything that the user sees.
        case read
        /// Also acknowledge, resolve and the like, and send pages again.
        case incidents
        /// Also change the configuration.
        case write

        package static func < (left: Scope, right: Scope) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .read: 0
            case .incidents: 1
            case .write: 2
            }
        }
    }

    package let id: APITokenID
    package var userID: UserID
    package var name: String
    /// SHA-256 of the key in lower-case hex.
    package var hash: String
    /// The first characters of the key, to tell tokens apart.
    package var hint: String
    package var scope: Scope
    /// The only teams whose things it sees and changes. Nil binds it to none.
    package var teams: Set<TeamID>?
    package var expiresAt: Timestamp?
    package var createdAt: Timestamp?
    package var lastUsedAt: Timestamp?

    package init(
        id: APITokenID, userID: UserID, name: String, hash: String, hint: String, scope: Scope,
        teams: Set<TeamID>? = nil, expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.userID = userID
        self.name = name
        self.hash = hash
        self.hint = hint
        self.scope = scope
        self.teams = teams
        self.expiresAt = expiresAt
    }
}

extension Store {
    package func save(_ token: APIToken, at now: Timestamp) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                INSERT INTO api_tokens (id, user_id, name, hash, hint, scope, acts_on_incidents, teams, created_at,
                  expires_at)
                VALUES (\(token.id), \(token.userID), \(token.name),
                  \(token.teams == nil ? token.hash : boundHash(token.hash)), \(token.hint),
                  \(token.scope == .write ? "write" : "read"), \(token.scope == .incidents),
                  \(token.teams.map { $0.map(\.rawValue).sorted().joined(separator: " ") }), \(now),
                  \(token.expiresAt))
                """)
        }
    }

    /// Returns the token with this hash, unless it has expired. Its last use is recorded at most every five minutes.
    package func token(hash: String, at now: Timestamp) async throws(DatabaseError) -> APIToken? {
        let found = try await database.read { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                SELECT \(tokenColumns.all) FROM api_tokens
                WHERE hash IN (\(hash), \(boundHash(hash))) AND (expires_at IS NULL OR expires_at > \(now))
                """)
            return try rows.first.map(decodeToken)
        }
        guard let found else { return nil }
        if found.lastUsedAt.map({ now - $0 > .minutes(5) }) ?? true {
            // Reading never depends on writing: the token also works on a full disk.
            _ = try? await database.write { (connection) throws(DatabaseError) in
                try connection.execute("UPDATE api_tokens SET last_used_at = \(now) WHERE id = \(found.id)")
            }
        }
        return found
    }

    /// Returns tokens, newest first, including expired ones.
    ///
    /// - Parameter user: nil returns those of all users.
    package func tokens(of user: UserID?) async throws(DatabaseError) -> [APIToken] {
        let owner: SQL = user.map { "user_id = \($0)" } ?? "1 = 1"
        return try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT \(tokenColumns.all) FROM api_tokens WHERE \(owner) ORDER BY id DESC LIMIT 200"
            ).map(decodeToken)
        }
    }

    /// - Parameter user: the owner, or nil for a token of any user.
    /// - Returns: the token that was deleted, or nil if there was none.
    package func deleteToken(_ id: APITokenID, of user: UserID?) async throws(DatabaseError) -> APIToken? {
        let owner: SQL = user.map { "user_id = \($0)" } ?? "1 = 1"
        return try await database.write { (connection) throws(DatabaseError) in
            try connection.query(
                "DELETE FROM api_tokens WHERE id = \(id) AND \(owner) RETURNING \(tokenColumns.all)"
            ).first.map(decodeToken)
        }
    }
}

/// The columns that `decodeToken` reads.
private let tokenColumns: ColumnList = [
    "id", "user_id", "name", "hash", "hint", "scope", "acts_on_incidents", "teams", "created_at", "expires_at",
    "last_used_at",
]

/// The form of the hash of a token that is bound to teams, which a PagerPal that knows no such tokens doesn't find.
private func boundHash(_ hash: String) -> String { "teams:\(hash)" }

private func decodeToken(_ row: Row) throws(DatabaseError) -> APIToken {
    var token = APIToken(
        id: try row.get("id"), userID: try row.get("user_id"), name: try row.get("name"), hash: try row.get("hash"),
        hint: try row.get("hint"), scope: try decodeScope(row),
        teams: try row.get("teams", as: String?.self).map { Set($0.split(separator: " ").map { TeamID(String($0)) }) },
        expiresAt: try row.get("expires_at"))
    token.createdAt = try row.get("created_at")
    token.lastUsedAt = try row.get("last_used_at")
    return token
}

private func decodeScope(_ row: Row) throws(DatabaseError) -> APIToken.Scope {
    if try row.get("acts_on_incidents", as: Bool.self) { return .incidents }
    return try row.get("scope", as: String.self) == "write" ? .write : .read
}
