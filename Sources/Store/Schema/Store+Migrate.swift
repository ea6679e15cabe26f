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

    /// Brings the schema up, each step in a transaction of its own, or in several where it goes through many rows. A lock
    /// keeps processes that start together apart. Leaves a newer schema alone and says so.
    ///
    /// - Parameter last: the number of the last step to take; nil takes all of them.
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
        return try await schemaState()
    }

    /// Takes a step, or a part of it.
    ///
    /// - Returns: whether it is done.
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
