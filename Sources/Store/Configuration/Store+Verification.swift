package import Database
package import Domain

/// What a code verifies.
package enum CodeHolder: Sendable, Hashable, CustomStringConvertible {
    case contactMethod(ContactMethodID)
    case teamChannel(TeamChannelID)

    package var description: String {
        switch self {
        case .contactMethod(let id): id.rawValue
        case .teamChannel(let id): id.rawValue
        }
    }

    /// The table with its columns for codes.
    fileprivate var table: SQL {
        switch self {
        case .contactMethod: "contact_methods"
        case .teamChannel: "team_channels"
        }
    }
}

extension Store {
    /// Stores the hash of a code that was sent to a contact method or posted in a channel. It replaces an earlier code.
    ///
    /// - Returns: false when the previous code was created after `earliest`. This limits how often codes are sent.
    package func saveCode(
        hash: String, of holder: CodeHolder, until expiry: Timestamp, unlessMadeAfter earliest: Timestamp,
        lifetime: Duration
    ) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            let changed = try connection.execute(
                """
                UPDATE \(holder.table) SET code_hash = \(hash), code_expires_at = \(expiry), code_tries = 0
                WHERE id = \(holder.description) AND (code_expires_at IS NULL OR code_expires_at <= \(earliest + lifetime))
                """)
            return changed == 1
        }
    }

    /// Uses up one try and returns the hash of the code. Nil when there is no code, it has expired, or
    /// no tries are left. One statement both counts and reads, so concurrent tries are counted too.
    package func takeCodeTry(
        of holder: CodeHolder, limit: Int, at now: Timestamp
    ) async throws(DatabaseError) -> String? {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.query(
                """
                UPDATE \(holder.table) SET code_tries = code_tries + 1
                WHERE id = \(holder.description) AND code_hash IS NOT NULL AND code_expires_at > \(now) AND code_tries < \(limit)
                RETURNING code_hash
                """
            ).first?.get("code_hash")
        }
    }

    /// Forgets a code that was used, also in the pages that carried it.
    package func forgetCode(of holder: CodeHolder) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                "UPDATE \(holder.table) SET code_hash = NULL, code_expires_at = NULL WHERE id = \(holder.description)")
            guard case .contactMethod(let method) = holder else { return }
            try connection.execute(clearedTexts("contact_method_id = \(method)"))
        }
    }

    /// Returns the latest page to a contact method that has left or ended.
    package func lastPage(to method: ContactMethodID) async throws(DatabaseError) -> PageRecord? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(pageRecordColumns) FROM pages LEFT JOIN incidents ON incidents.id = pages.incident_id
                WHERE contact_method_id = \(method) AND pages.state IN ('sent', 'delivered', 'failed')
                ORDER BY claimed_at DESC LIMIT 1
                """
            ).first.map(decodePageRecord)
        }
    }
}
