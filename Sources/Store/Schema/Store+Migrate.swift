package import Database
package import Domain

/// How a database's schema stands to this binary's.
package enum SchemaState: Sendable, Equatable {
    case current(Int)
    case behind(has: Int, needs: Int)
    /// A newer PagerPal has been here: this one must not touch it.
    case ahead(has: Int, knows: Int)
}

extension Store {
    /// Compares without changing anything. An empty database is behind with 0.
    package func schemaState() async throws(DatabaseError) -> SchemaState {
        let dialect = database.dialect
        let has = try await database.read { (connection) throws(DatabaseError) in
            try schemaVersion(connection, dialect)
        }
        return compare(has)
    }

    /// Brings the schema up, each step in a transaction of its own, under a lock so that processes which start
    /// together do not meet. Leaves a newer schema alone and says so.
    package func migrate(at now: Timestamp) async throws(DatabaseError) -> SchemaState {
        let dialect = database.dialect
        try await database.write(.migration) { (connection) throws(DatabaseError) in
            try lockSchema(connection, dialect)
            try connection.script(
                "CREATE TABLE IF NOT EXISTS schema_migrations (number \(dialect.name == "sqlite" ? "INTEGER" : "BIGINT") PRIMARY KEY, "
                    + "name TEXT NOT NULL, applied_at \(dialect.name == "sqlite" ? "INTEGER" : "BIGINT") NOT NULL)")
        }
        for migration in Migration.all {
            try await database.write(.migration) { (connection) throws(DatabaseError) in
                try lockSchema(connection, dialect)
                guard try schemaVersion(connection, dialect) == migration.number - 1 else { return }
                try connection.script(migration.text(for: dialect))
                try connection.execute(
                    "INSERT INTO schema_migrations (number, name, applied_at) VALUES (\(migration.number), \(migration.name), \(now))"
                )
            }
        }
        return try await schemaState()
    }

    private func compare(_ has: Int) -> SchemaState {
        let knows = Migration.all.count
        if has > knows { return .ahead(has: has, knows: knows) }
        return has < knows ? .behind(has: has, needs: knows) : .current(has)
    }
}

/// One migrator at a time; SQLite's write transaction is that lock already.
private func lockSchema(_ connection: any Connection, _ dialect: Dialect) throws(DatabaseError) {
    if dialect.name == "postgres" { _ = try connection.query("SELECT pg_advisory_xact_lock(7243727)") }
}

/// The number of the last step that was applied; 0 for an empty database.
private func schemaVersion(_ connection: any Connection, _ dialect: Dialect) throws(DatabaseError) -> Int {
    let known: SQL =
        dialect.name == "sqlite"
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
        : "SELECT CAST(to_regclass('schema_migrations') AS TEXT) AS name WHERE to_regclass('schema_migrations') IS NOT NULL"
    guard try !connection.query(known).isEmpty else { return 0 }
    return try connection.query("SELECT COALESCE(MAX(number), 0) AS number FROM schema_migrations").first?.get("number")
        ?? 0
}
