package import Database
package import Domain

/// What is known of a request with an Idempotency-Key.
package enum IdempotencyClaim: Sendable, Hashable {
    /// It is the first one. It may be handled.
    case first
    /// The key was used with another request.
    case other
    /// The first one is still being handled.
    case busy
    /// It was handled, with this status and this sealed answer.
    case done(status: Int, answer: String)
}

extension Store {
    /// How long an answer is kept.
    package static let idempotencyAge: Duration = .hours(24)
    /// After this time a request without an answer counts as lost with its process.
    package static let idempotencyPatience: Duration = .minutes(2)

    /// Claims a key for a request, unless it is claimed.
    ///
    /// - Parameters:
    ///   - owner: whose key it is. Others may use the same one.
    ///   - request: a hash of what is asked for.
    package func claimIdempotency(
        owner: String, name: String, request: String, at now: Timestamp
    ) async throws(DatabaseError) -> IdempotencyClaim {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                DELETE FROM idempotency_keys WHERE owner = \(owner) AND name = \(name)
                  AND (claimed_at <= \(now - Store.idempotencyAge)
                    OR (request = \(request) AND status IS NULL AND claimed_at <= \(now - Store.idempotencyPatience)))
                """)
            let isFirst = try connection.execute(
                """
                INSERT INTO idempotency_keys (owner, name, request, claimed_at)
                VALUES (\(owner), \(name), \(request), \(now)) ON CONFLICT DO NOTHING
                """)
            if isFirst == 1 { return .first }
            let row = try connection.query(
                """
                SELECT request, status, answer FROM idempotency_keys WHERE owner = \(owner) AND name = \(name)
                """
            ).first
            // The row can only be missing if its first request just failed.
            guard let row else { return .busy }
            guard try row.get("request", as: String.self) == request else { return .other }
            guard let status = try row.get("status", as: Int?.self),
                let answer = try row.get("answer", as: String?.self)
            else { return .busy }
            return .done(status: status, answer: answer)
        }
    }

    /// Stores the answer to a claimed request.
    package func answerIdempotency(
        owner: String, name: String, status: Int, answer: String
    ) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                UPDATE idempotency_keys SET status = \(status), answer = \(answer)
                WHERE owner = \(owner) AND name = \(name) AND status IS NULL
                """)
        }
    }

    /// Gives a claim up, so that the request can be sent again.
    package func forgetIdempotency(owner: String, name: String) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                "DELETE FROM idempotency_keys WHERE owner = \(owner) AND name = \(name) AND status IS NULL")
        }
    }
}
