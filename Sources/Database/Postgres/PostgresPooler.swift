internal import CPostgres

/// Refuses a pooler that assigns connections per transaction, like PgBouncer with `pool_mode = transaction`. Prepared
/// statements, time-outs and LISTEN belong to a session, so they would be lost.
///
/// A pooler reports a different process id than the server. To tell whether it keeps sessions apart, two of them set
/// the same variable.
func refuseTransactionPooler(
    _ handle: OpaquePointer, _ settings: PostgresSettings
) throws(DatabaseError) {
    guard scalar("SELECT pg_backend_pid()", handle) != String(PQbackendPID(handle)) else { return }
    let other = try connect(settings)
    defer { PQfinish(other) }
    for round in 1...3 {
        for (connection, word) in [(handle, "one \(round)"), (other, "two \(round)")] {
            _ = scalar("SELECT set_config('pagerpal.session', '\(word)', false)", connection)
        }
        let seen = scalar("SELECT current_setting('pagerpal.session', true)", handle)
        guard seen == "one \(round)" else {
            throw .unavailable(
                "DATABASE_URL leads to a pooler that changes sessions between transactions, like PgBouncer with "
                    + "pool_mode = transaction, but PagerPal needs its own sessions. Give the address of PostgreSQL "
                    + "itself, or set pool_mode = session")
        }
    }
}

/// Returns the first value of a result, or nil when there is none.
private func scalar(_ text: String, _ handle: OpaquePointer) -> String? {
    guard let result = PQexec(handle, text) else { return nil }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_TUPLES_OK, PQntuples(result) == 1, PQgetisnull(result, 0, 0) == 0 else {
        return nil
    }
    return PQgetvalue(result, 0, 0).map { String(cString: $0) }
}
