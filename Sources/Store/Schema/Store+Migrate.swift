package import Database
package import Domain

/// How a database's schema relates to this binary's.
package enum SchemaState: Sendable, Equatable {
    case current(Int)
    case behind(has: Int, needs: Int)
    /// A newer PagerPal has changed the schema. This one must not touch it.
    case ahead(has: Int, knows: Int)
}

extension Store {
    /// Compares the schemas without changing anything. An empty database is behind with version 0.
    package func schemaState() async throws(DatabaseError) -> SchemaState {
        let dialect = database.dialect
        let has = try await database.read { (connection) throws(DatabaseError) in
            try schemaVersion(connection, dialect)
        }
        return compare(has)
    }

    /// Upgrades the schema. Each step runs in its own transaction, or in several if it goes through many rows. A lock
    /// separates processes that start together. A newer schema is left unchanged and reported.
    ///
    /// - Parameter last: the last step to apply. Nil applies all steps.
    package func migrate(at now: Timestamp, upTo last: Int? = nil) async throws(DatabaseError) -> SchemaState {
        let dialect = database.dialect
        try await database.write(.migration) { (connection) throws(DatabaseError) in
            try lockSchema(connection, dialect)
            try connection.script(
                "CREATE TABLE IF NOT EXISTS schema_migrations (number \(dialect.name == "sqlite" ? "INTEGER" : "BIGINT") PRIMARY KEY, "
                    + "name TEXT NOT NULL, applied_at \(dialect.name == "sqlite" ? "INTEGER" : "BIGINT") NOT NULL)")
        }
        for migration in Migration.all.prefix(last ?? Migration.all.count) {
            while try await !take(migration, at: now) {}
        }
        let state = try await schemaState()
        if case .current = state { try await giveMissingNumbers() }
        return state
    }

    /// Applies a step or a part of it.
    ///
    /// - Returns: whether the step is finished.
    private func take(_ migration: Migration, at now: Timestamp) async throws(DatabaseError) -> Bool {
        let dialect = database.dialect
        return try await database.write(.migration) { (connection) throws(DatabaseError) in
            try lockSchema(connection, dialect)
            guard try schemaVersion(connection, dialect) == migration.number - 1 else { return true }
            switch migration.work {
            case .sql(let text): try connection.script(dialect.text(ofMigration: text))
            case .batches(let next): guard try next(connection) else { return false }
            }
            try connection.execute(
                "INSERT INTO schema_migrations (number, name, applied_at) VALUES (\(migration.number), \(migration.name), \(now))"
            )
            return true
        }
    }

    private func compare(_ has: Int) -> SchemaState {
        let knows = Migration.all.count
        if has > knows { return .ahead(has: has, knows: knows) }
        return has < knows ? .behind(has: has, needs: knows) : .current(has)
    }
}

/// Allows one migrator at a time. On SQLite the write transaction already ensures this.
private func lockSchema(_ connection: any Connection, _ dialect: Dialect) throws(DatabaseError) {
    if dialect.name == "postgres" { _ = try connection.query("SELECT pg_advisory_xact_lock(7243727)") }
}

/// Returns the number of the last applied step, or 0 for an empty database.
private func schemaVersion(_ connection: any Connection, _ dialect: Dialect) throws(DatabaseError) -> Int {
    let known: SQL =
        dialect.name == "sqlite"
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
        : "SELECT CAST(to_regclass('schema_migrations') AS TEXT) AS name WHERE to_regclass('schema_migrations') IS NOT NULL"
    guard try !connection.query(known).isEmpty else { return 0 }
    return try connection.query("SELECT COALESCE(MAX(number), 0) AS number FROM schema_migrations").first?.get("number")
        ?? 0
}
