package import Database
package import Domain

extension Store {
    /// Stores the hash of a code that was sent to a contact method. It replaces an earlier code.
    ///
    /// - Returns: false when the previous code was created after `earliest`. This limits how often codes are sent.
    package func saveCode(
        hash: String, of method: ContactMethodID, until expiry: Timestamp, unlessMadeAfter earliest: Timestamp,
        lifetime: Duration
    ) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            let changed = try connection.execute(
                """
                UPDATE contact_methods SET code_hash = \(hash), code_expires_at = \(expiry), code_tries = 0
                WHERE id = \(method) AND (code_expires_at IS NULL OR code_expires_at <= \(earliest + lifetime))
                """)
            return changed == 1
        }
    }

    /// Uses up one try and returns the hash of the contact method's code. Nil when there is no code, it has expired, or
    /// no tries are left. One statement both counts and reads, so concurrent tries are counted too.
    package func takeCodeTry(
        of method: ContactMethodID, limit: Int, at now: Timestamp
    ) async throws(DatabaseError) -> String? {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.query(
                """
                UPDATE contact_methods SET code_tries = code_tries + 1
                WHERE id = \(method) AND code_hash IS NOT NULL AND code_expires_at > \(now) AND code_tries < \(limit)
                RETURNING code_hash
                """
            ).first?.get("code_hash")
        }
    }

    /// Forgets a code that was used, also in the pages that carried it.
    package func forgetCode(of method: ContactMethodID) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                "UPDATE contact_methods SET code_hash = NULL, code_expires_at = NULL WHERE id = \(method)")
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
